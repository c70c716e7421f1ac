/**
 * A cloud and very many nodes: memory of a session, a storm of all of them, and how long a change takes while reports come in. Three processes
 * on one machine: the cloud, the nodes, and this one, which asks for `echo` meanwhile.
 *
 *   node bench/cloud/run.ts [--nodes 2000] [--groups X25519:P-256] [--json]
 */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { RealClock } from "@opensync-ts/base/clock";
import { repairWindowMs } from "@opensync-ts/cloud/limits";
import { temporaryDirectory } from "../../test/support/processes.ts";
import { type Figure, percentile, printFigures } from "../figures.ts";
import { type Canary, startCanary } from "./canary.ts";
import { Child, type CloudCommands, type CloudState, type NodesCommands } from "./protocol.ts";

const clock = new RealClock();

/** What OpenSSL before 3.5 has, as deployed nodes do: no key exchange against quantum computers. */
const deployedGroups = "X25519:P-256";
/** Node.js is to be run with them as `opensync` is (`packages/opensync/bin/runtime.sh`). */
function runtimeOfOpensync() {
  const script = join(import.meta.dirname, "../../packages/opensync/bin/runtime.sh");
  const { MALLOC_ARENA_MAX: _, ...env } = process.env;
  const print = '. "$0"; echo "$flags"; echo "$MALLOC_ARENA_MAX"';
  const [flags = "", arenas = ""] = execFileSync("sh", ["-c", print, script], { env, encoding: "utf8" }).split("\n");
  return { flags: flags.split(" "), environment: { MALLOC_ARENA_MAX: arenas } };
}

export async function benchCloud(count: number, groups = deployedGroups): Promise<readonly Figure[]> {
  using directory = temporaryDirectory("bench-cloud");
  const { flags, environment } = runtimeOfOpensync();
  const collect = pathToFileURL(join(import.meta.dirname, "collect.ts")).href;
  using cloud = new Child<CloudCommands>("cloud.ts", [...flags, "--expose-gc", `--import=${collect}`], environment);
  using nodes = new Child<NodesCommands>("nodes.ts", ["--max-old-space-size=8192"]);
  const tlsDirectory = `${directory.path}/tls`;
  const ids = Array.from({ length: count }, (_, index) => `node-${index}`);
  const { controller, mqtt } = await cloud.ask("start", { directory: directory.path, nodes: ids });
  await nodes.ask("boot", { ids });
  const at = `${tlsDirectory}/nodes/canary`;
  const files = { caCert: `${at}/ca.pem`, certificate: `${at}/client.pem`, privateKey: `${at}/client_dec.key` };
  const canary = await startCanary(controller, files, clock);

  // Some come first, so that what is there once, for whatever number of sessions, and what was free already, does not count.
  const some = Math.floor(count / 4);
  canary.take();
  const comeAndRest = async (from: number, to: number) => {
    const start = clock.now();
    await nodes.ask("dial", { remote: controller, tlsDirectory, from, to, groups });
    await whenSettled(cloud, to);
    const [seconds, echo] = [(clock.now() - start) / 1000, canary.take()];
    // Until what is remembered of the first writes is gone, and replies, timers and garbage.
    await clock.sleep(repairWindowMs + 5_000);
    const state = await cloud.ask("state", { collect: true });
    // What was asked during the collection is of the measuring.
    await clock.sleep(1_000);
    canary.take();
    return { seconds, echo, state };
  };
  const { state: few } = await comeAndRest(0, some);
  const { state: full, ...first } = await comeAndRest(some, count);
  const perSession = (bytes: (state: CloudState) => number) => (bytes(full) - bytes(few)) / (count - some) / 1024;

  const storms: { readonly seconds: number; readonly processorTime: number; readonly echo: readonly number[] }[] = [];
  let writes = 0;
  const lostBefore = packetsLost();
  for (let round = 0; round < 3; round++) {
    const before = await cloud.ask("state", {});
    const start = clock.now();
    await nodes.ask("cut", {});
    await whenGone(cloud, count);
    await whenSettled(cloud, count);
    const after = await cloud.ask("state", {});
    const [seconds, processorTime] = [(clock.now() - start) / 1000, after.processorTime - before.processorTime];
    storms.push({ seconds, processorTime, echo: canary.take() });
    writes += after.writes;
    await clock.sleep(3_000);
  }
  const lost = packetsLost() - lostBefore;

  await nodes.ask("publish", { port: mqtt, tlsDirectory, perSecond: 500 });
  const reportsBefore = (await cloud.ask("state", {})).reports;
  const since = clock.now();
  canary.take();
  const pushes: { readonly written: number; readonly proven: number }[] = [];
  for (let round = 0; round < 200; round++) {
    const node = ids[(round * 7) % count] ?? "";
    pushes.push(await cloud.ask("push", { node, ssid: `Bench ${round}` }));
    await clock.sleep(50);
  }
  const rate = ((await cloud.ask("state", {})).reports - reportsBefore) / ((clock.now() - since) / 1000);
  const pushEcho = canary.take();
  canary.close();

  const middle = storms.toSorted((a, b) => a.seconds - b.seconds)[1] as (typeof storms)[number];
  return [
    { name: `sessions of one process (nodes settled)`, value: full.settled, unit: "", goal: "≥ 2000" },
    { name: "idle session, heap of JavaScript", value: perSession(({ heapUsed }) => heapUsed), unit: "KiB" },
    { name: "idle session, all (resident memory)", value: perSession(({ rss }) => rss), unit: "KiB", goal: "≤ 117" },
    { name: "process with all of them, RSS", value: full.rss / 1024 / 1024, unit: "MiB" },
    { name: `first connection and provisioning of ${count - some} more`, value: first.seconds, unit: "s" },
    ...echo("echo meanwhile", first.echo),
    { name: "storm: all cut at once → all settled (median of 3)", value: middle.seconds, unit: "s" },
    { name: "storm: processor time of the cloud, per node", value: middle.processorTime / count, unit: "ms" },
    { name: "storm: rows written", value: writes, unit: "", goal: "0" },
    ...echo(
      "echo during storms",
      storms.flatMap((storm) => storm.echo),
    ),
    // One that is lost is sent again after 200 ms: an answer as long as that is the network's.
    { name: "storms: packets that the loopback device lost", value: lost, unit: "" },
    { name: "reports a second during pushes", value: rate, unit: "", goal: "500" },
    {
      name: "push → written, p50",
      value: percentile(
        pushes.map(({ written }) => written),
        50,
      ),
      unit: "ms",
    },
    {
      name: "push → written, p99",
      value: percentile(
        pushes.map(({ written }) => written),
        99,
      ),
      unit: "ms",
    },
    {
      name: "push → proven, p50",
      value: percentile(
        pushes.map(({ proven }) => proven),
        50,
      ),
      unit: "ms",
    },
    {
      name: "push → proven, p99",
      value: percentile(
        pushes.map(({ proven }) => proven),
        99,
      ),
      unit: "ms",
    },
    ...echo("echo during pushes", pushEcho),
  ];
}

