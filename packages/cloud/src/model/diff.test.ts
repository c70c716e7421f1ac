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
      ["lan.dns", 'lan.dns unset -> {"primary":"192.0.2.53"}'],
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

describe("the difference of two documents", () => {
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
