import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { createProcSystem } from "./proc-system.ts";

const base = mkdtempSync(join(tmpdir(), "opensync-proc-"));
after(() => rmSync(base, { recursive: true, force: true }));
let machines = 0;

/** A machine of such files. */
function machine(files: { readonly [path: string]: string }): string {
  const root = join(base, String(machines++));
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function process(pid: number, name: string): string {
  return `${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 3 4 0 0 20 0 1 0 5 0 25 0\n`;
}

const noFileSystems = () => Promise.reject(new Error("none"));
const clock = new RealClock();

describe("a Linux machine", () => {
  it("is told as its files have it", async () => {
    const root = machine({
      "proc/loadavg": "0.5 0.4 0.3 1/2 3\n",
      "proc/uptime": "100.5 1\n",
      "proc/meminfo": "MemTotal: 8 kB\nMemAvailable: 2 kB\n",
      "proc/stat": "cpu 1 2 3 4 5 6 7 8\n",
      "proc/sys/fs/file-nr": "7 0 99\n",
      "proc/1/stat": process(1, "init"),
      "proc/27/stat": process(27, "a) b"),
      "proc/28/cmdline": "gone before it could be read",
      "proc/self/stat": process(27, "twice"),
    });
    const sizes: Record<string, object> = {
      [root]: { type: 0xef53, bsize: 4096, blocks: 100, bfree: 25 },
      [join(root, "tmp")]: { type: 0xef53, bsize: 1, blocks: 1, bfree: 1 },
      [join(root, "run")]: { type: 0x01021994, bsize: 512, blocks: 8, bfree: 2 },
    };
    const system = createProcSystem({
      clock,
      root,
      statfs: async (path) => sizes[path] as { type: number; bsize: number; blocks: number; bfree: number },
    });
    const reading = await system.read();
    assert.deepEqual(
      { ...reading, processes: reading.processes?.toSorted((a, b) => a.pid - b.pid) },
      {
        load: { one: 0.5, five: 0.4, fifteen: 0.3 },
        uptimeSeconds: 100.5,
        memory: { total: 8, used: 6, swapTotal: 0, swapUsed: 0 },
        cpu: { busy: 27, total: 36 },
        processes: [
          { pid: 1, command: "init", started: 5, cpuTime: 7, memory: 100 },
          { pid: 27, command: "a) b", started: 5, cpuTime: 7, memory: 100 },
        ],
        fileHandles: { used: 7, total: 99 },
        fileSystems: [
          { type: "rootfs", total: 400, used: 300 },
          { type: "tmpfs", total: 4, used: 3 },
        ],
      },
    );
  });

  it("is told without what it does not have, down to nothing at all", async () => {
    const some = machine({ "proc/uptime": "5 5\n", "proc/loadavg": "broken" });
    assert.deepEqual(await createProcSystem({ clock, root: some, statfs: noFileSystems }).read(), {
      uptimeSeconds: 5,
      processes: [],
    });
    assert.deepEqual(await createProcSystem({ clock, root: machine({}), statfs: noFileSystems }).read(), {});
  });

  it("is told without a part that does not answer, which is not asked again meanwhile", async () => {
    const root = machine({});
    const virtual = new VirtualClock();
    let asked = 0;
    let answer = (_: { type: number; bsize: number; blocks: number; bfree: number }) => {};
    const system = createProcSystem({
      clock: virtual,
      root,
      statfs: (path) => {
        if (path !== root) return noFileSystems();
        asked++;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    for (let times = 0; times < 2; times++) {
      const reading = system.read();
      await virtual.advance(2_000);
      assert.deepEqual(await reading, {});
    }
    assert.equal(asked, 1);
    answer({ type: 0, bsize: 1024, blocks: 2, bfree: 1 });
    assert.deepEqual(await system.read(), { fileSystems: [{ type: "rootfs", total: 2, used: 1 }] });
  });

  it("tells where its power comes from: mains, battery, and not the battery of a mouse", async () => {
    const supply = (files: { readonly [path: string]: string }) =>
      createProcSystem({
        clock,
        root: machine(Object.fromEntries(Object.entries(files).map(([k, v]) => [`sys/class/power_supply/${k}`, v]))),
        statfs: noFileSystems,
      }).read();
    const battery = { "BAT0/type": "Battery\n", "BAT0/capacity": "81\n", "BAT0/power_now": "6500000\n" };
    assert.deepEqual((await supply({ ...battery, "AC/type": "Mains\n", "AC/online": "1\n" })).power, {
      supply: "ac",
      consumption: 6500,
      batteryLevel: 81,
    });
    assert.deepEqual((await supply({ ...battery, "AC/type": "Mains\n", "AC/online": "0\n" })).power, {
      supply: "battery",
      consumption: 6500,
      batteryLevel: 81,
    });
    assert.equal((await supply({ "hid/type": "Battery\n", "hid/scope": "Device\n" })).power, undefined);
    assert.deepEqual((await supply({ "x/type": "?\n", "x/online": "yes\n" })).power, { supply: "unknown" });
  });

  it("is this one, where it is Linux", { skip: !existsSync("/proc/self/stat") && "no /proc here" }, async () => {
    const {
      uptimeSeconds = 0,
      memory,
      cpu,
      processes = [],
      load,
      fileHandles,
    } = await createProcSystem({ clock }).read();
    assert.ok(uptimeSeconds > 0 && memory && memory.total > memory.used && load && fileHandles);
    assert.ok(cpu && "total" in cpu && cpu.total >= cpu.busy && cpu.busy > 0);
    const own = processes.find(({ pid }) => pid === globalThis.process.pid);
    const rss = globalThis.process.memoryUsage.rss() / 1024;
    assert.ok(own && own.memory > rss / 2 && own.memory < rss * 2, `${own?.memory} kB, ${rss} kB`);
  });
});
