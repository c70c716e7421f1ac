import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryStorage } from "../../testing/memory-storage.ts";
import { storeName } from "./keys.ts";
import { gwOfflineLimits } from "./limits.ts";
import { loadFlag, loadStored, saveValues } from "./stored.ts";

const good = {
  vif_config: '[{"if_name":"home-ap-24"}]',
  inet_config: '[{"if_name":"br-home"}]',
  radio_config: '[{"if_name":"wifi0"}]',
  radio_if_names: '["wifi0"]',
};

function storeOf(values: { readonly [key: string]: string }) {
  const store = new MemoryStorage().open(storeName);
  for (const [key, value] of Object.entries(values)) store.set(key, value);
  return store;
}

const load = (values: { readonly [key: string]: string }) => loadStored(storeOf(values), "documented");

describe("the stored configuration", () => {
  it("is complete with the keys that the first release stored, NUL at the end or not", () => {
    assert.deepEqual([load(good).state, load(good).faults], ["complete", []]);
    const deployed = Object.fromEntries(Object.entries(good).map(([key, value]) => [key, `${value}\0`]));
    assert.deepEqual(load(deployed), load(good));
  });

  it("is none where nothing is stored but the flag", () => {
    assert.equal(load({}).state, "none");
    assert.equal(load({ gw_offline_cfg: "{}", vif_config: "" }).state, "none");
  });

  for (const [what, change, fault] of [
    ["cut off", { vif_config: '[{"if_name":"ho' }, "vif_config: no JSON, cut off or damaged (15 characters)"],
    ["an object", { inet_config: "{}" }, "inet_config: no list of rows"],
    ["empty", { radio_config: "[]" }, "radio_config: missing or empty"],
    [
      "too long",
      { vif_config: " ".repeat(gwOfflineLimits.valueBytes + 1) },
      "vif_config: more than 4194304 characters",
    ],
  ] as const) {
    it(`is unusable with a needed key that is ${what}`, () => {
      const { state, faults } = load({ ...good, ...change });
      assert.deepEqual([state, faults], ["unusable", [fault]]);
    });
  }

  it("is complete, with a fault, where a key is damaged that is not needed", () => {
    const { state, faults, values } = load({ ...good, dhcp_reserved_ip: "[{" });
    assert.deepEqual([state, faults.length, values.has("dhcp_reserved_ip")], ["complete", 1, false]);
  });

  it("never repeats contents in a fault", () => {
    assert.ok(
      !load({ ...good, vif_config: '[{"wpa_psks":"secret' })
        .faults.join()
        .includes("secret"),
    );
  });

  it("is written as one change, and not at all where nothing differs", () => {
    const storage = new MemoryStorage();
    const store = storage.open(storeName);
    const values = new Map([
      ["vif_config", []],
      ["radio_if_names", ["wifi0"]],
    ] as const);
    saveValues(store, values);
    saveValues(store, values);
    assert.equal(storage.stores()[0]?.writes, 1);
    assert.equal(store.get("radio_if_names"), '["wifi0"]');
  });
});

describe("the stored flag", () => {
  for (const [text, on, fault] of [
    [undefined, false, false],
    ['{"module":"PM","key":"gw_offline_cfg","value":"true","persist":true}\0', true, false],
    ['{"value":"false"}', false, false],
    ['{"value":"TRUE"}', false, false],
    ['{"val', false, true],
    ["[]", false, true],
  ] as const) {
    it(`${text ?? "absent"} is ${on ? "on" : "off"}${fault ? ", with a fault" : ""}`, () => {
      const flag = loadFlag(storeOf(text === undefined ? {} : { gw_offline_cfg: text }));
      assert.deepEqual([flag.on, flag.fault !== undefined], [on, fault]);
    });
  }
});
