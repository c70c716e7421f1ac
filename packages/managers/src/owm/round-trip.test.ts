/**
 * What a controller relies on: a driver that does what it is asked makes state rows read like the configuration rows,
 * column by column and spelling by spelling. Otherwise it would configure for ever.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApState, VifState } from "@opensync-ts/target/radio";
import type { ApOverrides } from "@opensync-ts/wireless/contract";
import fc from "fast-check";
import { radioOverrides } from "./radio-config.ts";
import { agreedChannel, radioStateRecord } from "./radio-state.ts";
import type { RadioConfig, VifConfig } from "./rows.ts";
import { apState, apVif, phyState, radioConfig, uuid, vifConfig, vifContext } from "./testing/rows.ts";
import { vifOverrides } from "./vif-config.ts";
import { vifStateRecord } from "./vif-state.ts";

const sorted = (values: readonly string[]) => [...new Set(values)].sort();
const address = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.boolean())
  .map(([n, upper]) => `02:00:00:00:00:${upper ? hex(n).toUpperCase() : hex(n)}`);
const psk = fc.string({ minLength: 8, maxLength: 63, unit: "grapheme-ascii" });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value);

/** Addresses that differ in more than case: a driver knows each once. */
const macList = fc
  .uniqueArray(address, { maxLength: 6, selector: (text) => text.toLowerCase() })
  .map((macs) => sorted(macs));

const keyNames = ["key", "key-0", "key-1", "key-2", "key-17"] as const;
const psks = (maxKeys: number) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...keyNames), psk), {
      minLength: 1,
      maxLength: maxKeys,
      selector: ([name]) => (name === "key-0" ? "key" : name),
    })
    .map((keys) => new Map([...keys].sort(([a], [b]) => (a < b ? -1 : 1))));

type Security = Partial<VifConfig>;

const thirdGeneration: fc.Arbitrary<Security> = fc.oneof(
  fc.record({
    wpa: fc.constant(true),
    wpa_pairwise_tkip: fc.constant(false),
    wpa_pairwise_ccmp: fc.constant(false),
    rsn_pairwise_tkip: fc.constant(false),
    rsn_pairwise_ccmp: fc.constant(true),
    wpa_key_mgmt: fc.constantFrom<VifConfig["wpa_key_mgmt"]>(["wpa-psk"], ["ft-psk", "wpa-psk"], ["wpa-psk-sha256"]),
    pmf: fc.constantFrom("disabled", "optional", "required"),
    beacon_protection: fc.boolean(),
    wpa_psks: psks(4),
  }),
  fc.record({
    wpa: fc.constant(true),
    rsn_pairwise_ccmp: fc.constant(true),
    rsn_pairwise_gcmp256: fc.boolean(),
    wpa_key_mgmt: fc.constantFrom<VifConfig["wpa_key_mgmt"]>(["sae"], ["sae", "wpa-psk"], ["sae", "sae-ext"]),
    pmf: fc.constantFrom("optional", "required"),
    wpa_psks: psks(1),
  }),
);

const secondGeneration: fc.Arbitrary<Security> = fc.oneof(
  fc.record({
    wpa: fc.constant(true),
    wpa_key_mgmt: fc.constantFrom<VifConfig["wpa_key_mgmt"]>(
      ["wpa2-psk"],
      ["wpa-psk"],
      ["wpa-psk", "wpa2-psk"],
      ["sae", "wpa2-psk"],
      ["sae"],
    ),
    wpa_psks: psks(1),
  }),
  fc.record({ wpa: fc.constant(false) }),
);

const firstGeneration: fc.Arbitrary<Security> = fc
  .record({
    mode: fc.option(fc.constantFrom("1", "2", "3", "mixed")),
    keys: psks(3),
    tag: maybe(fc.constant("guests")),
  })
  .map(({ mode, keys, tag }) => ({
    security: new Map([
      ["encryption", "WPA-PSK"],
      ...(mode === null ? [] : [["mode", mode] as const]),
      ...(tag === null ? [] : [["oftag", tag] as const]),
      ...keys,
    ]),
  }));

