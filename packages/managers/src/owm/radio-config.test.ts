import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PhyState } from "@opensync-ts/target/radio";
import type { PhyOverrides } from "@opensync-ts/wireless/contract";
import { radioOverrides } from "./radio-config.ts";
import type { RadioConfig } from "./rows.ts";
import { channel, offered, phyState, radioConfig } from "./testing/rows.ts";

const phy24 = phyState({ name: "wifi0", capabilities: { band: "2.4G" }, channelStates: offered("2.4G", 1, 6, 7, 11) });

const us = { country: "US", isoNumber: 840, revision: 4, dfs: "fcc" } as const;

const phy60 = phyState({ name: "wifi2", capabilities: { band: "6G" }, channelStates: offered("6G", 1, 5, 37) });

const cases: readonly [what: string, columns: Partial<RadioConfig>, asks: PhyOverrides, phy?: PhyState | null][] = [
  ["nothing set: no opinion", {}, {}],
  ["enabled", { enabled: false }, { enabled: false }],
  ["tx_power in dBm", { tx_power: 17 }, { txPower: 17 }],
  ["tx_chainmask", { tx_chainmask: 7 }, { txChainmask: 7 }],
  ["thermal_tx_chainmask replaces tx_chainmask", { tx_chainmask: 15, thermal_tx_chainmask: 1 }, { txChainmask: 1 }],
  ["bcn_int for all APs", { bcn_int: 200 }, { ap: { beaconInterval: 200 } }],
  ["HT80 around the primary", { channel: 44, ht_mode: "HT80" }, { ap: { channel: channel(44, 80) } }],
  ["HT40+ above the primary", { channel: 44, ht_mode: "HT40+" }, { ap: { channel: channel(44, 40) } }],
  ["HT40- below the primary", { channel: 48, ht_mode: "HT40-" }, { ap: { channel: channel(48, 40) } }],
  ["HT2040: 40 MHz where that is possible", { channel: 48, ht_mode: "HT2040" }, { ap: { channel: channel(48, 40) } }],
  [
    "HT2040: 20 MHz where the radio is no wider",
    { channel: 48, ht_mode: "HT2040" },
    { ap: { channel: channel(48, 20) } },
    phyState({ capabilities: { band: "5G", widths: [20] } }),
  ],
  [
    "HT80+80: the second 80 MHz are the first apart",
    { channel: 44, ht_mode: "HT80+80" },
    { ap: { channel: { ...channel(44, 80), width: "80p80", center1: 5530 } } },
  ],
  ["nothing of a channel that the driver chooses", { channel: 44, ht_mode: "HT80", channel_mode: "acs" }, {}],
  ["nothing of a channel that the driver chooses", { channel: 44, ht_mode: "HT80", channel_mode: "auto" }, {}],
  [
    "the channel that somebody chose",
    { channel: 44, ht_mode: "HT80", channel_mode: "manual" },
    { ap: { channel: channel(44, 80) } },
  ],
  [
    "a country, its revision the driver's",
    { country: "DE" },
    { regDomain: { country: "DE", isoNumber: 276, revision: 4, dfs: "etsi" } },
    phyState({ regDomain: us }),
  ],
  ["the country it is in: as the driver has it", { country: "US" }, { regDomain: us }, phyState({ regDomain: us })],
  ["dfs_demo: no radar detection", { dfs_demo: true }, { radar: "disabled" }, phyState({ radar: "enabled" })],
  ["no dfs_demo: radar detection", { dfs_demo: false }, { radar: "enabled" }, phyState({ radar: "disabled" })],
  ["no dfs_demo where there is no detection", { dfs_demo: false }, {}],
  ["zero_wait_dfs", { zero_wait_dfs: "precac" }, { zeroWaitDfs: "precac" }, phyState({ zeroWaitDfs: "disable" })],
  ["no zero_wait_dfs where there is none", { zero_wait_dfs: "disable" }, {}],
  [
    "rates, ascending",
    { supported_rates: ["12", "24", "6", "9"], basic_rates: ["12", "6"], beacon_rate: "6", mcast_rate: "24" },
    {
      ap: {
        rates: {
          supported: [6, 9, 12, 24],
          basic: [6, 12],
          beacon: { kind: "abg", rate: 6 },
          mcast: 24,
        },
      },
    },
  ],
  ["a rate for management frames", { mgmt_rate: "5.5" }, { ap: { rates: { mgmt: 5.5 } } }],
  [
    "a puncture bitmap",
    { channel: 44, ht_mode: "HT80", puncture_bitmap: 8 },
    { ap: { channel: { ...channel(44, 80), puncture: 8 } } },
  ],
  [
    "2.4 GHz HT40 pairs downwards where channel 13 is not offered",
    { if_name: "wifi0", freq_band: "2.4G", channel: 11, ht_mode: "HT40" },
    { ap: { channel: { control: 2462, width: 40, center0: 2452, center1: 0, puncture: 0 } } },
    phy24,
  ],
  [
    "320 MHz with its centre",
    { freq_band: "6G", channel: 37, ht_mode: "HT320", center_freq0_chan: 31 },
    { ap: { channel: { control: 6135, width: 320, center0: 6105, center1: 0, puncture: 0 } } },
    null,
  ],
  [
    "11ax off 6 GHz brings VHT and HT",
    { hw_mode: "11ax" },
    { ap: { mode: { ht: true, vht: true, he: true, eht: false, wmm: true } } },
  ],
  [
    "11be on 6 GHz has neither",
    { freq_band: "6G", hw_mode: "11be" },
    { ap: { mode: { ht: false, vht: false, he: true, eht: true, wmm: true } } },
    phy60,
  ],
  ["11n", { hw_mode: "11n" }, { ap: { mode: { ht: true, vht: false, he: false, eht: false, wmm: true } } }],
  ["11a", { hw_mode: "11a" }, { ap: { mode: { ht: false, vht: false, he: false, eht: false, wmm: false } } }],
];

