import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Bench } from "../testing/bench.ts";
import { openNodeSettings } from "./node-config.ts";

async function setUp() {
  const bench = new Bench();
  const settings = await openNodeSettings(bench.client, "PM", "PM");
  const insert = (module: string, key: string, value: string, persist?: boolean) =>
    bench.client.transact((transaction) =>
      transaction.insert("Node_Config", { module, key, value, ...(persist === undefined ? {} : { persist }) }),
    );
  const writes: string[] = [];
  const replica = await bench.client.replicate({ Node_State: {}, Node_Config: {} });
  replica.onTransaction((changes) => writes.push(changes.map(({ kind }) => kind).join()));
  return { bench, settings, insert, writes };
}

describe("the settings of a module", () => {
  it("are those of its own rows, by key, and are told when they come, change and go", async () => {
    const { bench, settings, insert } = await setUp();
    const heard: string[] = [];
    settings.onConfig((key) => heard.push(key));
    await insert("PM", "a", "1", true);
    await insert("TM", "a", "2");
    await bench.client.transact((transaction) =>
      transaction.update("Node_Config", [["value", "==", "1"]], { value: "3" }),
    );
    assert.deepEqual(settings.config("a"), { value: "3", persist: true });
    assert.deepEqual([...settings.configs().keys()], ["a"]);
    await bench.client.transact((transaction) => transaction.delete("Node_Config", [["module", "==", "PM"]]));
    assert.equal(settings.config("a"), undefined);
    assert.deepEqual(heard, ["a", "a", "a"]);
  });

  it("of which there are two for one key: the younger counts", async () => {
    const { settings, insert } = await setUp();
    await insert("PM", "a", "1");
    await insert("PM", "a", "2");
    assert.equal(settings.config("a")?.value, "2");
  });

  it("are answered in Node_State with one row per key, written only where it differs", async () => {
    const { bench, settings, writes } = await setUp();
    await Promise.all([settings.setState("a", "1"), settings.setState("a", "2"), settings.setState("a", "2")]);
    assert.deepEqual(writes, ["insert", "modify"]);
    assert.deepEqual(
      bench.rows("Node_State").map(({ module, key, value, persist }) => [module, key, value, persist]),
      [["PM", "a", "2", null]],
    );
    await settings.setState("a", { value: "2", persist: true });
    assert.equal(bench.row("Node_State").persist, true);
    await settings.setStates(
      new Map([
        ["a", null],
        ["b", null],
      ]),
    );
    assert.deepEqual([bench.rows("Node_State").length, writes.length], [0, 4]);
  });

  it("that the database refuses are the caller's to tell, and later ones are written", async () => {
    const { bench, settings } = await setUp();
    await assert.rejects(settings.setState("a", "x".repeat(1025)), /constraint/);
    await settings.setState("a", "good");
    assert.equal(bench.row("Node_State").value, "good");
  });

  it("are put back with their wish to be kept", async () => {
    const { bench, settings } = await setUp();
    await settings.setConfig("gw_offline_cfg", { value: "true", persist: true });
    const { module, key, value, persist } = bench.row("Node_Config");
    assert.deepEqual([module, key, value, persist], ["PM", "gw_offline_cfg", "true", true]);
  });
});
