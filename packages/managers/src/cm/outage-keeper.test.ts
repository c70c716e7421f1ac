import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Lab } from "./testing/lab.ts";

const store = (lab: Lab) => lab.bench.storage.open("uplink_event", { preserve: true });
const stored = (lab: Lab): { counter: number; events: readonly { type: string; connected: boolean }[] } =>
  JSON.parse(store(lab).get("uplink_event") ?? "null");

/** A node with a cable that was pulled and plugged `times` times before. */
async function afterOutages(times: number): Promise<Lab> {
  const lab = await new Lab().boot();
  for (let i = 0; i < times; i++) {
    await lab.advance(5_000);
    await lab.set({ cable: false });
    await lab.advance(5_000);
    await lab.set({ cable: true });
  }
  return lab;
}

describe("Uplink_Events", () => {
  it("are in persistent storage, and shown again after a boot, with the end of what was open", async () => {
    const before = await afterOutages(1);
    await before.advance(5_000);
    await before.set({ cable: false });
    assert.equal(stored(before).counter, 3);
    const lab = new Lab();
    lab.world.cable = false;
    store(lab).set("uplink_event", store(before).get("uplink_event") ?? "");
    await lab.boot();
    assert.deepEqual(lab.outages, ["LINK lost", "LINK back", "LINK lost"]);
    await lab.set({ cable: true });
    assert.deepEqual(lab.outages, ["LINK lost", "LINK back", "LINK lost", "LINK back"]);
    assert.deepEqual([stored(lab).counter, stored(lab).events.length], [4, 4]);
  });

  it("cost one write of the flash each, and none while nothing happens", async () => {
    const lab = await afterOutages(3);
    const writes = () => lab.bench.storage.stores().find(({ name }) => name === "uplink_event")?.writes;
    assert.equal(writes(), 6);
    await lab.advance(3_600_000);
    assert.equal(writes(), 6);
  });

  it("that the cloud removes are forgotten, in one write", async () => {
    const lab = await afterOutages(2);
    await lab.bench.client.transact((transaction) => transaction.delete("Uplink_Events", [["connected", "==", true]]));
    await lab.advance(2_000);
    assert.deepEqual(
      stored(lab).events.map(({ connected }) => connected),
      [false, false],
    );
    assert.equal(lab.outages.length, 2);
    assert.equal(lab.bench.storage.stores().find(({ name }) => name === "uplink_event")?.writes, 5);
  });

  it("that were removed while CM ends are forgotten, too", async () => {
    const lab = await afterOutages(1);
    await lab.bench.client.transact((transaction) => transaction.delete("Uplink_Events", []));
    await lab.stop();
    assert.deepEqual(stored(lab).events, []);
  });

  it("left over from before, or of others, give way to those that are stored", async () => {
    const lab = await afterOutages(1);
    await lab.stop();
    await lab.bench.client.transact((transaction) =>
      transaction.insert("Uplink_Events", { timestamp: 5, type: "NTP", connected: true }),
    );
    await lab.start();
    assert.deepEqual(lab.outages, ["LINK lost", "LINK back"]);
  });

  it("begin anew where what is stored cannot be read, and CM says so", async () => {
    for (const text of ["{", '{"events":{}}', "null"]) {
      const lab = new Lab();
      store(lab).set("uplink_event", text);
      await lab.boot();
      await lab.until("CONNECTED manager", 5_000);
      assert.equal(lab.logged(/Uplink_Events: store uplink_event: .*; the log begins anew/), 1, text);
      await lab.set({ cable: false });
      assert.deepEqual(stored(lab).events.length, 1);
    }
  });

  it("are shown although the disk is full; CM says so once, and stores them with the next that it can", async () => {
    const lab = await new Lab().boot();
    lab.bench.storage.refuse = new Error("ENOSPC: no space left on device");
    for (const cable of [false, true, false]) {
      await lab.set({ cable });
      await lab.advance(2_000);
    }
    assert.equal(lab.outages.length, 3);
    assert.equal(lab.logged(/not stored: ENOSPC/), 1);
    lab.bench.storage.refuse = undefined;
    await lab.set({ cable: true });
    assert.equal(stored(lab).events.length, 4);
    await lab.until("CONNECTED manager", 5_000);
  });
});
