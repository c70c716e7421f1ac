import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ApOverrides, VifOverrides } from "@opensync-ts/wireless/contract";
import { problemText } from "./problems.ts";
import type { CredentialConfig, VifConfig } from "./rows.ts";
import { credentialConfig, radioConfig, references, uuid, vifConfig, vifContext } from "./testing/rows.ts";
import { overridesOfRemoved, vifOverrides } from "./vif-config.ts";
import type { VifContext } from "./vif-context.ts";

const context = vifContext();
const ap = (columns: Partial<VifConfig>) => vifOverrides(vifConfig(columns), context);

/** Replaced by the row even where it says nothing. */
const always: ApOverrides = {
  acl: [],
  psks: [],
  neighbors: [],
  ftNeighbors: [],
  radius: [],
  accounting: [],
  passpoint: null,
};

const cases: readonly [what: string, columns: Partial<VifConfig>, asks: VifOverrides][] = [
  ["nothing set: no ACL, no keys, else no opinion", {}, { ap: always }],
  ["enabled", { enabled: true }, { enabled: true, ap: always }],
  ["ssid", { ssid: "Zoë's home" }, { ap: { ...always, ssid: "Zoë's home" } }],
  ["a hidden SSID", { ssid_broadcast: "disabled" }, { ap: { ...always, ssidHidden: true } }],
  ["disabled_null is not hidden", { ssid_broadcast: "disabled_null" }, { ap: { ...always, ssidHidden: false } }],
  ["bridge", { bridge: "br-home" }, { ap: { ...always, bridge: "br-home" } }],
  ["an empty bridge is no opinion", { bridge: "" }, { ap: always }],
  ["ap_bridge is the opposite of isolation", { ap_bridge: false }, { ap: { ...always, isolated: true } }],
  ["mcast2ucast", { mcast2ucast: true }, { ap: { ...always, mcast2ucast: true } }],
  [
    "uapsd_enable brings WMM, even when false",
    { uapsd_enable: false },
    { ap: { ...always, mode: { wmmUapsd: false, wmm: true } } },
  ],
  [
    "rrm and btm",
    { rrm: 1, btm: 0 },
    { ap: { ...always, mode: { rrmNeighborReport: true, wnmBssTransition: false } } },
  ],
  ["group_rekey in seconds", { group_rekey: 86400 }, { ap: { ...always, wpa: { groupRekey: 86400 } } }],
  ["mac_list_type", { mac_list_type: "whitelist" }, { ap: { ...always, aclPolicy: "allow" } }],
  [
    "mac_list in any case, sorted, each once",
    { mac_list_type: "blacklist", mac_list: ["02:00:00:00:00:0B", "02:00:00:00:00:0a", "02:00:00:00:00:0b"] },
    { ap: { ...always, aclPolicy: "deny", acl: ["02:00:00:00:00:0a", "02:00:00:00:00:0b"] as never } },
  ],
];

describe("Wifi_VIF_Config of an AP asks for", () => {
  for (const [what, columns, asks] of cases) {
    it(what, () => assert.deepEqual(ap(columns), { value: asks, problems: [] }));
  }

  it("security and keys as a block", () => {
    const { value } = ap({
      wpa: true,
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["wpa-psk"],
      wpa_psks: new Map([
        ["key", "password-1"],
        ["key-1", "password-2"],
      ]),
    });
    assert.deepEqual(value?.ap?.psks, [
      { keyId: 0, psk: "password-1" },
      { keyId: 1, psk: "password-2" },
    ]);
    assert.deepEqual(value?.ap?.wpa, {
      wpa: false,
      rsn: true,
      akm: ["psk"],
      pairwise: ["ccmp"],
      pmf: "disabled",
      beaconProtection: false,
    });
  });

  it("the keys of a first generation row", () => {
    const security = new Map([
      ["encryption", "WPA-PSK"],
      ["key", "password-1"],
      ["key-7", "password-7"],
      ["mode", "2"],
    ]);
    assert.deepEqual(
      ap({ security }).value?.ap?.psks?.map(({ keyId }) => keyId),
      [0, 7],
    );
  });
});

