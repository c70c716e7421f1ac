/**
 * `npm run bench`: figures of this machine, each beside its goal and, where a peer does the same work, the ratio to that
 * peer measured in the same run. Nothing here passes or fails; `--json` prints the figures for machines. The database by
 * itself, beside `ovsdb-server`: `npm run bench -w packages/ovsdb`.
 */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { RealClock } from "@opensync-ts/base/clock";
import { connectRpc } from "@opensync-ts/ovsdb/rpc-client";
import { root, run, Service, temporaryDirectory } from "../test/support/processes.ts";
import { benchHandshakes } from "./cloud/handshakes.ts";
import { benchIngest } from "./cloud/ingest.ts";
import { benchCloudless } from "./cloudless.ts";
import { configToState } from "./config-to-state.ts";
import { benchConfsync } from "./confsync.ts";
import { type Figure, percentile, printFigures } from "./figures.ts";
import { benchStatistics } from "./statistics.ts";
import { benchStatsBus } from "./stats-bus.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");
const ovsh = join(root, "packages/ovsh/bin/ovsh.mjs");
const clock = new RealClock();
const figures: Figure[] = [];

await benchStart();
await benchNode();
figures.push(...(await benchConfsync()));
figures.push(...(await benchStatsBus()));
figures.push(...(await benchStatistics()));
figures.push(...(await benchCloudless()));
figures.push(...(await benchHandshakes()));
figures.push(...(await benchIngest()));
await benchOvsh();

if (process.argv.includes("--json")) {
  process.stdout.write(`${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, figures }, null, 2)}\n`);
} else {
  printFigures(figures);
  process.stdout.write("\nThe database beside ovsdb-server: npm run bench -w packages/ovsdb (docs/performance.md)\n");
}

/** From the start of the process to radios that are as configured. */
async function benchStart(): Promise<void> {
  const runs: number[] = [];
  for (let i = 0; i < 7; i++) {
    using directory = temporaryDirectory("bench");
    const start = clock.now();
    const node = new Service(opensync, ["node", "--dir", directory.path]);
    await node.until(/all settled/);
    runs.push(clock.now() - start);
    await node.stop();
  }
  // The first run fills the compile cache.
  figures.push({
    name: "node start → OWM settled, p50",
    value: percentile(runs.slice(1), 50),
    unit: "ms",
    goal: "≤ 1000",
  });
}

async function benchNode(): Promise<void> {
  using directory = temporaryDirectory("bench");
  const node = new Service(opensync, ["node", "--dir", directory.path]);
  try {
    await node.until(/all settled/);
    const rpc = await connectRpc(`unix:${join(directory.path, "run/db.sock")}`, { clock, timeoutMs: 10_000 });
    const latencies = await configToState(rpc, clock, 500);
    rpc.close();
    figures.push(
      { name: "config → state, p50", value: percentile(latencies, 50), unit: "ms", goal: "≤ 5", reference: "104 (C)" },
      { name: "config → state, p99", value: percentile(latencies, 99), unit: "ms", goal: "≤ 50" },
    );
    const status = readFileSync(`/proc/${node.child.pid}/status`, "utf8");
    const megabytes = (key: string) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    figures.push(
      {
        name: "whole node, RSS after 1,000 changes",
        value: megabytes("VmRSS"),
        unit: "MB",
        goal: "≤ 120",
        reference: "45 PSS (C, 19 processes)",
      },
      { name: "whole node, peak RSS", value: megabytes("VmHWM"), unit: "MB", goal: "≤ 120" },
    );
  } finally {
    await node.stop();
  }
}

/** One `ovsh` run, as a shell starts it, beside the C client `ovsdb-client` doing the same select. */
async function benchOvsh(): Promise<void> {
  using directory = temporaryDirectory("bench");
  const node = new Service(opensync, ["node", "--dir", directory.path]);
  try {
    await node.until(/all settled/);
    const socket = join(directory.path, "run/db.sock");
    const select = '["Open_vSwitch",{"op":"select","table":"AWLAN_Node","where":[],"columns":["id"]}]';
    const ours: number[] = [];
    const peer: number[] = [];
    for (let i = 0; i < 21; i++) {
      ours.push(await timed(ovsh, ["--db", `unix:${socket}`, "-r", "s", "AWLAN_Node", "id"]));
      if (hasPeer()) peer.push(await timed("ovsdb-client", ["transact", `unix:${socket}`, select]));
    }
    const median = percentile(ours.slice(1), 50);
    figures.push({
      name: "one ovsh run, p50",
      value: median,
      unit: "ms",
      goal: "≤ 90",
      ...(peer.length > 0
        ? {
            reference: `ovsdb-client ${percentile(peer.slice(1), 50).toFixed(1)}`,
            ratio: median / percentile(peer.slice(1), 50),
          }
        : {}),
    });
  } finally {
    await node.stop();
  }
}

async function timed(command: string, args: readonly string[]): Promise<number> {
  const start = clock.now();
  const { code, stderr } = await run(command, args);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return clock.now() - start;
}

function hasPeer(): boolean {
  try {
    execFileSync("ovsdb-client", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
