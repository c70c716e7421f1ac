/**
 * The mapping tables are whole and true: every column is on one or left out for a reason, every attribute is on one, and
 * what a row asks for it also shows.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { openSync } from "@opensync-ts/schema/opensync";
import { openWpa } from "@opensync-ts/target/plain-ap";
import type { ApMode, PhyState, RegulatoryDomain, StaNetwork } from "@opensync-ts/target/radio";
import { apAttributeNames } from "@opensync-ts/wireless/ap-attributes";
import type { ApOverrides, PhyOverrides } from "@opensync-ts/wireless/contract";
import { phyAttributeNames } from "@opensync-ts/wireless/phy-attributes";
import { apMapping } from "./ap-mapping.ts";
import { apSecurityOf } from "./ap-security.ts";
import { type Attribute, attributeLabel } from "./mapping.ts";
import { passpointOf } from "./passpoint.ts";
import { type Problem, problemText } from "./problems.ts";
import { type RadioFacts, radioConfigLeftOut, radioMapping, radioStateLeftOut } from "./radio-mapping.ts";
import { agreedChannel } from "./radio-state.ts";
import type { RadioConfig, VifConfig, VifStateRecord } from "./rows.ts";
import { securityOf } from "./security.ts";
import { staMapping } from "./sta-mapping.ts";
import { obedientAp, obedientPhy } from "./testing/obedient.ts";
import {
  channel,
  phyState,
  radioConfig,
  references,
  row,
  staVif,
  uuid,
  vifConfig,
  vifContext,
} from "./testing/rows.ts";
import { apVlanMapping, vifConfigLeftOut, vifMapping, vifStateLeftOut } from "./vif-mapping.ts";

interface Line {
  readonly config: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly state: readonly string[];
}

const vifLines: readonly Line[] = [...vifMapping, ...apMapping, ...staMapping, ...apVlanMapping];
const allLines: readonly Line[] = [...radioMapping, ...vifLines];

describe("mapping tables", () => {
  const tables = [
    ["Wifi_Radio_Config", radioMapping.flatMap(({ config }) => config), radioConfigLeftOut],
    ["Wifi_Radio_State", radioMapping.flatMap(({ state }) => state), radioStateLeftOut],
    ["Wifi_VIF_Config", vifLines.flatMap(({ config }) => config), vifConfigLeftOut],
    ["Wifi_VIF_State", vifLines.flatMap(({ state }) => state), vifStateLeftOut],
  ] as const;
  for (const [table, mapped, leftOut] of tables) {
    it(`have every column of ${table}, or say why not`, () => {
      const columns = Object.keys(openSync.tables[table].columns);
      const known = new Set<string>([...mapped, ...Object.keys(leftOut)]);
      assert.deepEqual(
        columns.filter((column) => !known.has(column)),
        [],
      );
      const twice = Object.keys(leftOut).filter((column) => (mapped as readonly string[]).includes(column));
      assert.deepEqual(twice, [], "mapped after all");
      for (const [column, reason] of Object.entries(leftOut)) assert.ok(reason, column);
    });
  }

  it("have every attribute of the radio model but those that no column speaks of", () => {
    const known = new Set(allLines.flatMap(({ attributes }) => attributes.map((each) => each.split(".", 2).join("."))));
    const missing = [
      ...apAttributeNames.map((name) => `ap.${name}`),
      ...phyAttributeNames.map((name) => `phy.${name}`),
    ].filter((name) => !known.has(name));
    assert.deepEqual(missing, ["ap.mbssMode", "ap.mbssGroup", "phy.radarNextChannel"]);
  });

  it("have every mode of an access point but those that no column speaks of", () => {
    const modes: readonly (keyof ApMode)[] = Object.keys(obedientAp({}).ap.mode) as (keyof ApMode)[];
    const known = new Set<string>(allLines.flatMap(({ attributes }) => attributes));
    assert.deepEqual(
      modes.filter((mode) => !known.has(`ap.mode.${mode}`)),
      ["heRequired", "ehtRequired"],
    );
  });

  it("name attributes as logs do", () => {
    const labels = (["ap.ssidHidden", "ap.mode.wnmBssTransition", "ap.wpa.groupRekey", "phy.txChainmask"] as const).map(
      attributeLabel,
    );
    assert.deepEqual(labels, ["ssid_hidden", "mode.wnm_bss_trans", "wpa.group_rekey", "phy.tx_chainmask"]);
  });
});

const nothingWrong = (problem: Problem) => assert.fail(problemText(problem));

/** Columns, what they ask for, and what is then shown, where that is not the columns themselves. */
type Example<Columns, Asked, Shown> = readonly [columns: Columns, asks: Asked, shows?: Shown];