describe("Wifi_VIF_Config that cannot be", () => {
  const wrong: readonly [what: string, columns: Partial<VifConfig>, column: string, value: string][] = [
    ["an ACL entry", { mac_list: ["02:00:00:00:00:0a", "printer"] }, "mac_list", "printer"],
    ["a key name", { wpa_psks: new Map([["guest", "password-1"]]) }, "wpa_psks", "guest"],
    ["an SSID of 36 octets", { ssid: "é".repeat(18) }, "ssid", "é".repeat(18)],
    ["a bridge name no interface can have", { bridge: "the bridge of the home" }, "bridge", "the bridge of the home"],
    ["a negative group_rekey", { group_rekey: -5 }, "group_rekey", "-5"],
    ["many ACL entries, in one line", { mac_list: [..."abcdefgh"] }, "mac_list", "a b c d e …"],
  ];
  for (const [what, columns, column, value] of wrong) {
    it(`is told and left out, the rest applies: ${what}`, () => {
      const mapped = ap({ enabled: true, bridge: "br-home", ...columns });
      assert.deepEqual(
        mapped.problems.map((problem) => [problem.column, problem.value]),
        [[column, value]],
      );
      assert.equal(mapped.value?.enabled, true);
      if (column !== "bridge") assert.equal(mapped.value?.ap?.bridge, "br-home");
      else assert.equal(mapped.value?.ap?.bridge, undefined);
    });
  }

  const senseless: readonly [what: string, columns: Partial<VifConfig>][] = [
    ["key management that is not supported", { rsn_pairwise_ccmp: true, wpa_key_mgmt: ["dpp"] }],
    ["wpa alone", { wpa: true }],
    ["ciphers alone", { wpa: true, rsn_pairwise_ccmp: true }],
    ["key management with all ciphers off", { wpa: true, rsn_pairwise_ccmp: false, wpa_key_mgmt: ["sae"] }],
    ["an encryption nobody knows", { security: new Map([["encryption", "WEP"]]) }],
  ];
  for (const [what, columns] of senseless) {
    it(`never opens an AP: ${what}`, () => {
      const row = vifConfig({ enabled: true, ssid: "home", ...columns });
      const open = vifOverrides(row, context);
      assert.equal(open.problems.length, 1);
      assert.match(open.problems[0]?.reason ?? "", /keeps the security it has; without any it stays down/);
      assert.deepEqual([open.value?.enabled, open.value?.ap?.ssid, open.value?.ap?.wpa], [false, "home", undefined]);
      const secured = vifOverrides(row, { ...context, secured: true });
      const { enabled, ap: kept } = secured.value ?? {};
      assert.deepEqual([enabled, kept?.wpa, kept?.psks], [true, undefined, undefined]);
    });
  }

  it("asks for an open AP where it says so", () => {
    for (const columns of [{ wpa: false }, { wpa: false, rsn_pairwise_ccmp: false, wpa_key_mgmt: ["sae"] as const }]) {
      const { value, problems } = ap({ enabled: true, ...columns });
      assert.deepEqual(problems, []);
      assert.equal(value?.enabled, true);
      const { wpa, rsn, akm, pmf } = value?.ap?.wpa ?? {};
      assert.deepEqual({ wpa, rsn, akm, pmf }, { wpa: false, rsn: false, akm: [], pmf: "disabled" });
    }
  });

  it("is cut at a character where an SSID is too long", () => {
    assert.equal(ap({ ssid: "é".repeat(18) }).value?.ap?.ssid, "é".repeat(16));
    assert.equal(ap({ ssid: `x${"é".repeat(17)}` }).value?.ap?.ssid, `x${"é".repeat(15)}`);
  });

  it("has no effect where it speaks of another type than the interface is", () => {
    const { value, problems } = ap({ mode: "sta", enabled: true });
    assert.equal(value, null);
    assert.deepEqual(
      problems.map(({ column }) => column),
      ["mode"],
    );
    assert.equal(ap({ mode: "monitor" }).value, null);
  });
});

describe("Wifi_VIF_Config without a mode", () => {
  it("speaks of the type the interface has", () => {
    assert.ok(ap({ mode: null }).value?.ap);
    const unknown = vifOverrides(vifConfig({ mode: null }), { ...context, type: null });
    assert.deepEqual(unknown, { value: null, problems: [] });
  });
});

