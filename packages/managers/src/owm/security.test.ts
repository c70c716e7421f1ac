import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Wpa } from "@opensync-ts/target/radio";
import { unsetVifState, type VifConfig, type VifStateRecord } from "./rows.ts";
import { apCryptoOf, generationOf, inGenerationOf, securityOf, securityState } from "./security.ts";
import { openWpa, vifConfig, wpa2 } from "./testing/rows.ts";

type Crypto = Omit<Wpa, "groupRekey">;

const open: Crypto = {
  wpa: false,
  rsn: false,
  akm: [],
  pairwise: [],
  pmf: "disabled",
  beaconProtection: false,
};
const wpa2Psk: Crypto = { ...open, rsn: true, akm: ["psk"], pairwise: ["ccmp"] };
const mixedPsk: Crypto = { ...open, wpa: true, rsn: true, akm: ["psk"], pairwise: ["ccmp", "tkip"] };

interface Case {
  readonly what: string;
  readonly generation: 1 | 2 | 3;
  readonly columns: Partial<VifConfig>;
  readonly crypto: Crypto;
}

const psk = new Map([["key", "password-1"]]);

const cases: readonly Case[] = [
  {
    what: "WPA2 personal",
    generation: 3,
    columns: { wpa: true, rsn_pairwise_ccmp: true, wpa_key_mgmt: ["wpa-psk"], wpa_psks: psk },
    crypto: wpa2Psk,
  },
  {
    what: "WPA2/WPA3 transition",
    generation: 3,
    columns: { wpa: true, rsn_pairwise_ccmp: true, wpa_key_mgmt: ["sae", "wpa-psk"], pmf: "optional" },
    crypto: { ...wpa2Psk, akm: ["psk", "sae"], pmf: "optional" },
  },
  {
    what: "WPA3 with GCMP-256 alone (the reference leaves RSN off)",
    generation: 3,
    columns: { wpa: true, rsn_pairwise_gcmp256: true, wpa_key_mgmt: ["sae-ext"], pmf: "required" },
    crypto: { ...open, rsn: true, akm: ["sae_ext"], pairwise: ["gcmp256"], pmf: "required" },
  },
  {
    what: "fast transition with beacon protection",
    generation: 3,
    columns: { wpa: true, rsn_pairwise_ccmp: true, wpa_key_mgmt: ["ft-psk", "wpa-psk"], beacon_protection: true },
    crypto: { ...wpa2Psk, akm: ["ft_psk", "psk"], beaconProtection: true },
  },
  { what: "no security", generation: 2, columns: { wpa: false }, crypto: open },
  { what: "WPA2", generation: 2, columns: { wpa: true, wpa_key_mgmt: ["wpa2-psk"] }, crypto: wpa2Psk },
  {
    what: "WPA and WPA2",
    generation: 2,
    columns: { wpa: true, wpa_key_mgmt: ["wpa-psk", "wpa2-psk"] },
    crypto: { ...mixedPsk },
  },
  {
    what: "WPA only",
    generation: 2,
    columns: { wpa: true, wpa_key_mgmt: ["wpa-psk"] },
    crypto: { ...open, wpa: true, akm: ["psk"], pairwise: ["tkip"] },
  },
  {
    what: "WPA3",
    generation: 2,
    columns: { wpa: true, wpa_key_mgmt: ["sae"] },
    crypto: { ...wpa2Psk, akm: ["sae"], pmf: "required" },
  },
  {
    what: "WPA2 and WPA3",
    generation: 2,
    columns: { wpa: true, wpa_key_mgmt: ["sae", "wpa2-psk"] },
    crypto: { ...wpa2Psk, akm: ["psk", "sae"], pmf: "optional" },
  },
  {
    what: "key management without `wpa` speaks for itself",
    generation: 2,
    columns: { wpa_key_mgmt: ["wpa2-psk"] },
    crypto: wpa2Psk,
  },
  { what: "OPEN", generation: 1, columns: { security: new Map([["encryption", "OPEN"]]) }, crypto: open },
  {
    what: "WPA-PSK, mode 2",
    generation: 1,
    columns: {
      security: new Map([
        ["encryption", "WPA-PSK"],
        ["mode", "2"],
        ["key", "password-1"],
      ]),
    },
    crypto: wpa2Psk,
  },
  {
    what: "WPA-PSK, no mode: mixed",
    generation: 1,
    columns: {
      security: new Map([
        ["encryption", "WPA-PSK"],
        ["key", "password-1"],
      ]),
    },
    crypto: mixedPsk,
  },
  {
    what: "WPA-PSK with ft_psk",
    generation: 1,
    columns: {
      security: new Map([
        ["encryption", "WPA-PSK"],
        ["mode", "2"],
        ["key", "password-1"],
      ]),
      ft_psk: 1,
    },
    crypto: { ...wpa2Psk, akm: ["ft_psk", "psk"] },
  },
];

