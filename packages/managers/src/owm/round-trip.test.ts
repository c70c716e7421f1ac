/**
 * What a controller relies on: a driver that does what it is asked makes state rows read like the configuration rows,
 * column by column and spelling by spelling. Otherwise it would configure for ever.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { radioOverrides } from "./radio-config.ts";
import { agreedChannel, radioStateRecord } from "./radio-state.ts";
import type { RadioConfig, VifConfig } from "./rows.ts";
import { obedientAp, obedientPhy } from "./testing/obedient.ts";
import { phyState, radioConfig, references, row, staVif, uuid, vifConfig, vifContext } from "./testing/rows.ts";
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

/** The last two are rows for one and the same server. */
const servers = [41, 42, 43, 44].map((n) =>
  row("RADIUS", { _uuid: uuid(n), ip_addr: `192.0.2.${Math.min(n, 43)}`, port: 1812, secret: "radius-secret" }),
);
const someServers = fc.subarray(servers.map(({ _uuid }) => _uuid));

const context = vifContext({
  references: references({
    radius: servers,
    passpoints: [row("Passpoint_Config", { _uuid: uuid(50), enabled: true, hessid: "02:00:00:00:00:01" })],
  }),
});

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
    wps: maybe(fc.boolean()),
    mbo: maybe(fc.boolean()),
    max_sta: maybe(fc.integer({ min: 0, max: 128 })),
    min_hw_mode: maybe(fc.constantFrom("11a", "11g", "11n", "11ac")),
    multi_ap: maybe(fc.constantFrom("none", "backhaul_bss", "fronthaul_bss", "fronthaul_backhaul_bss")),
    nas_identifier: maybe(fc.string({ minLength: 1, maxLength: 48, unit: "grapheme-ascii" })),
    ft_mobility_domain: maybe(fc.integer({ min: 0, max: 65_535 })),
    ft_over_ds: maybe(fc.boolean()),
    ft_pmk_r1_push: maybe(fc.boolean()),
    ft_psk_generate_local: maybe(fc.boolean()),
    ft_pmk_r0_key_lifetime_sec: maybe(fc.integer({ min: 60, max: 1_209_600 })),
    ft_pmk_r1_max_key_lifetime_sec: maybe(fc.integer({ min: 0, max: 1_209_600 })),
    ft_encr_key: maybe(fc.constantFrom("0123456789abcdef".repeat(4), "FEDCBA9876543210".repeat(4))),
    primary_radius: maybe(fc.constantFrom(...servers.map(({ _uuid }) => _uuid))),
    secondary_radius: someServers,
    primary_accounting: maybe(fc.constantFrom(...servers.map(({ _uuid }) => _uuid))),
    secondary_accounting: someServers,
    passpoint_config: maybe(fc.constant(uuid(50))),
  })
  // Shown with OCE only.
  .chain((common) =>
    common.mbo
      ? fc
          .record({
            oce_min_rssi_dbm: maybe(fc.integer({ min: -127, max: -30 })),
            oce_retry_delay_sec: maybe(fc.integer({ min: 0, max: 255 })),
          })
          .map((oce) => ({ ...common, ...oce }))
      : fc.constant(common),
  )
  .chain((common) =>
    fc
      .oneof(thirdGeneration, secondGeneration, firstGeneration)
      .map((security) => ({ ...common, ...security }) as Partial<VifConfig>),
  );

