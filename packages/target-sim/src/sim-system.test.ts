import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import type { SystemReading } from "@opensync-ts/target/system";
import type { ClientSpec } from "@opensync-ts/world/spec";
import { World } from "@opensync-ts/world/world";
import type { MachineModel } from "./models.ts";
import { SimSystem } from "./sim-system.ts";
import { openBss, someClients } from "./testing/open-bss.ts";

const box: MachineModel = { processors: 4, memory: 1_048_576, fan: true };

function setUp(clients: readonly ClientSpec[] = [], machine = box) {
  const clock = new VirtualClock();
  const world = new World({ clock, seed: 1, spec: { clients } });
  world.addSite("gw", { x: 0, y: 0 });
  world.putBss(openBss("gw"));
  return { clock, world, system: new SimSystem({ world, clock, site: "gw", machine }) };
}

/** Percent of the processors in use between two readings. */
function use(from: SystemReading, to: SystemReading): number {
  assert.ok(from.cpu && to.cpu && "total" in from.cpu && "total" in to.cpu);
  return ((to.cpu.busy - from.cpu.busy) / (to.cpu.total - from.cpu.total)) * 100;
}

describe("the machine of a simulated device", () => {
  it("is the same at the same time of the same world", async () => {
    const run = async () => {
      const { clock, system } = setUp(someClients(4, "web"));
      const readings: SystemReading[] = [];
      for (let minute = 0; minute < 5; minute++) {
        await clock.advance(60_000);
        readings.push(await system.read());
      }
      return readings;
    };
    assert.deepEqual(await run(), await run());
  });

  it("counts its uptime from its boot", async () => {
    const { clock, world } = setUp();
    await clock.advance(90_000);
    const system = new SimSystem({ world, clock, site: "gw", machine: box });
    await clock.advance(1_500);
    assert.equal((await system.read()).uptimeSeconds, 1.5);
  });

  it("has counters that only grow and agree with each other, however often it is looked at", async () => {
    const { clock, system } = setUp(someClients(3, "bulk"));
    let before = await system.read();
    for (const step of [1, 0, 999, 60_000, 3_600_000]) {
      await clock.advance(step);
      const now = await system.read();
      assert.ok(before.cpu && now.cpu && "total" in before.cpu && "total" in now.cpu);
      assert.ok(now.cpu.busy >= before.cpu.busy && now.cpu.total >= before.cpu.total);
      assert.ok(now.cpu.busy <= now.cpu.total);
      const inProcesses = (now.processes ?? []).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
      assert.ok(Math.abs(inProcesses - now.cpu.busy) <= (now.processes?.length ?? 0), `${inProcesses} ${now.cpu.busy}`);
      before = now;
    }
  });

  it("works more, and has less left, with stations and with traffic", async () => {
    const measured = async (clients: readonly ClientSpec[]) => {
      const { clock, system } = setUp(clients);
      await clock.advance(30_000);
      const from = await system.read();
      await clock.advance(600_000);
      const to = await system.read();
      return { cpu: use(from, to), load: to.load?.five ?? 0, memory: to.memory?.used ?? 0 };
    };
    const alone = await measured([]);
    const idle = await measured(someClients(20, "none"));
    const busy = await measured(someClients(20, "bulk"));
    assert.ok(alone.cpu > 1 && alone.cpu < 10, `${alone.cpu} %`);
    assert.ok(alone.cpu < idle.cpu && idle.cpu < busy.cpu && busy.cpu <= 100, `${idle.cpu} ${busy.cpu}`);
    assert.ok(alone.load < idle.load && idle.load < busy.load);
    assert.ok(alone.memory < idle.memory && idle.memory < box.memory);
  });

  it("has memory that moves, a little at a time", async () => {
    const { clock, system } = setUp();
    const used: number[] = [];
    for (let step = 0; step < 60; step++) {
      await clock.advance(10_000);
      used.push((await system.read()).memory?.used ?? 0);
    }
    const steps = used.slice(1).map((each, index) => Math.abs(each - (used[index] ?? 0)));
    assert.ok(new Set(used).size > 30);
    assert.ok(Math.max(...steps) < 0.02 * box.memory, `${Math.max(...steps)} kB`);
  });

  it("tells of its cooling what its platform tells, if it has one that can", async () => {
    const clock = new VirtualClock();
    const world = new World({ clock, seed: 1, spec: {} });
    world.addSite("gw", { x: 0, y: 0 });
    const system = new SimSystem({ world, clock, site: "gw", machine: box, thermal: () => ({ fanRpm: 1_234 }) });
    assert.deepEqual(await system.readThermal?.(), { fanRpm: 1_234 });
    assert.equal(setUp().system.readThermal, undefined);
  });
});
