import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ManagerDefinition } from "../manager.ts";
import { Bench } from "../testing/bench.ts";
import { eraseStorage } from "./erase-storage.ts";

const definition: ManagerDefinition = { name: "pm", start: (context) => eraseStorage.start(context) };

async function setUp() {
  const bench = new Bench();
  bench.storage.open("pm_gw_offline_store").set("psk", "secret");
  bench.storage.open("pm_last_parent_store").set("last_parent", "x");
  const rows = bench.storage.open("ovsdb_persist", { preserve: true });
  rows.set("1", '{"table":"WAN_Config","row":{}}');
  rows.set("2", '{"table":"Lte_Config","row":{}}');
  rows.set("3", "damaged");
  const manager = await bench.start(definition);
  await bench.settle();
  const set = async (key: string, value: string, module = "PSM") => {
    await bench.client.transact((transaction) => {
      transaction.delete("Node_Config", [["key", "==", key]]);
      transaction.insert("Node_Config", { module, key, value });
    });
    await bench.settle();
  };
  const kept = () =>
    bench.storage
      .stores()
      .filter(({ keys }) => keys > 0)
      .map(({ name, keys }) => `${name} ${keys}`);
  const outcome = () => bench.rows("Node_State").find(({ key }) => key === "erase_op_status")?.value;
  const said = (pattern: RegExp) => bench.ring.records().filter(({ text }) => pattern.test(text)).length;
  return { bench, manager, set, kept, outcome, said };
}

describe("the command to erase", () => {
  const all = ["pm_gw_offline_store 1", "pm_last_parent_store 1", "ovsdb_persist 3"];
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["erase_gw_offline_ps", [all[1] ?? "", all[2] ?? ""]],
    ["erase_topology_snapshot_ps", [all[0] ?? "", all[2] ?? ""]],
    ["erase_wan_ps", [all[0] ?? "", all[1] ?? "", "ovsdb_persist 1"]],
    ["erase_lte_ps", [all[0] ?? "", all[1] ?? "", "ovsdb_persist 1"]],
    ["erase_all_ps", []],
  ];
  for (const [key, left] of cases) {
    it(`${key} erases that, and says so`, async () => {
      const { set, kept, outcome } = await setUp();
      assert.deepEqual(kept(), all);
      await set(key, "true");
      assert.deepEqual([kept(), outcome()], [left, "true"]);
    });
  }

  it("the stored configuration first ends its being written", async () => {
    const { bench, set } = await setUp();
    await set("gw_offline_mon", "true", "PM");
    await set("erase_gw_offline_ps", "true");
    assert.deepEqual(
      bench.rows("Node_Config").map(({ key }) => key),
      ["erase_gw_offline_ps"],
    );
  });

  it("acts once, whatever becomes of PM, and again when it is given again", async () => {
    const { bench, manager, set, kept } = await setUp();
    await set("erase_gw_offline_ps", "true");
    const store = bench.storage.open("pm_gw_offline_store");
    store.set("psk", "new");
    await manager.stop();
    await bench.start(definition);
    await bench.settle();
    assert.ok(kept().includes("pm_gw_offline_store 1"));
    await set("erase_gw_offline_ps", "false");
    await set("erase_gw_offline_ps", "true");
    assert.ok(!kept().includes("pm_gw_offline_store 1"));
  });

  it("that the disk refuses has failed, and says so", async () => {
    const { bench, set, kept, outcome, said } = await setUp();
    bench.storage.refuse = new Error("EROFS: read-only file system");
    await set("erase_all_ps", "true");
    assert.deepEqual([kept().length, outcome(), said(/PSM\/erase_all_ps: EROFS/)], [3, "false", 1]);
  });

  it("that is none, or neither true nor false, is complained of and does nothing", async () => {
    const { set, kept, outcome, said } = await setUp();
    await set("erase_everything", "true");
    await set("erase_all_ps", "yes");
    await set("erase_wan_ps", "false");
    assert.deepEqual([kept(), outcome()], [all, undefined]);
    assert.equal(said(/PSM\/erase_everything: not known; there are erase_gw_offline_ps/), 1);
    assert.equal(said(/PSM\/erase_all_ps: 'yes' must be true or false/), 1);
  });
});
