import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { managerLimits } from "../limits.ts";
import { MemoryStorage } from "../testing/memory-storage.ts";
import { announceReboot, recordBoot } from "./reboot-records.ts";

describe("reboot records", () => {
  it("calls the first boot a cold boot, and a later one that nobody announced a power cycle", () => {
    const storage = new MemoryStorage();
    assert.deepEqual(recordBoot(storage), [{ count: 1, type: "COLD_BOOT", reason: "first boot" }]);
    assert.deepEqual(recordBoot(storage)[1], { count: 2, type: "POWER_CYCLE", reason: "not announced" });
  });

  it("tells the announced reason once", () => {
    const storage = new MemoryStorage();
    announceReboot(storage, "CLOUD", "asked by the controller");
    assert.equal(recordBoot(storage).at(-1)?.type, "CLOUD");
    assert.equal(recordBoot(storage).at(-1)?.type, "POWER_CYCLE");
  });

  it("keeps the last records only, and goes on counting", () => {
    const storage = new MemoryStorage();
    const boots = managerLimits.rebootRecords + 5;
    for (let i = 1; i < boots; i++) recordBoot(storage);
    const records = recordBoot(storage);
    assert.equal(records.length, managerLimits.rebootRecords);
    assert.equal(records.at(-1)?.count, boots);
  });

  it("boots with a full storage, and says that the record is lost", () => {
    const storage = new MemoryStorage();
    storage.refuse = new Error("ENOSPC: no space left on device");
    const problems: unknown[] = [];
    assert.equal(recordBoot(storage, (error) => problems.push(error)).length, 1);
    assert.deepEqual(problems, [storage.refuse]);
  });

  it("boots with a damaged history", () => {
    const storage = new MemoryStorage();
    const store = storage.open("reboot", { preserve: true });
    store.set("records", '[{"count":"x"},');
    store.set("announced", '{"type":"NOVELTY","reason":"?"}');
    assert.equal(recordBoot(storage).length, 1);
  });

  it("survive a factory reset", () => {
    const storage = new MemoryStorage();
    recordBoot(storage);
    announceReboot(storage, "CLOUD", "factory reset");
    storage.eraseAll({ preserved: false });
    assert.deepEqual(recordBoot(storage).at(-1), { count: 2, type: "CLOUD", reason: "factory reset" });
  });

  it("go on from where earlier releases kept them, and are then kept in one place", () => {
    const storage = new MemoryStorage();
    const earlier = storage.open("reboot");
    earlier.set("records", '[{"count":7,"type":"USER","reason":"by hand"}]');
    earlier.set("announced", '{"type":"UPGRADE","reason":"new firmware"}');
    assert.deepEqual(
      recordBoot(storage).map(({ count, type }) => [count, type]),
      [
        [7, "USER"],
        [8, "UPGRADE"],
      ],
    );
    assert.deepEqual(earlier.keys(), []);
    assert.deepEqual(recordBoot(storage).at(-1), { count: 9, type: "POWER_CYCLE", reason: "not announced" });
  });

  it("cost one write per boot", () => {
    const storage = new MemoryStorage();
    announceReboot(storage, "CLOUD", "asked by the controller");
    recordBoot(storage);
    assert.equal(storage.stores().find(({ preserve }) => preserve)?.writes, 2);
  });
});