describe("Wifi_Radio_Config asks for", () => {
  for (const [what, columns, asks, phy = phyState()] of cases) {
    it(what, () => {
      assert.deepEqual(radioOverrides(radioConfig(columns), phy), { value: asks, problems: [] });
    });
  }
});

describe("Wifi_Radio_Config that cannot be", () => {
  for (const bcn_int of [1, 14, 65_536]) {
    it(`is told and left out: a beacon interval of ${bcn_int} TU`, () => {
      const { value, problems } = radioOverrides(radioConfig({ bcn_int, enabled: true }), phyState());
      assert.deepEqual(value, { enabled: true });
      assert.match(problems.map(({ reason }) => reason).join(), /15 to 65535 TU/);
    });
  }

  const wrong: readonly (readonly [
    what: string,
    columns: Partial<RadioConfig>,
    column: string,
    reason: RegExp,
    phy?: PhyState,
  ])[] = [
    [
      "HT80 on 2.4 GHz",
      { freq_band: "2.4G", channel: 6, ht_mode: "HT80" },
      "channel",
      /no HT80 channel on 2.4G/,
      phy24,
    ],
    ["a channel without ht_mode", { channel: 36 }, "channel", /ht_mode is not set/],
    ["another band than the radio's", { freq_band: "2.4G" }, "freq_band", /wifi1 is a 5G radio/],
    [
      "a channel of another band, told as what it is",
      { freq_band: "6G", channel: 37, ht_mode: "HT20" },
      "freq_band",
      /wifi1 is a 5G radio/,
    ],
    ["11ac on 6 GHz", { freq_band: "6G", hw_mode: "11ac" }, "hw_mode", /6 GHz has 11ax and 11be only/, phy60],
    ["a number the band lacks", { channel: 37, ht_mode: "HT20" }, "channel", /no HT20 channel on 5G/],
    [
      "HT320 without a centre",
      { freq_band: "6G", channel: 37, ht_mode: "HT320" },
      "channel",
      /center_freq0_chan is needed/,
      phy60,
    ],
    [
      "HT160 where no block has room",
      { channel: 165, ht_mode: "HT160", center_freq0_chan: 50 },
      "channel",
      /center_freq0_chan 50/,
    ],
    [
      "a channel the radio does not offer",
      { freq_band: "2.4G", channel: 8, ht_mode: "HT20" },
      "channel",
      /does not offer/,
      phy24,
    ],
    ["HT40- where the block lies above", { channel: 36, ht_mode: "HT40-" }, "channel", /no HT40- channel on 5G/],
    ["a country that is none", { country: "ZZ" }, "country", /no ISO 3166/, phyState({ regDomain: us })],
    ["a country where the driver knows of none", { country: "DE" }, "country", /does not say in which country/],
    ["dfs_demo without radar detection", { dfs_demo: true }, "dfs_demo", /no radar detection/],
    ["zero_wait_dfs where there is none", { zero_wait_dfs: "enable" }, "zero_wait_dfs", /falls silent/],
    ["no antenna chain", { tx_chainmask: 0 }, "tx_chainmask", /not a mask/],
  ];
  for (const [what, columns, column, reason, phy = phyState()] of wrong) {
    it(`is told and left out, the rest applies: ${what}`, () => {
      const { value, problems } = radioOverrides(radioConfig({ bcn_int: 100, ...columns }), phy);
      assert.deepEqual(value, { ap: { beaconInterval: 100 } });
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.column, column);
      assert.match(problems[0]?.reason ?? "", reason);
    });
  }

  const partly: readonly (readonly [
    what: string,
    columns: Partial<RadioConfig>,
    asks: PhyOverrides,
    column: string,
    reason: RegExp,
    phy?: PhyState,
  ])[] = [
    [
      "80 MHz on channel 165 of a radio that ends there",
      { channel: 165, ht_mode: "HT80" },
      { ap: { channel: channel(165) } },
      "ht_mode",
      /does not offer channel 169, 173, 177; HT20 is used/,
      phyState({ channelStates: offered("5G", 149, 153, 157, 161, 165) }),
    ],
    [
      "80+80 MHz on a radio with one block",
      { channel: 36, ht_mode: "HT80+80" },
      { ap: { channel: channel(36, 80) } },
      "ht_mode",
      /no second 80 MHz apart from the first; HT80 is used/,
      phyState({ channelStates: offered("5G", 36, 40, 44, 48, 52, 56, 60, 64) }),
    ],
    [
      "a basic rate that is not supported",
      { supported_rates: ["6", "12"], basic_rates: ["1", "6"] },
      { ap: { rates: { supported: [6, 12], basic: [6] } } },
      "basic_rates",
      /not among supported_rates: 1; left out/,
    ],
  ];
  for (const [what, columns, asks, column, reason, phy = phyState()] of partly) {
    it(`is told, and as much of it used as can be: ${what}`, () => {
      const { value, problems } = radioOverrides(radioConfig(columns), phy);
      assert.deepEqual(value, asks);
      assert.deepEqual(
        problems.map((problem) => problem.column),
        [column],
      );
      assert.match(problems[0]?.reason ?? "", reason);
    });
  }
});
