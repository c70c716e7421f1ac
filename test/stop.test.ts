/** Who ends what a home was started with ends the home. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { root, Service, temporaryDirectory } from "./support/processes.ts";

const opensync = join(root, "packages/opensync/bin/opensync.mjs");
const olderNode =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.0.0'}})";

const olderLauncher = [process.execPath, "--import", olderNode, opensync, "up"];
const npmStart = ["npm", "start", "--"];
const npx = ["npx", "opensync", "up"];
/** The terminal tells all that run in it. */
const terminal = (pid: number) => -pid;

describe("a home stops cleanly", { concurrency: true }, () => {
  it("at SIGTERM to an older Node.js that runs its launcher", () => stops(olderLauncher, "SIGTERM"));
  it("at SIGTERM to npm start", () => stops(npmStart, "SIGTERM"));
  it("at Ctrl-C with npm start", () => stops(npmStart, "SIGINT", terminal));
  it("at SIGTERM to npx", () => stops(npx, "SIGTERM"));
  it("at Ctrl-C with npx", () => stops(npx, "SIGINT", terminal));
});

async function stops([command = "", ...args]: readonly string[], signal: NodeJS.Signals, to = (pid: number) => pid) {
  using directory = temporaryDirectory("stop");
  const home = new Service(command, [...args, "--dir", directory.path, "--no-http"], { detached: true });
  const pid = home.child.pid as number;
  try {
    await home.until(/all settled/);
    process.kill(to(pid), signal);
    await Promise.race([home.exited, setTimeout(10_000, undefined, { ref: false })]);
    assert.match(home.output, /^Demo home: stopped$/m);
  } finally {
    // Whatever is left.
    spawnSync("kill", ["-KILL", "--", `-${pid}`]);
    await home.exited;
  }
}
