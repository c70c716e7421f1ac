import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import * as limits from "../limits.ts";
import { holdFile } from "./hold-file.ts";
import { type Holder, thisProcess } from "./holder.ts";

const clock = new RealClock();
let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), "opensync-hold-"));
});
after(() => rmSync(directory, { recursive: true }));

const file = (name: string) => join(directory, name);
const refusal = (pid: number) => (error: unknown) =>
  error instanceof UserError &&
  new RegExp(`is in use by process ${pid} on host \\S+, since \\S+Z; stop it, or use another directory$`).test(
    error.message,
  );

describe("what only one process may have", () => {
  it("is held by one and let go of, by whatever name its directory is called", async () => {
    const release = await holdFile(file("one"), clock);
    await assert.rejects(holdFile(join(directory, "x", "..", "one"), clock), refusal(process.pid));
    release();
    (await holdFile(file("one"), clock))();
  });

  it("is taken at once from a process that was killed, and not from one that runs", async () => {
    const script = `import { holdFile } from ${JSON.stringify(join(import.meta.dirname, "hold-file.ts"))};
      import { RealClock } from "@opensync-ts/base/clock";
      await holdFile(${JSON.stringify(file("killed"))}, new RealClock());
      console.log("held");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await assert.rejects(holdFile(file("killed"), clock), refusal(child.pid ?? 0));
    child.kill("SIGKILL");
    await once(child, "exit");
    // On a clock that stands still: there is nothing to wait for.
    (await holdFile(file("killed"), new VirtualClock()))();
  });

  it("is taken from one whose number another process has by now", async () => {
    for (const pid of [process.pid, process.ppid]) {
      writeFileSync(file("reused"), JSON.stringify({ ...thisProcess(0), pid, start: "1" }));
      (await holdFile(file("reused"), new VirtualClock()))();
    }
  });

  /** Of another container, where the numbers of processes mean something else. */
  const elsewhere: Holder = { ...thisProcess(0), host: "elsewhere", pid: 1, space: "another" };

  it("is taken from one in another container once that no longer touches it", async () => {
    const virtual = new VirtualClock();
    writeFileSync(file("gone"), JSON.stringify(elsewhere));
    const taken = holdFile(file("gone"), virtual);
    await virtual.advance(limits.holdWatchMs);
    (await taken)();
  });

  it("is left to one in another container that does", async () => {
    const virtual = new VirtualClock();
    writeFileSync(file("lives"), JSON.stringify(elsewhere));
    const refused = assert.rejects(holdFile(file("lives"), virtual), /process 1 on host elsewhere, since 1970/);
    utimesSync(file("lives"), 7, 7);
    await virtual.advance(limits.holdWatchMs);
    await refused;
    assert.equal(JSON.parse(readFileSync(file("lives"), "utf8")).host, "elsewhere");
  });

  it("is touched by its holder, so that others see that it lives", async () => {
    const virtual = new VirtualClock();
    const release = await holdFile(file("touched"), virtual);
    const before = statSync(file("touched")).mtimeMs;
    await virtual.advance(limits.holdBeatMs);
    assert.notEqual(statSync(file("touched")).mtimeMs, before);
    release();
  });

  it("is taken where the file is of no use, once nobody finishes writing it", async () => {
    for (const text of ["", "garbage", '{"pid":-1}', "4194304 1\n"]) {
      const virtual = new VirtualClock();
      writeFileSync(file("garbage"), text);
      const taken = holdFile(file("garbage"), virtual);
      await virtual.advance(limits.holdWatchMs);
      (await taken)();
    }
  });

  it("is refused in one line where it cannot be written", async () => {
    await assert.rejects(holdFile(join(directory, "none", "pid"), clock), /none\/pid: cannot be written \(.*\); use/);
  });
});
