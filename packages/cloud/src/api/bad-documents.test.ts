/** What no home can be, through the API: refused with where and why, one line in the log; what holds goes on holding. */

import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { StoredLocation } from "../store/locations.ts";
import { listVersions } from "../store/read-versions.ts";
import { applyVersion, saveDraft } from "../store/versions.ts";
import { ApiBench } from "../testing/api.ts";
import { aDocument, aLocation, alice, gatewayId } from "../testing/locations.ts";
import { describeEmbedded } from "../testing/stores.ts";

const lan = { address: "192.168.40.1", dhcp: { start: "192.168.40.100", stop: "192.168.40.200" } };
const extender = (id: string, more: object) => ({ id, role: "extender", ...more });
const gateway = () => ({ id: gatewayId(), role: "gateway", serialNumber: "SN-1" });

const cases: readonly [what: string, parts: () => object, path: string, reason: RegExp][] = [
  [
    "two nodes of one serial number",
    () => ({ nodes: [gateway(), extender("attic", { serialNumber: "SN-1" })] }),
    "nodes[1].serialNumber",
    /^is the same as in nodes\[0\]/,
  ],
  [
    "extenders in a circle",
    () => ({ nodes: [gateway(), extender("a", { parent: "b" }), extender("b", { parent: "a" })] }),
    "nodes[1].parent",
    /^goes round in a circle \(a -> b -> a\)/,
  ],
  [
    "local networks whose addresses overlap",
    () => ({ lan, bridges: [{ ...lan, bridge: "br-guest", address: "192.168.40.129", netmask: "255.255.255.128" }] }),
    "bridges[0].address",
    /^shares addresses with lan/,
  ],
  [
    "a passphrase of 7 characters",
    () => ({ networks: [{ ssid: "Test", security: { mode: "wpa2", keys: [{ id: "key", psk: "secret7" }] } }] }),
    "networks[0].security.keys[0].psk",
    /^is not usable; a passphrase has 8 to 63/,
  ],
  [
    "a key that expires at no time",
    () => ({
      networks: [
        { ssid: "Test", security: { mode: "wpa2", keys: [{ id: "key", psk: "long enough", expires: "tomorrow" }] } },
      ],
    }),
    "networks[0].security.keys[0].expires",
    /^is no/,
  ],
];

describeEmbedded("documents that no home can be", (bench) => {
  let api: ApiBench;
  let location: StoredLocation;
  let token: string;
  before(async () => {
    api = await ApiBench.open(bench.store);
    location = await aLocation(bench.store);
    await saveDraft(bench.store, location.id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(bench.store, location.id, 1, alice);
    token = await api.token("owner");
  });
  after(() => api?.[Symbol.asyncDispose]());

  for (const [index, [what, parts, path, reason]] of cases.entries()) {
    it(`are those with ${what}`, async () => {
      const lines = api.logged.length;
      // From an address of its own: the same trouble of one caller is told once a minute.
      const call = { token, body: { document: aDocument(parts()), basedOn: 1 }, address: `192.0.2.${index}` };
      const { status, body } = await api.call(`PUT /locations/${location.id}/draft`, call);
      assert.equal(status, 400, JSON.stringify(body));
      const field = body.error.fields.find((entry: { path: string }) => entry.path === `body.document.${path}`);
      assert.match(field?.reason ?? "", reason, JSON.stringify(body.error.fields));
      const said = api.logged.slice(lines).map(({ text }) => text);
      assert.equal(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", /draft: 400 invalid: /);
      assert.ok(!JSON.stringify([body, api.logged]).includes("secret7"));
      const versions = await listVersions(bench.store, location.id);
      assert.deepEqual(
        versions.map(({ number, state }) => [number, state]),
        [[1, "applied"]],
      );
    });
  }
});
