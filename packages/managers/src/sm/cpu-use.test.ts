import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SystemReading } from "@opensync-ts/target/system";
import fc from "fast-check";
import { cpuLook, cpuPercent, processesByCpu, processesByMemory } from "./cpu-use.ts";

const process = (pid: number, cpuTime: number, rest: Partial<{ started: number; memory: number }> = {}) => ({
  pid,
  command: `p${pid}`,
  started: 1,
  memory: 0,
  cpuTime,
  ...rest,
});

describe("the use of the processors", () => {
  it("is the busy part of the time between two looks, in whole percent", () => {
    assert.equal(cpuPercent({ busy: 100, total: 1000 }, { busy: 125, total: 1100 }), 25);
    assert.equal(cpuPercent({ busy: 100, total: 1000 }, { busy: 100, total: 1100 }), 0);
    assert.equal(cpuPercent({ busy: 0, total: 0 }, { busy: 1, total: 3 }), 33);
  });

  it("is what the machine says where it says a percentage", () => {
    assert.equal(cpuPercent(undefined, { percent: 12.6 }), 13);
    assert.equal(cpuPercent(undefined, { percent: 180 }), 100);
  });

  it("is unknown without a look before, or when the counters stand still or have fallen", () => {
    assert.equal(cpuPercent(undefined, { busy: 1, total: 2 }), undefined);
    assert.equal(cpuPercent({ busy: 1, total: 2 }, undefined), undefined);
    assert.equal(cpuPercent({ busy: 1, total: 2 }, { busy: 1, total: 2 }), undefined);
    assert.equal(cpuPercent({ busy: 90, total: 200 }, { busy: 1, total: 2 }), undefined);
  });

  it("is within 0 and 100 whatever the counters do", () => {
    const counter = fc.oneof(fc.double(), fc.nat(), fc.integer({ min: 2 ** 32 - 10, max: 2 ** 32 + 10 }));
    const look = fc.oneof(fc.record({ busy: counter, total: counter }), fc.record({ percent: counter }));
    fc.assert(
      fc.property(look, look, fc.array(fc.tuple(fc.nat(20), counter)), (before, now, processes) => {
        const percent = cpuPercent(before, now) ?? 0;
        assert.ok(Number.isInteger(percent) && percent >= 0 && percent <= 100);
        const reading: SystemReading = { cpu: now, processes: processes.map(([pid, time]) => process(pid, time)) };
        const uses = processesByCpu(cpuLook({ ...reading, cpu: before }), reading);
        const fresh = processesByCpu(cpuLook({ cpu: before }), reading);
        for (const { use } of [...uses, ...fresh]) assert.ok(Number.isInteger(use) && use >= 0 && use <= 100);
      }),
    );
  });
});

describe("the greatest processes", () => {
  it("are ten, by the time that they used since the last look, without the idle", () => {
    const before = cpuLook({
      cpu: { busy: 0, total: 0 },
      processes: [process(1, 500), process(2, 100), process(3, 7)],
    });
    const now: SystemReading = {
      cpu: { busy: 100, total: 200 },
      processes: [
        process(1, 510),
        process(2, 150),
        process(3, 7),
        ...Array.from({ length: 12 }, (_, index) => process(100 + index, 1)),
      ],
    };
    const uses = processesByCpu(before, now);
    assert.equal(uses.length, 10);
    assert.deepEqual(uses.slice(0, 3), [
      { pid: 2, command: "p2", use: 25 },
      { pid: 1, command: "p1", use: 5 },
      { pid: 100, command: "p100", use: 1 },
    ]);
  });

  it("are not mistaken for earlier ones with the same pid", () => {
    const before = cpuLook({ cpu: { busy: 0, total: 0 }, processes: [process(9, 1000)] });
    const now = { cpu: { busy: 50, total: 100 }, processes: [process(9, 50, { started: 77 })] };
    assert.deepEqual(processesByCpu(before, now), [{ pid: 9, command: "p9", use: 50 }]);
  });

  it("are ten by memory, without those that have none", () => {
    const processes = Array.from({ length: 20 }, (_, index) => process(index, 0, { memory: index * 10 }));
    const uses = processesByMemory({ processes });
    assert.equal(uses.length, 10);
    assert.deepEqual(uses[0], { pid: 19, command: "p19", use: 190 });
    assert.deepEqual(processesByMemory({ processes: [process(1, 0)] }), []);
    assert.deepEqual(processesByMemory({}), []);
  });
});
