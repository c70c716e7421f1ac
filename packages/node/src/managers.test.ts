import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gwOfflineOptions, services } from "./managers.ts";
import { loadProfile, profileNames } from "./profiles.ts";

const valuesOf = (name: string, environment = {}) => loadProfile(name, services, environment).values;

describe("what the profile sets for cloudless operation", () => {
  it("is in every profile, in milliseconds", () => {
    for (const name of profileNames()) {
      const { lanBridge, debounceMs } = gwOfflineOptions(valuesOf(name));
      assert.deepEqual([lanBridge, debounceMs], ["br-home", 15_000], name);
    }
  });

  it("can be the 30 seconds of older releases, and the keys of 7.0", () => {
    const environment = { CONFIG_PM_GW_OFFLINE_DEBOUNCE: "30", CONFIG_PM_GW_OFFLINE_KEYS: "7.0" };
    const { debounceMs, keys } = gwOfflineOptions(valuesOf("default", environment));
    assert.deepEqual([debounceMs, keys], [30_000, "7.0"]);
  });

  it("is refused with a set of keys that there is not, in one line with those there are", () => {
    const values = valuesOf("default", { CONFIG_PM_GW_OFFLINE_KEYS: "toString" });
    assert.throws(() => gwOfflineOptions(values), /PM_GW_OFFLINE_KEYS is 'toString'; use documented or 7\.0$/);
  });
});