describe("Wifi_VIF_Config of a STA", () => {
  const sta = (columns: Partial<VifConfig>, more: Partial<VifContext> = {}) =>
    vifOverrides(vifConfig({ mode: "sta", ...columns }), { ...context, type: "sta", ...more });

  /** An enabled row that refers to these. */
  const onboarding = (credentials: readonly Partial<CredentialConfig>[], more: Partial<VifContext> = {}) => {
    const rows = credentials.map((columns, n) => credentialConfig({ _uuid: uuid(20 + n), ...columns }));
    const credential_configs = rows.map(({ _uuid }) => _uuid);
    return sta({ enabled: true, credential_configs }, { references: references({ credentials: rows }), ...more });
  };

  it("with an SSID asks for that network", () => {
    const { value, problems } = sta({
      ssid: "backhaul",
      parent: "02:00:00:00:09:01",
      wpa: true,
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["wpa-psk"],
      wpa_psks: new Map([["key", "password-1"]]),
      multi_ap: "backhaul_sta",
      bridge: "br-home",
    });
    assert.deepEqual(problems, []);
    const [network] = value?.sta?.networks ?? [];
    assert.equal(network?.ssid, "backhaul");
    assert.equal(network?.bssid, "02:00:00:00:09:01");
    assert.equal(network?.psk, "password-1");
    assert.equal(network?.multiAp, true);
    assert.deepEqual(network?.wpa.akm, ["psk"]);
  });

  it("with an SSID and no key that can be used keeps the networks in use: an uplink is not given up for a misspelt key", () => {
    const row = {
      ssid: "backhaul",
      enabled: true,
      wpa: true,
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["wpa-psk"],
    } as const;
    for (const wpa_psks of [new Map<string, string>(), new Map([["key", "short"]])]) {
      const { value, problems } = sta({ ...row, wpa_psks });
      assert.equal(value?.enabled, true);
      assert.equal(value?.sta, undefined);
      assert.match(problems.at(-1)?.reason ?? "", /the networks in use are kept/);
    }
    const open = sta({ ssid: "backhaul", enabled: true, wpa: false });
    assert.deepEqual(
      open.value?.sta?.networks.map(({ ssid, psk }) => [ssid, psk]),
      [["backhaul", ""]],
    );
  });

  it("without one offers every enabled credential, the higher priority of two alike", () => {
    const credentials = [
      { ssid: "onboard", enabled: true, security: new Map([["key", "password-1"]]) },
      { ssid: "onboard", enabled: true, security: new Map([["key", "password-2"]]), priority: 7 },
      { ssid: "map", enabled: true, security: new Map([["key", "password-3"]]), onboard_type: "multi_ap" },
      { ssid: "off", enabled: false, security: new Map([["key", "password-4"]]) },
    ];
    const { value, problems } = onboarding(credentials);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      value?.sta?.networks.map(({ ssid, psk, bridge, multiAp, priority }) => ({
        ssid,
        psk,
        bridge,
        multiAp,
        priority,
      })),
      [
        { ssid: "onboard", psk: "password-2", bridge: "", multiAp: false, priority: 7 },
        { ssid: "map", psk: "password-3", bridge: "br-home", multiAp: true, priority: 0 },
      ],
    );
  });

  it("offers WPA3 on a Wi-Fi 7 radio", () => {
    const credentials = [{ ssid: "onboard", enabled: true, security: new Map([["key", "password-1"]]) }];
    const radio = radioConfig({ hw_mode: "11be" });
    const [network] = onboarding(credentials, { radio }).value?.sta?.networks ?? [];
    assert.deepEqual(network?.wpa.akm, ["psk", "sae", "sae_ext"]);
    assert.equal(network?.wpa.beaconProtection, true);
  });

  it("goes on without a credential that does not exist", () => {
    const { value, problems } = sta({ enabled: true, credential_configs: [uuid(20)] });
    assert.deepEqual(value?.sta?.networks, []);
    assert.match(problems.map(problemText).join(), /no such row in Wifi_Credential_Config/);
  });

  it("asks for no network where there is none", () => {
    assert.deepEqual(sta({ enabled: true }).value, { enabled: true, sta: { networks: [] } });
  });
});

describe("a row that is removed", () => {
  it("leaves its vif disabled, an AP_VLAN to itself", () => {
    assert.deepEqual(overridesOfRemoved("ap"), { enabled: false });
    assert.deepEqual(overridesOfRemoved("sta"), { enabled: false });
    assert.equal(overridesOfRemoved("ap_vlan"), null);
  });
});