describe("security columns of three generations", () => {
  for (const { what, generation, columns, crypto } of cases) {
    it(`ask for the same crypto: generation ${generation}, ${what}`, () => {
      const row = vifConfig(columns);
      assert.equal(generationOf(row), generation);
      const { value, problems } = securityOf(row);
      assert.deepEqual(problems, []);
      assert.ok(value);
      assert.deepEqual(apCryptoOf(row.if_name, value), { value: crypto, problems: [] });
    });

    it(`are reported as they were asked for: generation ${generation}, ${what}`, () => {
      const row = vifConfig(columns);
      const state = reported(row, crypto, securityOf(row).value?.wpa_psks ?? new Map());
      const asked = Object.entries(columns).filter(([, value]) => value !== null);
      for (const [column, value] of asked) assert.deepEqual(state[column as keyof VifStateRecord], value, column);
    });
  }

  it("that say nothing leave the security as it is", () => {
    assert.deepEqual(securityOf(vifConfig()), { value: null, problems: [] });
  });

  it("with key management that is not supported leave it as it is, and say so", () => {
    const older = vifConfig({ wpa: true, rsn_pairwise_ccmp: true, wpa_key_mgmt: ["wpa2-psk"] });
    assert.match(apCryptoOf("home-ap-24", older).problems[0]?.reason ?? "", /use wpa-psk instead of wpa2-psk/);
    const row = vifConfig({ wpa: true, rsn_pairwise_ccmp: true, wpa_key_mgmt: ["dpp", "wpa-psk"] });
    const { value, problems } = apCryptoOf(row.if_name, row);
    assert.equal(value, null);
    assert.deepEqual(
      problems.map(({ column, value: name }) => [column, name]),
      [["wpa_key_mgmt", "dpp"]],
    );
  });

  for (const [column, value] of [
    ["encryption", "WEP"],
    ["mode", "7"],
  ] as const) {
    it(`of the first generation with ${column} ${value} are told`, () => {
      const security = new Map([
        ["encryption", "WPA-PSK"],
        ["mode", "2"],
        ["key", "password-1"],
      ]).set(column, value);
      const { problems } = securityOf(vifConfig({ security }));
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.column, "security");
    });
  }

  it("of the first generation that only tag devices have no say on crypto", () => {
    assert.deepEqual(securityOf(vifConfig({ security: new Map([["oftag", "home"]]) })), { value: null, problems: [] });
  });
});

describe("security state", () => {
  it("is in the third generation where nothing is configured", () => {
    const record = reported(null, wpa2, new Map());
    assert.equal(record.rsn_pairwise_ccmp, true);
    assert.equal(record.wpa_pairwise_tkip, false);
    assert.deepEqual(record.wpa_key_mgmt, ["wpa-psk"]);
    assert.deepEqual(reported(null, openWpa, new Map()).wpa, false);
  });

  it("of the first generation shows another mode than asked for as the number it is", () => {
    const row = vifConfig({
      security: new Map([
        ["encryption", "WPA-PSK"],
        ["mode", "mixed"],
        ["key", "password-1"],
      ]),
    });
    assert.equal(reported(row, wpa2Psk, psk).security.get("mode"), "2");
    assert.equal(reported(row, mixedPsk, psk).security.get("mode"), "mixed");
  });

  it("of the first generation keeps the device tags, which no driver knows of", () => {
    const security = new Map([
      ["encryption", "WPA-PSK"],
      ["key", "password-1"],
      ["oftag", "home"],
      ["oftag-key-2", "guest"],
    ]);
    const { security: shown } = reported(vifConfig({ security }), mixedPsk, psk);
    assert.deepEqual([...shown].sort(), [...security].sort());
  });
});

function reported(config: VifConfig | null, crypto: Crypto, psks: ReadonlyMap<string, string>): VifStateRecord {
  return inGenerationOf(config, { ...unsetVifState, ...securityState(crypto), wpa_psks: psks });
}