describe("a driver that does what it is asked", () => {
  it("makes Wifi_VIF_State read like Wifi_VIF_Config", () => {
    fc.assert(
      fc.property(vifColumns, (columns) => {
        const config = vifConfig(columns);
        const { value, problems } = vifOverrides(config, context);
        assert.deepEqual(problems, []);
        assert.ok(value?.ap);
        const state = vifStateRecord(obedientAp(value.ap), config, context.references);
        for (const [column, asked] of Object.entries(columns)) {
          if (asked !== null) assert.deepEqual(plain(state[column as keyof typeof state]), plain(asked), column);
        }
      }),
    );
  });

  it("makes Wifi_VIF_State of a STA read like Wifi_VIF_Config", () => {
    const columns: fc.Arbitrary<Partial<VifConfig>> = fc
      .record({
        ssid: fc.string({ minLength: 1, maxLength: 32, unit: "grapheme-ascii" }),
        parent: maybe(fc.constant("02:00:00:00:09:01")),
        bridge: maybe(fc.constantFrom("", "br-home")),
        multi_ap: maybe(fc.constantFrom("none", "backhaul_sta")),
      })
      .chain((common) =>
        fc
          .oneof(thirdGeneration, secondGeneration)
          .filter(({ wpa_psks }) => (wpa_psks?.size ?? 0) <= 1)
          .map((security) => ({ ...common, ...security })),
      );
    fc.assert(
      fc.property(columns, (asked) => {
        const config = vifConfig({ if_name: "bhaul-sta-50", mode: "sta", enabled: true, ...asked });
        const { value, problems } = vifOverrides(config, { ...context, type: "sta" });
        assert.deepEqual(problems, []);
        const networks = value?.sta?.networks ?? [];
        const [network] = networks;
        assert.ok(network);
        const { ssid, bridge, multiAp } = network;
        const state = vifStateRecord(staVif({ ssid, bridge, multiAp }, networks), config);
        for (const [column, wanted] of Object.entries(asked)) {
          if (wanted !== null) assert.deepEqual(plain(state[column as keyof typeof state]), plain(wanted), column);
        }
      }),
    );
  });

  it("makes Wifi_Radio_State read like Wifi_Radio_Config", () => {
    const place = fc.oneof(
      fc.record({
        channel: fc.constantFrom(36, 40, 44, 48, 100, 104, 149, 157),
        ht_mode: fc.constantFrom<RadioConfig["ht_mode"]>("HT20", "HT40", "HT80", "HT2040", "HT80+80"),
      }),
      fc.record({ channel: fc.constantFrom(36, 44), ht_mode: fc.constant<RadioConfig["ht_mode"]>("HT40+") }),
      fc.record({ channel: fc.constantFrom(40, 48), ht_mode: fc.constant<RadioConfig["ht_mode"]>("HT40-") }),
      fc.record({
        channel: fc.constant(44),
        ht_mode: fc.constant<RadioConfig["ht_mode"]>("HT80"),
        center_freq0_chan: fc.constant(42),
        puncture_bitmap: fc.constantFrom(0, 1, 2, 8),
      }),
    );
    const rates = fc.subarray<RadioConfig["basic_rates"][number]>(["12", "18", "24", "48", "6", "9"], { minLength: 1 });
    const columns: fc.Arbitrary<Partial<RadioConfig>> = fc
      .record({
        enabled: maybe(fc.boolean()),
        hw_mode: fc.constantFrom("11a", "11n", "11ac", "11ax", "11be"),
        bcn_int: maybe(fc.integer({ min: 15, max: 1000 })),
        tx_power: maybe(fc.integer({ min: 1, max: 30 })),
        tx_chainmask: maybe(fc.integer({ min: 1, max: 15 })),
        channel_mode: maybe(fc.constantFrom("manual", "cloud")),
        country: maybe(fc.constantFrom("US", "DE", "us", "jp")),
        dfs_demo: maybe(fc.boolean()),
        zero_wait_dfs: maybe(fc.constantFrom("disable", "enable", "precac")),
        supported_rates: rates,
        beacon_rate: maybe(fc.constantFrom("6", "12")),
        mcast_rate: maybe(fc.constantFrom("6", "24")),
        mgmt_rate: maybe(fc.constantFrom("6", "12")),
        hw_type: maybe(fc.constantFrom("sim", "qcn9074")),
        hw_config: fc.constantFrom(new Map(), new Map([["dfs_enable", "1"]])),
        fallback_parents: fc.constantFrom(new Map(), new Map([["02:00:00:00:09:01", 44]])),
      })
      .chain((common) =>
        fc
          .record({ place, basic_rates: fc.subarray([...common.supported_rates]) })
          .map(({ place: where, basic_rates }) => ({ ...common, ...where, basic_rates })),
      );
    const able = phyState({
      radar: "enabled",
      zeroWaitDfs: "disable",
      punctureSupported: true,
      regDomain: { country: "US", isoNumber: 840, revision: 1, dfs: "fcc" },
    });
    fc.assert(
      fc.property(columns, (asked) => {
        const config = radioConfig({ ...asked, vif_configs: [uuid(2)] });
        const { value, problems } = radioOverrides(config, able);
        assert.deepEqual(problems, []);
        const vifs = [{ ...obedientAp(value.ap ?? {}), txPower: value.txPower ?? 20 }];
        const phy = obedientPhy(value, able);
        const state = radioStateRecord({ phy, vifs, config, asked: value, channel: agreedChannel(vifs), radar: null });
        for (const [column, wanted] of Object.entries(asked)) {
          // An empty set is no opinion.
          if (wanted !== null && !(Array.isArray(wanted) && wanted.length === 0))
            assert.deepEqual(plain(state[column as keyof typeof state]), plain(wanted), column);
        }
      }),
    );
  });
});

/** Maps whatever their order. */
function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function hex(n: number): string {
  return n.toString(16).padStart(2, "0");
}
