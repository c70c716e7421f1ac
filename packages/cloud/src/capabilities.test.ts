/** What a node cannot do it is not asked for; what is left is, and there is a reason to read. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { desiredState } from "./desired.ts";
import { type HomeNode, parseHome } from "./home.ts";
import { type NodeFacts, nodeFacts, type RadioFacts } from "./node-facts.ts";
import type { NodeLimits } from "./node-limits.ts";
import type { FrequencyBand } from "./radio-bands.ts";
import type { DesiredState } from "./rows.ts";

const american5 = [
  36, 40, 44, 48, 52, 56, 60, 64, 100, 104, 108, 112, 116, 132, 136, 140, 144, 149, 153, 157, 161, 165,
];

function radio(band: FrequencyBand, parts: Partial<RadioFacts> = {}): RadioFacts {
  return { ifName: "wifi0", band, configured: true, allowedChannels: [], barred: [], chains: null, ...parts };
}

function facts(radios: readonly RadioFacts[], model: string | null = null): NodeFacts {
  return { ...nodeFacts(() => new Map()), radios, self: { key: { id: "gw" }, model, mqttSettings: new Map() } };
}

function desired(parts: object, of: NodeFacts, limits?: NodeLimits, id = "gw"): DesiredState {
  const nodes = [
    { id: "gw", role: "gateway", ...(limits && { limits }) },
    { id: "attic", role: "extender", uplink: "wifi" },
    { id: "shed", role: "extender", uplink: "wifi", parent: "attic" },
    { id: "barn", role: "extender", uplink: "ethernet", parent: "attic" },
    { id: "roof", role: "extender", uplink: "wifi", parent: "gw" },
  ];
  const backhaul = { ssid: "Between", psk: "known to extenders" };
  const home = parseHome(JSON.stringify({ name: "Home", nodes, backhaul, ...parts }), "home.json");
  return desiredState(home, home.nodes.find((node) => node.id === id) as HomeNode, of);
}

const columnsOf = ({ rows }: DesiredState, id: string) => rows.find((row) => row.id === id)?.columns;
const reasons = ({ refusals }: DesiredState) => refusals.map(({ reason }) => reason);

describe("a channel", () => {
  const wifi5 = radio("5G", { allowedChannels: american5 });
  for (const [what, of, opinion, limits, columns, reason] of [
    ["as stated", wifi5, { channel: 36, width: 160 }, {}, { channel: 36, ht_mode: "HT160" }, null],
    [
      "as wide as the country allows",
      wifi5,
      { channel: 100, width: 160 },
      {},
      { channel: 100, ht_mode: "HT80" },
      /^with 160 MHz it would be on 120, 124, 128, too, which wifi0 does not allow: it is 80 MHz wide instead of 160$/,
    ],
    [
      "as wide as there are channels",
      wifi5,
      { channel: 165, width: 80 },
      {},
      { channel: 165, ht_mode: "HT20" },
      /which wifi0 does not allow: it is 20 MHz wide instead of 80/,
    ],
    [
      "as wide as the radio is able to",
      wifi5,
      { channel: 36, width: 160 },
      { bands: { "5G": { width: 80 } } },
      { channel: 36, ht_mode: "HT80" },
      /^wifi0 can be 80 MHz wide at most: it is 80 MHz wide instead of 160$/,
    ],
    [
      "as wide as radar leaves it",
      { ...wifi5, barred: [56] },
      { channel: 36, width: 160 },
      {},
      { channel: 36, ht_mode: "HT80" },
      /on 56, too, where radar was heard/,
    ],
    [
      "not at all where radar was heard on it",
      { ...wifi5, barred: [52, 56, 60, 64] },
      { channel: 52, width: 80, power: 20 },
      {},
      { tx_power: 20 },
      /^radar was heard on channel 52/,
    ],
    [
      "of 40 MHz on 2.4 GHz, upwards or downwards",
      radio("2.4G", { allowedChannels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }),
      { channel: 11, width: 40 },
      {},
      { channel: 11, ht_mode: "HT40" },
      null,
    ],
    [
      "that only has a width",
      radio("6G"),
      { width: 320 },
      { width: 160 },
      { ht_mode: "HT160" },
      /^wifi0 can be 160 MHz wide at most/,
    ],
    [
      "unknown to a node that lists none: as stated",
      radio("5G"),
      { channel: 100, width: 160 },
      {},
      { channel: 100, ht_mode: "HT160" },
      null,
    ],
  ] as const) {
    it(`is asked for ${what}`, () => {
      const state = desired({ radios: [{ band: of.band, ...opinion }] }, facts([of]), limits as NodeLimits);
      assert.deepEqual(columnsOf(state, "Wifi_Radio_Config wifi0"), columns);
      const [found, ...others] = reasons(state);
      assert.deepEqual(others, []);
      if (reason) assert.match(found ?? "", reason);
      else assert.equal(found, undefined);
    });
  }

  it("is known by the model that the node says it is, unless the home says otherwise of the node", () => {
    const state = (limits?: NodeLimits) =>
      desired({ radios: [{ band: "5G", channel: 100, width: 160 }] }, facts([radio("5GU")], "SIM-GW-5LU"), limits);
    assert.equal(columnsOf(state(), "Wifi_Radio_Config wifi0")?.ht_mode, "HT80");
    assert.equal(columnsOf(state({ width: 160 }), "Wifi_Radio_Config wifi0")?.ht_mode, "HT160");
  });

  it("of a band that the named node has no radio of is refused there", () => {
    const state = desired({ radios: [{ band: "6G", node: "gw", channel: 37, width: 80 }] }, facts([wifi5]));
    assert.deepEqual(state.refusals, [
      {
        id: "Wifi_Radio_Config 6G",
        stated: "radios[0]",
        reason: "the node has no radio of 6G with channel 37 (it has wifi0 5G)",
      },
    ]);
    assert.deepEqual(reasons(desired({ radios: [{ band: "6G", node: "gw", power: 9 }] }, facts([]))), []);
  });
});

describe("chains", () => {
  for (const [what, chains, of, limits, mask, reason] of [
    ["fewer than there are", 1, { mask: 3, isAll: true }, {}, 1, null],
    ["as many as before", 2, { mask: 3, isAll: false }, {}, 3, null],
    ["more than the radio shows: nothing", 4, { mask: 3, isAll: true }, {}, undefined, /^wifi0 has 2 chains/],
    ["more than its model has: all of them", 4, { mask: 1, isAll: false }, { chains: 2 }, 3, /^wifi0 has 2 chains/],
    ["more than are chosen now, of a radio that nobody knows", 4, { mask: 3, isAll: false }, {}, 15, null],
    ["of a driver that does not show any: nothing", 2, null, {}, undefined, /does not report its chains/],
  ] as const) {
    it(`are asked for: ${what}`, () => {
      const state = desired(
        { radios: [{ band: "5G", chains }] },
        facts([radio("5G", { chains: of })]),
        limits as NodeLimits,
      );
      assert.equal(columnsOf(state, "Wifi_Radio_Config wifi0")?.tx_chainmask, mask);
      if (reason) assert.match(reasons(state).join(), reason);
      else assert.deepEqual(reasons(state), []);
    });
  }
});

describe("an access point", () => {
  const keys = ["key-3", "key-1", "key-2"].map((id) => ({ id, psk: `the passphrase of ${id}`, zone: "home" }));
  const macs = [3, 1, 2].map((last) => `02:00:00:00:00:0${last}`);
  const network = (parts: object = {}) => ({
    networks: [{ ssid: "Home", security: { mode: "wpa2-wpa3", keys }, ...parts }],
  });

  it("gets the keys that fit, the first by number, and none of the others' tags", () => {
    const state = desired(network(), facts([radio("2.4G")]), { keys: 2 });
    const { wpa_psks, wpa_oftags } = columnsOf(state, "Wifi_VIF_Config home-ap-24") ?? {};
    assert.deepEqual([...(wpa_psks as Map<string, string>).keys()], ["key-1", "key-2"]);
    assert.deepEqual([...(wpa_oftags as Map<string, string>).keys()], ["key-1", "key-2"]);
    const [refusal] = state.refusals;
    assert.deepEqual(
      [refusal?.id, refusal?.stated, refusal?.reason],
      [
        "Wifi_VIF_Config home-ap-24 wpa_psks",
        "networks[0].security.keys",
        "home-ap-24 holds 2 of 3 keys; left out there: key-3",
      ],
    );
  });

  for (const [policy, meaning] of [
    ["allow", "not let in there"],
    ["deny", "not kept out there"],
  ]) {
    it(`gets the addresses of '${policy}' that fit, in the order of the home, and says what that means for the rest`, () => {
      const state = desired(network({ acl: { policy, macs } }), facts([radio("2.4G")]), { acl: 2 });
      const { mac_list } = columnsOf(state, "Wifi_VIF_Config home-ap-24") ?? {};
      assert.deepEqual(mac_list, [macs[1], macs[0]]);
      assert.deepEqual(reasons(state), [`home-ap-24 holds 2 of 3 addresses; ${meaning}: ${macs[2]}`]);
    });
  }

  it("is never cut short where nobody knows a limit", () => {
    const state = desired(network({ acl: { policy: "allow", macs } }), facts([radio("2.4G")]));
    assert.deepEqual(reasons(state), []);
  });

  it("for extenders waits where the home's takes the only place", () => {
    const [of, limits] = [
      facts([radio("5G"), radio("2.4G", { ifName: "wifi1" })]),
      { bands: { "5G": { accessPoints: 1 } } },
    ];
    const state = desired(network(), of, limits);
    const ids = state.rows.filter(({ table }) => table === "Wifi_VIF_Config").map(({ key }) => key.if_name);
    assert.deepEqual(ids, ["home-ap-50", "home-ap-24", "bhaul-ap-24"]);
    const about = state.refusals.find(({ id }) => id === "Wifi_VIF_Config bhaul-ap-50");
    assert.match(about?.reason ?? "", /^wifi0 has no room for another access point/);
    assert.deepEqual(
      reasons(desired(network(), facts([radio("2.4G")]), { accessPoints: 0 }))[0],
      "wifi0 can have no access point",
    );
  });

  it("of a network on bands that the node has not is missed, once the node has told its radios", () => {
    const parts = network({ bands: ["6G"] });
    assert.deepEqual(reasons(desired(parts, facts([radio("5G")]))), [
      "the node has no radio of 6G, so this network is not there",
    ]);
    assert.deepEqual(reasons(desired(parts, facts([]))), []);
    assert.deepEqual(reasons(desired(network({ bands: ["5G", "6G"] }), facts([radio("5G")]))), []);
  });
});

describe("a parent", () => {
  const of = facts([]);
  it("on Wi-Fi that is no gateway is refused; the gateway, and whatever a cable leads to, is as it is", () => {
    const [refusal] = desired({}, of, undefined, "shed").refusals;
    assert.equal(refusal?.stated, "nodes[2].parent");
    assert.match(refusal?.reason ?? "", /'attic' offers no backhaul: leave 'parent' out, or put 'shed' on a cable/);
    for (const id of ["attic", "barn", "roof"]) assert.deepEqual(desired({}, of, undefined, id).refusals, []);
  });
});
