import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ManagerDefinition } from "../manager.ts";
import { Bench } from "../testing/bench.ts";
import { featureFlags } from "./feature-flags.ts";

const definition: ManagerDefinition = { name: "pm", start: (context) => featureFlags.start(context) };

const ask = async (bench: Bench, value: string | null) => {
  await bench.client.transact((transaction) => {
    transaction.delete("Node_Config", [["key", "==", "feature_flags"]]);
    if (value !== null) transaction.insert("Node_Config", { module: "PM", key: "feature_flags", value });
  });
  await bench.settle();
};

const state = (bench: Bench) => bench.rows("Node_State").map(({ module, key, value }) => [module, key, value]);

async function reboot(bench: Bench, stop: () => Promise<void>) {
  await stop();
  await bench.client.transact((transaction) => {
    transaction.delete("Node_Config", []);
    transaction.delete("Node_State", []);
  });
  const manager = await bench.start(definition);
  await bench.settle();
  return manager;
}

describe("feature flags", () => {
  it("are acknowledged, and shown again after a reboot, before anybody asks", async () => {
    const bench = new Bench();
    const manager = await bench.start(definition);
    await bench.settle();
    assert.deepEqual(state(bench), []);
    await ask(bench, "wpa3,owe fast_roaming");
    assert.deepEqual(state(bench), [["PM", "feature_flags", "wpa3,owe fast_roaming"]]);
    await reboot(bench, () => manager.stop());
    assert.deepEqual(state(bench), [["PM", "feature_flags", "wpa3,owe fast_roaming"]]);
    assert.deepEqual(bench.rows("Node_Config"), []);
  });

  it("that are asked for no longer are gone, also after a reboot", async () => {
    const bench = new Bench();
    const manager = await bench.start(definition);
    await ask(bench, "wpa3");
    await ask(bench, null);
    assert.deepEqual(state(bench), []);
    await reboot(bench, () => manager.stop());
    assert.deepEqual(state(bench), []);
  });

  it("cost a write of the flash only when they change", async () => {
    const bench = new Bench();
    await bench.start(definition);
    for (const value of ["a", "a", "b", "b"]) await ask(bench, value);
    assert.equal(bench.storage.stores()[0]?.writes, 2);
  });

  it("that are no list of names are complained of, and those before stand", async () => {
    const bench = new Bench();
    await bench.start(definition);
    await ask(bench, "wpa3");
    await ask(bench, "$(reboot)");
    assert.deepEqual(state(bench), [["PM", "feature_flags", "wpa3"]]);
    const said = bench.ring.records().filter(({ text }) => text.includes("PM/feature_flags: '$(reboot)' is no list"));
    assert.equal(said.length, 1);
  });

  it("that a store holds damaged are none; on a full disk they hold until the reboot, and it says so", async () => {
    const bench = new Bench();
    bench.storage.open("feature_flags").set("feature_flags", "\u0000;;");
    await bench.start(definition);
    await bench.settle();
    assert.deepEqual(state(bench), []);
    bench.storage.refuse = new Error("ENOSPC: no space left on device");
    await ask(bench, "wpa3");
    assert.deepEqual(state(bench), [["PM", "feature_flags", "wpa3"]]);
    assert.ok(bench.ring.records().some(({ text }) => /will not survive a reboot: ENOSPC/.test(text)));
  });
});