/** Received packets for which the kernel's queue had no room, so far (`/proc/net/softnet_stat`, second column). */
function packetsLost(): number {
  const processors = readFileSync("/proc/net/softnet_stat", "utf8").trim().split("\n");
  return processors.reduce((sum, line) => sum + Number.parseInt(line.split(" ")[1] ?? "0", 16), 0);
}

function echo(name: string, samples: ReturnType<Canary["take"]>): readonly Figure[] {
  return [
    { name: `${name}, p99`, value: percentile(samples, 99), unit: "ms" },
    { name: `${name}, longest`, value: Math.max(...samples), unit: "ms", goal: "≤ 100" },
  ];
}

/** Resolves with how long it took, ms. */
async function whenSettled(cloud: Child<CloudCommands>, count: number): Promise<number> {
  const start = clock.now();
  for (;;) {
    const { settled, connected } = await cloud.ask("state", {});
    if (settled >= count) return clock.now() - start;
    if (clock.now() - start > 300_000) throw new Error(`${settled} settled, ${connected} connected of ${count}`);
    await clock.sleep(200);
  }
}

/** Until the cloud has noticed that they are gone, or most of them have come again. */
async function whenGone(cloud: Child<CloudCommands>, count: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { settled } = await cloud.ask("state", {});
    if (settled < count) return;
    await clock.sleep(20);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { nodes: { type: "string", default: "2000" }, groups: { type: "string" }, json: { type: "boolean" } },
  });
  const figures = await benchCloud(Number(values.nodes), values.groups);
  if (values.json) process.stdout.write(`${JSON.stringify({ figures }, null, 2)}\n`);
  else printFigures(figures);
  process.exit(0);
}