const us: RegulatoryDomain = { country: "US", isoNumber: 840, revision: 4, dfs: "fcc" };
const capable: PhyState = phyState({
  regDomain: us,
  radar: "enabled",
  zeroWaitDfs: "disable",
  punctureSupported: true,
});

const radioExamples: Readonly<Record<string, Example<Partial<RadioConfig>, PhyOverrides, object>>> = {
  enabled: [{ enabled: false }, { enabled: false }],
  "tx_chainmask thermal_tx_chainmask": [
    { tx_chainmask: 7, thermal_tx_chainmask: 3 },
    { txChainmask: 3 },
    { tx_chainmask: 3, thermal_tx_chainmask: 3 },
  ],
  tx_power: [{ tx_power: 17 }, { txPower: 17 }],
  "channel ht_mode freq_band center_freq0_chan puncture_bitmap channel_mode": [
    { channel: 44, ht_mode: "HT80", puncture_bitmap: 8, channel_mode: "manual" },
    { ap: { channel: { ...channel(44, 80), puncture: 8 } } },
    { channel: 44, ht_mode: "HT80", center_freq0_chan: 42, puncture_bitmap: 8 },
  ],
  bcn_int: [{ bcn_int: 200 }, { ap: { beaconInterval: 200 } }],
  "hw_mode freq_band": [
    { hw_mode: "11ac" },
    { ap: { mode: { ht: true, vht: true, he: false, eht: false, wmm: true } } },
  ],
  "supported_rates basic_rates": [
    { supported_rates: ["12", "24", "6"], basic_rates: ["6"] },
    { ap: { rates: { supported: [6, 12, 24], basic: [6] } } },
  ],
  beacon_rate: [{ beacon_rate: "6" }, { ap: { rates: { beacon: { kind: "abg", rate: 6 } } } }],
  mcast_rate: [{ mcast_rate: "24" }, { ap: { rates: { mcast: 24 } } }],
  mgmt_rate: [{ mgmt_rate: "5.5" }, { ap: { rates: { mgmt: 5.5 } } }],
  country: [{ country: "de" }, { regDomain: { country: "DE", isoNumber: 276, revision: 4, dfs: "etsi" } }],
  dfs_demo: [{ dfs_demo: true }, { radar: "disabled" }],
  zero_wait_dfs: [{ zero_wait_dfs: "precac" }, { zeroWaitDfs: "precac" }],
};

describe("Wifi_Radio_Config and Wifi_Radio_State, line by line", () => {
  for (const { config, state, apply, report } of radioMapping) {
    const name = config.join(" ");
    if (apply) {
      const [columns, asks, shows] = radioExamples[name] ?? [];
      it(`${name} asks for what is then shown`, () => {
        assert.ok(columns && asks, "no example");
        const wanted = radioConfig(columns);
        const problems: string[] = [];
        const asked = apply(wanted, {
          row: wanted,
          phy: capable,
          band: "5G",
          report: (column) => problems.push(column),
        });
        assert.deepEqual([asked, problems], [asks, []]);
        const vifs = [{ ...obedientAp(asked.ap ?? {}), txPower: asked.txPower ?? 20 }];
        const phy = obedientPhy(asked, capable);
        const facts: RadioFacts = { phy, vifs, config: wanted, asked, channel: agreedChannel(vifs), radar: null };
        assert.deepEqual(report?.(facts), shows ?? columns);
      });
      it(`${name}: unset is no opinion`, () => {
        const unset = radioConfig();
        assert.deepEqual(apply(unset, { row: unset, phy: capable, band: "5G", report: assert.fail }), {});
      });
    }
    if (report) {
      it(`${state.join(" ")} and no other column is shown`, () => {
        const facts: RadioFacts = { phy: capable, vifs: [], config: null, asked: null, channel: null, radar: null };
        assert.deepEqual(Object.keys(report(facts)).sort(), [...state].sort());
      });
    }
  }
});

const key = "0123456789abcdef".repeat(4);
const radius = row("RADIUS", { _uuid: uuid(31), ip_addr: "192.0.2.1", port: 1812, secret: "radius-secret" });
const accounting = row("RADIUS", { _uuid: uuid(32), ip_addr: "192.0.2.2", port: 1813, secret: "other-secret" });
const passpoint = row("Passpoint_Config", { _uuid: uuid(33), enabled: true, hessid: "02:00:00:00:00:01" });
const neighbor = row("Wifi_VIF_Neighbors", {
  if_name: "home-ap-50",
  bssid: "02:00:00:00:0c:01",
  op_class: 115,
  channel: 36,
  phy_type: 9,
  ft_enabled: true,
  nas_identifier: "other",
  ft_encr_key: key,
});
const context = vifContext({
  references: references({ radius: [radius, accounting], passpoints: [passpoint], neighbors: [neighbor] }),
});

