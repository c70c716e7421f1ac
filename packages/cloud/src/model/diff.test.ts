import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { testHome } from "../test-node.ts";
import { diffDocuments } from "./diff.ts";

const psk = "the family's key";
const key = { id: "key", psk };
const guest = { id: "key-1", label: "guest", psk: "the guests' key" };
const network = (keys: readonly object[], parts: object = {}) => ({
  ssid: "Test",
  security: { mode: "wpa2", keys },
  ...parts,
});
const mac = "02:00:00:00:00:01";
const lan = { address: "192.168.40.1" };

function changes(before: object, after: object) {
  return diffDocuments(testHome(before), testHome(after));
}

const cases: readonly [
  title: string,
  before: object,
  after: object,
  expected: (readonly [path: string, words: string])[],
][] = [
  [
    "a passphrase",
    { networks: [network([key, guest])] },
    { networks: [network([key, { ...guest, psk: "another for guests" }])] },
    [["networks[0].security.keys[1].psk", "network 'Test', key 'key-1' (guest): psk changed"]],
  ],
  [
    "a key that is gone, at its place in the older document",
    { networks: [network([guest, key])] },
    { networks: [network([key])] },
    [["networks[0].security.keys[0]", "network 'Test', key 'key-1' (guest) removed"]],
  ],
  [
    "a new network, and others at their new place",
    { networks: [network([key], { bands: ["2.4G"] })] },
    { networks: [network([key], { ssid: "New", bands: ["5G"] }), network([key], { bands: ["2.4G"], hidden: true })] },
    [
      ["networks[0]", "network 'New' added"],
      ["networks[1].hidden", "network 'Test': hidden false -> true"],
    ],
  ],
  [
    "what is set and unset",
    { lan, cloudless: true },
    { lan: { ...lan, dns: { primary: "192.0.2.53" } } },
    [
      ["lan.dns", "lan.dns unset -> primary 192.0.2.53"],
      ["cloudless", "cloudless true -> unset"],
    ],
  ],
  [
    "the provider's password",
    { wan: [{ type: "pppoe", username: "u", password: "one" }] },
    { wan: [{ type: "pppoe", username: "u", password: "two" }] },
    [["wan[0].password", "way to the Internet 'pppoe': password changed"]],
  ],
  [
    "the order of policies, which decides between equals",
    {
      policies: ["a", "b"].map((id) => ({ id, scope: { kind: "everybody" }, action: { kind: "freeze" } })),
    },
    {
      policies: ["b", "a"].map((id) => ({ id, scope: { kind: "everybody" }, action: { kind: "freeze" } })),
    },
    [["policies", "policies: another order"]],
  ],
  [
    "a rule for a device by the device's name, and of one that is not enabled that it is not",
    { devices: [{ mac, nickname: "Tablet" }], policies: [] },
    {
      devices: [{ mac, nickname: "Tablet" }],
      policies: [
        {
          ...{ id: "freeze-020000000001", scope: { kind: "device", mac }, action: { kind: "freeze" } },
          schedule: { kind: "until", instant: "2030-01-01T00:00:00Z" },
        },
        { id: "b", label: "Later", enabled: false, scope: { kind: "device", mac }, action: { kind: "unsteered" } },
      ],
    },
    [
      ["policies[0]", "rule “Tablet: no Internet until 2030-01-01T00:00:00Z” added"],
      ["policies[1]", "rule “Later” added: Tablet is never moved to another access point, always, not enabled"],
    ],
  ],
  [
    "a rule by what it said before, where it says something else",
    { policies: [{ id: "a", scope: { kind: "everybody" }, action: { kind: "freeze" } }] },
    { policies: [{ id: "a", label: "Off", scope: { kind: "everybody" }, action: { kind: "unsteered" } }] },
    [
      [
        "policies[0].action",
        "rule “Everybody has no Internet, always”: action has no Internet -> is never moved to another access point",
      ],
      ["policies[0].label", "rule “Everybody has no Internet, always”: label unset -> Off"],
    ],
  ],
  [
    "a device by the name it has now",
    { devices: [{ mac }] },
    { devices: [{ mac, nickname: "Tablet" }] },
    [["devices[0].nickname", `device '${mac}' (Tablet): nickname unset -> Tablet`]],
  ],
  [
    "a simulation as a whole",
    { simulation: { seed: 1 } },
    { simulation: { seed: 2 } },
    [["simulation", "simulation changed"]],
  ],
];