const vifColumns: fc.Arbitrary<Partial<VifConfig>> = fc
  .record({
    enabled: fc.constant(true),
    ssid: fc.string({ minLength: 1, maxLength: 32, unit: "grapheme-ascii" }),
    ssid_broadcast: maybe(fc.constantFrom("enabled", "disabled")),
    bridge: maybe(fc.constantFrom("br-home", "br-guest")),
    ap_bridge: maybe(fc.boolean()),
    mcast2ucast: maybe(fc.boolean()),
    uapsd_enable: maybe(fc.boolean()),
    rrm: maybe(fc.constantFrom(0, 1)),
    btm: maybe(fc.constantFrom(0, 1)),
    group_rekey: maybe(fc.integer({ min: 0, max: 86_400 })),
    mac_list: macList,
    mac_list_type: maybe(fc.constantFrom("none", "whitelist", "blacklist")),
    vif_radio_idx: maybe(fc.integer({ min: 0, max: 8 })),
  })
  .chain((common) =>
    fc
      .oneof(thirdGeneration, secondGeneration, firstGeneration)
      .map((security) => ({ ...common, ...security }) as Partial<VifConfig>),
  );

describe("a driver that does what it is asked", () => {
  it("makes Wifi_VIF_State read like Wifi_VIF_Config", () => {
    fc.assert(
      fc.property(vifColumns, (columns) => {
        const row = vifConfig(columns);
        const { value, problems } = vifOverrides(row, vifContext());
        assert.deepEqual(problems, []);
        assert.ok(value?.ap);
        const state = vifStateRecord(obedient(value.ap), row);
        for (const [column, asked] of Object.entries(columns)) {
          if (asked !== null) assert.deepEqual(plain(state[column as keyof typeof state]), plain(asked), column);
        }
      }),
    );
  });

  it("makes Wifi_Radio_State read like Wifi_Radio_Config", () => {
    const columns: fc.Arbitrary<Partial<RadioConfig>> = fc.record({
      enabled: maybe(fc.boolean()),
      channel: fc.constantFrom(36, 40, 44, 48, 100, 104, 149, 157),
      ht_mode: fc.constantFrom("HT20", "HT40", "HT80"),
      hw_mode: fc.constantFrom("11a", "11n", "11ac", "11ax", "11be"),
      bcn_int: maybe(fc.integer({ min: 15, max: 1000 })),
      tx_power: maybe(fc.integer({ min: 1, max: 30 })),
      tx_chainmask: maybe(fc.integer({ min: 1, max: 15 })),
    });
    fc.assert(
      fc.property(columns, (asked) => {
        const config = radioConfig({ ...asked, vif_configs: [uuid(2)] });
        const { value, problems } = radioOverrides(config, phyState());
        assert.deepEqual(problems, []);
        const vifs = [{ ...obedient(value.ap ?? {}), txPower: value.txPower ?? 20 }];
        const phy = phyState({ enabled: value.enabled ?? true, txChainmask: value.txChainmask ?? 15 });
        const state = radioStateRecord({ phy, vifs, config, asked: value, channel: agreedChannel(vifs), radar: null });
        for (const [column, wanted] of Object.entries(asked)) {
          if (wanted !== null) assert.deepEqual(state[column as keyof typeof state], wanted, column);
        }
      }),
    );
  });
});

function obedient(asked: ApOverrides): VifState & { readonly type: "ap" } {
  const base = apState();
  const ap: ApState = {
    ...base,
    ...asked,
    mode: { ...base.mode, ...asked.mode },
    rates: { ...base.rates, ...asked.rates },
    wpa: { ...base.wpa, ...asked.wpa },
  };
  return apVif({}, ap);
}

/** Maps whatever their order. */
function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function hex(n: number): string {
  return n.toString(16).padStart(2, "0");
}