const ofdm = [6, 9, 12, 18, 24, 36, 48, 54] as const;
const securityColumns =
  "wpa wpa_key_mgmt wpa_pairwise_tkip wpa_pairwise_ccmp rsn_pairwise_tkip rsn_pairwise_ccmp rsn_pairwise_ccmp256 " +
  "rsn_pairwise_gcmp rsn_pairwise_gcmp256 pmf beacon_protection";
const everySecurityColumn = {
  wpa: true,
  wpa_key_mgmt: ["ft-sae", "sae"],
  wpa_pairwise_tkip: false,
  wpa_pairwise_ccmp: false,
  rsn_pairwise_tkip: false,
  rsn_pairwise_ccmp: true,
  rsn_pairwise_ccmp256: false,
  rsn_pairwise_gcmp: false,
  rsn_pairwise_gcmp256: true,
  pmf: "required",
  beacon_protection: true,
} as const;
const thatCrypto = {
  wpa: false,
  rsn: true,
  akm: ["ft_sae", "sae"],
  pairwise: ["ccmp", "gcmp256"],
  pmf: "required",
  beaconProtection: true,
} as const;

const apExamples: Readonly<Record<string, Example<Partial<VifConfig>, ApOverrides, Partial<VifStateRecord>>>> = {
  ssid: [{ ssid: "Zoë's home" }, { ssid: "Zoë's home" }],
  ssid_broadcast: [{ ssid_broadcast: "disabled" }, { ssidHidden: true }],
  bridge: [{ bridge: "br-guest" }, { bridge: "br-guest" }],
  ap_bridge: [{ ap_bridge: false }, { isolated: true }],
  mcast2ucast: [{ mcast2ucast: true }, { mcast2ucast: true }],
  uapsd_enable: [{ uapsd_enable: true }, { mode: { wmmUapsd: true, wmm: true } }],
  rrm: [{ rrm: 0 }, { mode: { rrmNeighborReport: false } }],
  btm: [{ btm: 2 }, { mode: { wnmBssTransition: true } }, { btm: 1 }],
  wps: [{ wps: true }, { mode: { wps: true } }],
  mbo: [{ mbo: true }, { mbo: true, oce: true }],
  oce_min_rssi_dbm: [{ oce_min_rssi_dbm: -75 }, { oceMinRssi: -75 }],
  oce_retry_delay_sec: [{ oce_retry_delay_sec: 5 }, { oceRetryDelay: 5 }],
  max_sta: [{ max_sta: 32 }, { maxSta: 32 }],
  min_hw_mode: [
    { min_hw_mode: "11n" },
    {
      mode: { htRequired: true, vhtRequired: false },
      rates: { supported: ofdm, basic: [6, 9, 12], beacon: { kind: "abg", rate: 6 } },
    },
  ],
  multi_ap: [{ multi_ap: "fronthaul_backhaul_bss" }, { multiAp: "fronthaul_backhaul_bss" }],
  mac_list_type: [{ mac_list_type: "whitelist" }, { aclPolicy: "allow" }],
  mac_list: [{ mac_list: ["02:00:00:00:00:0B"] }, { acl: [mac("02:00:00:00:00:0b")] }],
  [securityColumns]: [everySecurityColumn, { wpa: thatCrypto }],
  group_rekey: [{ group_rekey: 3600 }, { wpa: { groupRekey: 3600 } }],
  wpa_psks: [
    { wpa_psks: new Map([["key-3", "password-3"]]), rsn_pairwise_ccmp: true, wpa_key_mgmt: ["wpa-psk"] },
    { psks: [{ keyId: 3, psk: "password-3" }] },
    { wpa_psks: new Map([["key-3", "password-3"]]) },
  ],
  nas_identifier: [{ nas_identifier: "ap1" }, { nasIdentifier: "ap1" }],
  ft_mobility_domain: [{ ft_mobility_domain: 4660 }, { ftMobilityDomain: 4660 }],
  ft_over_ds: [{ ft_over_ds: true }, { ftOverDs: true }],
  ft_pmk_r1_push: [{ ft_pmk_r1_push: true }, { ftPmkR1Push: true }],
  ft_psk_generate_local: [{ ft_psk_generate_local: true }, { ftPskGenerateLocal: true }],
  ft_pmk_r0_key_lifetime_sec: [{ ft_pmk_r0_key_lifetime_sec: 600 }, { ftPmkR0KeyLifetime: 600 }],
  ft_pmk_r1_max_key_lifetime_sec: [{ ft_pmk_r1_max_key_lifetime_sec: 60 }, { ftPmkR1MaxKeyLifetime: 60 }],
  ft_encr_key: [{ ft_encr_key: key }, { ftEncrKey: key }],
  "": [
    {},
    {
      neighbors: [{ bssid: mac("02:00:00:00:0c:01"), bssidInfo: 0x48f, opClass: 115, channel: 36, phyType: 9 }],
      ftNeighbors: [{ bssid: mac("02:00:00:00:0c:01"), nasIdentifier: "other", key }],
    },
  ],
  "primary_radius secondary_radius primary_accounting secondary_accounting": [
    { primary_radius: uuid(31), secondary_accounting: [uuid(32)] },
    {
      radius: [{ server: "192.0.2.1", port: 1812, secret: "radius-secret" }],
      accounting: [{ server: "192.0.2.2", port: 1813, secret: "other-secret" }],
    },
    { primary_radius: uuid(31), secondary_radius: [], primary_accounting: null, secondary_accounting: [uuid(32)] },
  ],
  passpoint_config: [{ passpoint_config: uuid(33) }, { passpoint: passpointOf(passpoint) }],
};

