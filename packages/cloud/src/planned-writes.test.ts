import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plannedNode } from "./api/handlers/planned-view.ts";
import { checkHome, type Home } from "./home.ts";
import { testHome } from "./test-node.ts";
import { obedientNode, TestCloud } from "./testing/test-cloud.ts";

/** The same home with other words for its network. */
function withNetwork(home: Home, parts: object): Home {
  return checkHome({ ...home, networks: home.networks.map((network) => ({ ...network, ...parts })) }, "x");
}

describe("planned writes", () => {
  it("are what a version would write to a connected node, and nothing is written", async () => {
    const cloud = new TestCloud();
    await cloud.connect(await obedientNode());
    const { writes } = cloud.gateway.counters;
    assert.deepEqual(cloud.location.wouldWrite("gateway", testHome())?.changes, [], "it has what holds");
    const planned = cloud.location.wouldWrite("gateway", withNetwork(testHome(), { ssid: "Another" }));
    const { rows } = plannedNode("gateway", cloud.gateway, planned);
    const [row] = rows ?? [];
    assert.equal(row?.kind, "update");
    assert.match(row?.id ?? "", /^Wifi_VIF_Config home-ap-/);
    assert.deepEqual(row?.columns, [{ column: "ssid", before: "Test", after: "Another" }]);
    assert.equal(cloud.gateway.counters.writes, writes);
  });

  it("are without what is to be written anyway for the version that holds", async () => {
    const cloud = new TestCloud();
    await cloud.connect(await obedientNode());
    const renamed = withNetwork(testHome(), { ssid: "Another" });
    const both = cloud.location.wouldWrite("gateway", withNetwork(testHome(), { ssid: "Another", hidden: true }));
    const renaming = cloud.location.wouldWrite("gateway", renamed);
    const all = plannedNode("gateway", cloud.gateway, both).rows ?? [];
    assert.ok(all.length > 0);
    assert.deepEqual(plannedNode("gateway", cloud.gateway, both, both).rows, []);
    // A row that is to have more than it would have anyway is told of whole.
    assert.deepEqual(plannedNode("gateway", cloud.gateway, both, renaming).rows, all);
  });

  it("have no secret in them", async () => {
    const cloud = new TestCloud();
    await cloud.connect(await obedientNode());
    const keys = [
      { id: "key", psk: "a whole other secret" },
      { id: "key-1", psk: "the secret of guests", zone: "guest" },
    ];
    const next = withNetwork(testHome(), { security: { mode: "wpa2", keys } });
    const answer = plannedNode("gateway", cloud.gateway, cloud.location.wouldWrite("gateway", next));
    const psks = answer.rows?.flatMap(({ columns }) => columns).find(({ column }) => column === "wpa_psks");
    assert.match(psks?.after ?? "", /^2 keys$/);
    assert.ok(!/secret/.test(JSON.stringify(answer)));
  });

  it("cannot be said of a node that is away, or that is not stated yet, with the reason", () => {
    const cloud = new TestCloud();
    assert.equal(cloud.location.wouldWrite("gateway", testHome()), undefined);
    const away = plannedNode("gateway", cloud.gateway, undefined);
    assert.equal(away.rows, null);
    assert.match(away.reason ?? "", /not connected/);
    assert.match(plannedNode("attic", undefined, undefined).reason ?? "", /does not state this node/);
  });
});