const gateway = { id: "gateway", role: "gateway" };
const freeze = { id: "a", scope: { kind: "everybody" }, action: { kind: "freeze" } };
const nights = {
  kind: "weekly",
  timeZone: "Europe/Ljubljana",
  windows: [{ days: ["mon", "tue"], from: "22:00", to: "07:00" }],
};
const forward = { protocol: "tcp", port: 443, to: "192.168.40.9" };
const dhcp = { start: "192.168.40.10", stop: "192.168.40.99" };
const reservation = { mac, address: "192.168.40.20" };
const iot = { bridge: "br-iot", address: "192.168.41.1" };
const pppoe = { type: "pppoe", username: "u", password: "the provider's" };
const backhaul = { ssid: "Between", psk: "a secret of nodes" };

/** What it is like with each part of a document: `parts` come, become `others`, and go. */
const everyPart: readonly {
  readonly part: string;
  readonly without?: object;
  readonly parts: object;
  readonly others: object;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}[] = [
  {
    part: "time zone",
    parts: { timeZone: "Europe/Ljubljana" },
    others: { timeZone: "Europe/Rome" },
    added: ["timeZone unset -> Europe/Ljubljana"],
    changed: ["timeZone Europe/Ljubljana -> Europe/Rome"],
    removed: ["timeZone Europe/Ljubljana -> unset"],
  },
  {
    part: "node",
    without: { nodes: [gateway] },
    parts: { nodes: [gateway, { id: "loft", role: "extender" }] },
    others: { nodes: [gateway, { id: "loft", role: "extender", limits: { acl: 64, bands: { "5G": { width: 80 } } } }] },
    added: ["node 'loft' added"],
    changed: ["node 'loft': limits unset -> acl 64, bands (5G (width 80))"],
    removed: ["node 'loft' removed"],
  },
  {
    part: "network",
    without: { networks: [] },
    parts: { networks: [network([key], { bands: ["2.4G", "5G"] })] },
    others: { networks: [network([key], { bands: ["5G"], acl: { policy: "deny", macs: [mac] } })] },
    added: ["network 'Test' added"],
    changed: ["network 'Test': bands 2.4G removed", `network 'Test': acl unset -> policy deny, macs ${mac}`],
    removed: ["network 'Test' removed"],
  },
  {
    part: "key",
    without: { networks: [network([key])] },
    parts: { networks: [network([key, guest])] },
    others: { networks: [network([key, { ...guest, zone: "guest" }])] },
    added: ["network 'Test', key 'key-1' (guest) added"],
    changed: ["network 'Test', key 'key-1' (guest): zone unset -> guest"],
    removed: ["network 'Test', key 'key-1' (guest) removed"],
  },
  {
    part: "radio opinion",
    parts: { radios: [{ band: "5G", channel: 44, width: 80 }] },
    others: { radios: [{ band: "5G", channel: 44, width: 40 }] },
    added: ["radio opinion '5G of every node' added: channel 44, width 80"],
    changed: ["radio opinion '5G of every node': width 80 -> 40"],
    removed: ["radio opinion '5G of every node' removed"],
  },
  {
    part: "LAN",
    parts: { lan },
    others: { lan: { ...lan, dhcp } },
    added: ["lan unset -> bridge br-home, address 192.168.40.1, netmask 255.255.255.0"],
    changed: ["lan.dhcp unset -> start 192.168.40.10, stop 192.168.40.99, leaseTime 12h"],
    removed: ["lan bridge br-home, address 192.168.40.1, netmask 255.255.255.0 -> unset"],
  },
  {
    part: "reservation",
    without: { lan: { ...lan, dhcp } },
    parts: { lan: { ...lan, dhcp: { ...dhcp, reservations: [reservation] } } },
    others: { lan: { ...lan, dhcp: { ...dhcp, reservations: [{ ...reservation, address: "192.168.40.21" }] } } },
    added: ["lan.dhcp.reservations: stated from now on", `reservation '${mac}' added: address 192.168.40.20`],
    changed: [`reservation '${mac}': address 192.168.40.20 -> 192.168.40.21`],
    removed: ["lan.dhcp.reservations: no longer stated", `reservation '${mac}' removed`],
  },
  {
    part: "local network",
    parts: { bridges: [iot] },
    others: { bridges: [{ ...iot, netmask: "255.255.255.128" }] },
    added: ["local network 'br-iot' added: address 192.168.41.1, netmask 255.255.255.0"],
    changed: ["local network 'br-iot': netmask 255.255.255.0 -> 255.255.255.128"],
    removed: ["local network 'br-iot' removed"],
  },
  {
    part: "way to the Internet",
    parts: { wan: [pppoe] },
    others: { wan: [{ ...pppoe, username: "v" }] },
    added: ["wan: stated from now on", "way to the Internet 'pppoe' added"],
    changed: ["way to the Internet 'pppoe': username u -> v"],
    removed: ["wan: no longer stated", "way to the Internet 'pppoe' removed"],
  },
  {
    part: "forward",
    without: { forwards: [] },
    parts: { forwards: [{ ...forward, label: "server" }] },
    others: { forwards: [{ ...forward, label: "server", enabled: false }] },
    added: ["forward 'tcp 443' (server) added: enabled true, to 192.168.40.9, loopback false"],
    changed: ["forward 'tcp 443' (server): enabled true -> false"],
    removed: ["forward 'tcp 443' (server) removed"],
  },
  {
    part: "device",
    parts: { devices: [{ mac }] },
    others: { devices: [{ mac, profile: "sitter" }] },
    added: ["devices: stated from now on", `device '${mac}' added`],
    changed: [`device '${mac}': profile unset -> sitter`],
    removed: ["devices: no longer stated", `device '${mac}' removed`],
  },
  {
    part: "policy, the first of all",
    parts: { policies: [freeze] },
    others: {
      policies: [
        { ...freeze, scope: { kind: "device", mac }, schedule: nights, action: { kind: "band", prefer: "5G" } },
      ],
    },
    added: ["policies: stated from now on", "rule “Everybody has no Internet, always” added"],
    changed: [
      `rule “Everybody has no Internet, always”: scope Everybody -> ${mac}`,
      "rule “Everybody has no Internet, always”: schedule always -> on Mon, Tue from 22:00 to 07:00 the next day (Europe/Ljubljana)",
      "rule “Everybody has no Internet, always”: action has no Internet -> goes to 5 GHz where it can",
    ],
    removed: ["policies: no longer stated", "rule “Everybody has no Internet, always” removed"],
  },
  {
    part: "policy beside others",
    without: { networks: [network([key])], policies: [freeze] },
    parts: {
      networks: [network([key])],
      policies: [
        freeze,
        { id: "b", label: "TV", scope: { kind: "network", ssid: "Test" }, action: { kind: "unsteered" } },
      ],
    },
    others: {
      networks: [network([key])],
      policies: [
        freeze,
        {
          ...{ id: "b", label: "TV", enabled: false, scope: { kind: "zone", zone: "guest" } },
          schedule: { kind: "until", instant: "2030-01-01T00:00:00Z" },
          action: { kind: "profile", profile: "tv" },
        },
      ],
    },
    added: ["rule “TV” added: Everybody on “Test” is never moved to another access point, always"],
    changed: [
      "rule “TV”: enabled true -> false",
      "rule “TV”: scope Everybody on “Test” -> Every guest",
      "rule “TV”: schedule always -> until 2030-01-01T00:00:00Z",
      "rule “TV”: action is never moved to another access point -> is treated as a television",
    ],
    removed: ["rule “TV” removed"],
  },
  {
    part: "backhaul",
    parts: { backhaul },
    others: { backhaul: { ...backhaul, psk: "another of nodes" } },
    added: ["backhaul unset -> ssid Between, psk not shown, enabled true"],
    changed: ["backhaul.psk changed"],
    removed: ["backhaul ssid Between, psk not shown, enabled true -> unset"],
  },
  {
    part: "cloudless persistence",
    parts: { cloudless: true },
    others: { cloudless: false },
    added: ["cloudless unset -> true"],
    changed: ["cloudless true -> false"],
    removed: ["cloudless true -> unset"],
  },
];