describe("Wifi_VIF_Config and Wifi_VIF_State of an access point, line by line", () => {
  for (const { config, state, apply, report } of apMapping) {
    const name = config.join(" ");
    if (apply) {
      const [columns, asks, shows] = apExamples[name] ?? [];
      it(`${name || "no column"} asks for what is then shown`, () => {
        assert.ok(columns && asks, "no example");
        const wanted = vifConfig(columns);
        const asking = {
          ...context,
          row: wanted,
          security: apSecurityOf(wanted, nothingWrong),
          report: assert.fail,
          reportOther: nothingWrong,
        };
        const asked = apply(wanted, asking);
        assert.deepEqual(asked, asks);
        // What means something with OCE only shows with it only.
        const vif = obedientAp(config.some((column) => column.startsWith("oce_")) ? { oce: true, ...asked } : asked);
        const shown = report?.({ vif, ap: vif.ap, config: wanted, references: context.references });
        if (report) assert.deepEqual(shown, shows ?? columns);
      });
    }
    if (report) {
      it(`${state.join(" ")} and no other column is shown`, () => {
        const vif = obedientAp({});
        const shown = report({ vif, ap: vif.ap, config: null, references: context.references });
        assert.deepEqual(Object.keys(shown).sort(), [...state].sort());
      });
    }
  }
});

const staExamples: Readonly<Record<string, Example<Partial<VifConfig>, Partial<StaNetwork>, Partial<VifStateRecord>>>> =
  {
    ssid: [{ ssid: "backhaul" }, { ssid: "backhaul" }],
    parent: [{ parent: "02:00:00:00:09:01" }, { bssid: mac("02:00:00:00:09:01") }],
    wpa_psks: [{ wpa_psks: new Map([["key-1", "password-1"]]) }, { psk: "password-1" }],
    [securityColumns]: [everySecurityColumn, { wpa: { ...thatCrypto, groupRekey: -1 } }],
    bridge: [{ bridge: "br-home" }, { bridge: "br-home" }],
    multi_ap: [{ multi_ap: "backhaul_sta" }, { multiAp: true }, { multi_ap: "backhaul_sta", wds: true }],
    "": [{}, { priority: 0 }],
  };

describe("Wifi_VIF_Config and Wifi_VIF_State of a STA, line by line", () => {
  for (const { config, state, apply, report } of staMapping) {
    const name = config.join(" ");
    if (apply) {
      const [columns, asks, shows] = staExamples[name] ?? [];
      it(`${name || "no column"} asks for what is then shown`, () => {
        assert.ok(columns && asks, "no example");
        const wanted = vifConfig({ mode: "sta", ...columns });
        const security = securityOf(wanted).value;
        const asked = apply(wanted, { row: wanted, security, report: assert.fail, reportOther: nothingWrong });
        assert.deepEqual(asked, asks);
        const { sta } = staVif({ ...asked, wpa: null });
        const network: StaNetwork = { ...sta.link, bssid: null, wpa: asked.wpa ?? openWpa, priority: 0, ...asked };
        if (report) assert.deepEqual(report({ sta, network, config: wanted }), shows ?? columns);
      });
    }
    if (report) {
      it(`${state.join(" ")} and no other column is shown`, () => {
        const shown = report({ sta: staVif().sta, network: null, config: null });
        assert.deepEqual(Object.keys(shown).sort(), [...state].sort());
      });
    }
  }
});
