import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { RadarRecord } from "./radar-history.ts";
import { radioOverrides } from "./radio-config.ts";
import { agreedChannel, radioStateRecord } from "./radio-state.ts";
import type { RadioConfig, RadioStateRecord } from "./rows.ts";
import { apState, apVif, channel, offered, phyState, radioConfig, staVif, uuid } from "./testing/rows.ts";

const vifRef = [uuid(2)];

function state(
  facts: { phy?: PhyState; vifs?: readonly VifState[]; config?: RadioConfig | null; radar?: RadarRecord | null } = {},
): RadioStateRecord {
  const { phy = phyState(), vifs = [apVif()], config = null, radar = null } = facts;
  const asked = config && radioOverrides(config, phy).value;
  return radioStateRecord({ phy, vifs, config, asked, channel: agreedChannel(vifs), radar });
}

describe("Wifi_Radio_State", () => {
  it("shows what the radio and its APs report", () => {
    const { if_name, mac, enabled, freq_band, tx_chainmask, tx_power, bcn_int, hw_mode, channel, ht_mode } = state();
    assert.deepEqual(
      { if_name, mac, enabled, freq_band, tx_chainmask, tx_power, bcn_int, hw_mode, channel, ht_mode },
      {
        if_name: "wifi1",
        mac: "02:00:00:00:01:00",
        enabled: true,
        freq_band: "5G",
        tx_chainmask: 15,
        tx_power: 20,
        bcn_int: 100,
        hw_mode: "11ax",
        channel: 36,
        ht_mode: "HT80",
      },
    );
    assert.equal(state().center_freq0_chan, 42);
  });

  it("is there before anything is configured or up", () => {
    const record = state({ vifs: [apVif({ status: "disabled", txPower: 0 })] });
    assert.deepEqual(
      [record.if_name, record.channel, record.tx_power, record.bcn_int, record.hw_mode],
      ["wifi1", null, null, null, "11a"],
    );
    assert.ok(record.allowed_channels.length > 0);
  });

  for (const [band, phy] of [
    ["2.4G", phyState({ channelStates: offered("2.4G", 1, 6, 13) })],
    ["5GL", phyState({ channelStates: offered("5G", 36, 64) })],
    ["5GU", phyState({ channelStates: offered("5G", 100, 149) })],
    ["5G", phyState({ channelStates: offered("5G", 36, 149) })],
    ["6G", phyState({ channelStates: offered("6G", 1, 37) })],
    ["6G", phyState({ channelStates: [], capabilities: { band: "6G" } })],
  ] as const) {
    it(`takes its band, ${band}, from ${phy.channelStates.length} channels on offer`, () => {
      assert.equal(state({ phy }).freq_band, band);
    });
  }

  it("lists channels with the exact texts controllers compare", () => {
    const dfs = ["non_dfs", "cac_possible", "cac_in_progress", "cac_completed", "nol"] as const;
    const channelStates = offered("5G", 36, 52, 56, 60, 64).map((each, index) => ({
      ...each,
      dfs: dfs[index] ?? "nol",
    }));
    const record = state({ phy: phyState({ channelStates: channelStates.reverse() }) });
    assert.deepEqual(record.allowed_channels, [36, 52, 56, 60, 64]);
    assert.deepEqual(Object.fromEntries(record.channels), {
      36: '{"state": "allowed"}',
      52: '{"state": "nop_finished"}',
      56: '{"state": "cac_started"}',
      60: '{"state": "cac_completed"}',
      64: '{"state": "nop_started"}',
    });
  });

  it("shows what only agreement can tell where the APs agree", () => {
    const two = [apVif(), apVif({ name: "bhaul-ap-50", txPower: 10 }, { beaconInterval: 200 })];
    const { bcn_int, tx_power, channel } = state({ vifs: two });
    assert.deepEqual({ bcn_int, tx_power, channel }, { bcn_int: null, tx_power: null, channel: 36 });
  });

  it("names the newest mode any AP runs", () => {
    const mode = (over: object) => apVif({}, { mode: { ...apState().mode, ...over } });
    assert.equal(state({ vifs: [mode({ eht: true }), mode({ he: false })] }).hw_mode, "11be");
    assert.equal(state({ vifs: [mode({ he: false })] }).hw_mode, "11ac");
    assert.equal(state({ vifs: [mode({ he: false, vht: false })] }).hw_mode, "11n");
    const phy = phyState({ channelStates: offered("2.4G", 1) });
    assert.equal(state({ phy, vifs: [] }).hw_mode, "11g");
  });

  it("shows the puncture bitmap only where the radio punctures", () => {
    const vifs = [apVif({}, { channel: { ...channel(36, 80), puncture: 8 } })];
    assert.equal(state({ vifs }).puncture_bitmap, null);
    assert.equal(state({ vifs, phy: phyState({ punctureSupported: true }) }).puncture_bitmap, 8);
  });

  it("echoes what is configured but nobody reports", () => {
    const config = radioConfig({
      channel_mode: "cloud",
      hw_type: "qcn9074",
      hw_config: new Map([["dfs_enable", "1"]]),
      fallback_parents: new Map([["02:00:00:00:09:01", 44]]),
      thermal_tx_chainmask: 3,
      vif_configs: vifRef,
    });
    const regDomain = { country: "US", isoNumber: 840, revision: 58, dfs: "fcc" } as const;
    const record = state({ config, phy: phyState({ regDomain }) });
    for (const column of ["channel_mode", "hw_type", "hw_config", "fallback_parents"] as const)
      assert.deepEqual(record[column], config[column]);
    assert.equal(record.radio_config, config._uuid);
    assert.equal(record.thermal_tx_chainmask, 3);
    assert.deepEqual(Object.fromEntries(record.hw_params), { country_id: "840", reg_domain: "58" });
    assert.equal(record.country, "US");
  });

  it("finds the country by its number where the driver knows no letters", () => {
    const regDomain = { country: "", isoNumber: 276, revision: 0, dfs: "etsi" } as const;
    assert.equal(state({ phy: phyState({ regDomain }) }).country, "DE");
    assert.equal(state({ phy: phyState({ regDomain: { ...regDomain, isoNumber: 999 } }) }).country, null);
  });

  it("shows the configured channel and modes of a radio that has no vif to configure", () => {
    const config = radioConfig({ channel: 100, ht_mode: "HT40", hw_mode: "11ac" });
    const vifs = [apVif({ status: "disabled" })];
    const { channel, ht_mode, hw_mode } = state({ config, vifs });
    assert.deepEqual({ channel, ht_mode, hw_mode }, { channel: 100, ht_mode: "HT40", hw_mode: "11ac" });
    assert.equal(state({ config: { ...config, vif_configs: vifRef }, vifs }).channel, null);
    assert.equal(state({ config }).channel, 36, "what runs is what is shown");
  });

  it("shows of such a radio nothing that it cannot do", () => {
    const phy = phyState({ capabilities: { band: "5G", modes: ["ht", "vht", "he"] } });
    const shown = (columns: Partial<RadioConfig>) => {
      const { channel, ht_mode, hw_mode } = state({ config: radioConfig(columns), vifs: [], phy });
      return { channel, ht_mode, hw_mode };
    };
    assert.deepEqual(shown({ channel: 200, ht_mode: "HT80", hw_mode: "11ac" }), {
      channel: null,
      ht_mode: null,
      hw_mode: "11ac",
    });
    assert.deepEqual(shown({ ht_mode: "HT80", hw_mode: "11be" }), { channel: null, ht_mode: "HT80", hw_mode: "11ax" });
  });
});

describe("the channel of a radio", () => {
  it("is the one of all enabled APs and connected STAs", () => {
    assert.deepEqual(agreedChannel([apVif(), staVif()]), channel(36, 80));
    assert.equal(agreedChannel([apVif(), staVif({ channel: channel(149, 80) })]), null);
    assert.deepEqual(agreedChannel([apVif(), staVif({ status: "connecting", channel: null })]), channel(36, 80));
    assert.deepEqual(
      agreedChannel([apVif({ status: "disabled" }, { channel: channel(149) }), apVif()]),
      channel(36, 80),
    );
  });

  it("is unknown where no AP is up", () => {
    assert.equal(agreedChannel([]), null);
  });
});