describe("the difference of two documents", () => {
  for (const { part, without = {}, parts, others, added, changed, removed } of everyPart) {
    it(`has words for a ${part} that comes, becomes another and goes, and no JSON`, () => {
      const words = (before: object, after: object) => changes(before, after).map((change) => change.words);
      assert.deepEqual(words(without, parts), added);
      assert.deepEqual(words(parts, others), changed);
      assert.deepEqual(words(parts, without), removed);
      assert.doesNotMatch([added, changed, removed].join("\n"), /[{}"]|secret|the provider's/);
    });
  }

  it("has words for statistics, the name and settings within them", () => {
    const words = (before: object, after: object) => changes(before, after).map((change) => change.words);
    const [added] = words({}, { stats: { publish: 30 } });
    assert.match(added ?? "", /^stats unset -> enabled true, client \(enabled true, sampling 10, reporting 60\), .*…$/);
    const client = { sampling: 5 };
    assert.deepEqual(words({ stats: { publish: 30 } }, { stats: { client } }), [
      "stats.client.sampling 10 -> 5",
      "stats.publish 30 -> 60",
    ]);
    assert.match(words({ stats: {} }, {})[0] ?? "", /^stats enabled true, .* -> unset$/);
    assert.deepEqual(words({}, { name: "Loft" }), ["name Test home -> Loft"]);
  });

  it("tells a list that is stated empty from one that is not stated", () => {
    const words = (before: object, after: object) => changes(before, after).map((change) => change.words);
    assert.deepEqual(words({}, { policies: [] }), ["policies unset -> none"]);
    assert.deepEqual(words({ policies: [] }, { policies: [freeze] }), [
      "rule “Everybody has no Internet, always” added",
    ]);
    assert.deepEqual(words({ policies: [] }, {}), ["policies none -> unset"]);
  });

  it("shows of a long value what a person can take in", () => {
    const macs = Array.from({ length: 200 }, (_, index) => `02:00:00:00:00:${index.toString(16).padStart(2, "0")}`);
    const filtered = network([key], { acl: { policy: "allow", macs } });
    const [change] = changes({ networks: [network([key])] }, { networks: [filtered] });
    assert.match(change?.words ?? "", /^network 'Test': acl unset -> policy allow, macs 02:00.*…$/);
    assert.ok((change?.words.length ?? 0) < 200);
  });

  for (const [title, before, after, expected] of cases) {
    it(`tells of ${title}`, () => {
      assert.deepEqual(
        changes(before, after).map(({ path, words }) => [path, words]),
        expected,
      );
    });
  }

  it("is nothing exactly if they are the same, and never shows a secret", () => {
    const secret = fc.constantFrom("passphrase-1", "passphrase-2");
    const keys = fc.uniqueArray(fc.record({ id: fc.constantFrom("key", "key-1", "key-2"), psk: secret }), {
      minLength: 1,
      selector: ({ id }) => id,
    });
    const unique = keys.filter((list) => new Set(list.map(({ psk }) => psk)).size === list.length);
    const document = fc.record({
      networks: unique.map((list) => [network(list)]),
      devices: fc.uniqueArray(fc.record({ mac: fc.constantFrom(mac, "02:00:00:00:00:02") }), {
        selector: (device) => device.mac,
      }),
      wan: fc.array(fc.record({ type: fc.constant("pppoe"), username: fc.constant("u"), password: secret }), {
        minLength: 1,
        maxLength: 2,
      }),
      cloudless: fc.boolean(),
    });
    fc.assert(
      fc.property(document, document, (a, b) => {
        const found = changes(a, b);
        assert.equal(found.length === 0, JSON.stringify(testHome(a)) === JSON.stringify(testHome(b)));
        assert.ok(!JSON.stringify(found).includes("passphrase"));
      }),
      { numRuns: 200 },
    );
  });
});
