import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { readAudit } from "../../store/audit.ts";
import { findNode, registerNodes } from "../../store/nodes.ts";
import { getVersion } from "../../store/read-versions.ts";
import { saveDraft } from "../../store/versions.ts";
import { ApiBench } from "../../testing/api.ts";
import { aDocument, aLocation, alice, unused } from "../../testing/locations.ts";
import { describeEmbedded, describeStores } from "../../testing/stores.ts";

const serial = () => unused("SN").replace(" ", "-");

describeStores("claims of nodes", (bench) => {
  let api: ApiBench;
  let token: string;
  before(async () => {
    api = await ApiBench.open(bench.store);
    token = await api.token("operator");
  });
  after(() => api?.[Symbol.asyncDispose]());

  const call = (name: string, body?: unknown) => api.call(name, { token, body });
  const nodes = async (location: string, version: number) =>
    (await getVersion(bench.store, location, version)).document.nodes;
  /** A node has called and is nobody's. */
  const called = (serialNumber: string | null, id: string | null) =>
    api.callers.push({
      ...{ peer: "192.0.2.9:1", id, serialNumber, model: null, commonName: id, reason: "in no home", seenAt: 0 },
    });

  it("put the node into the document: the first as gateway, under the id that it says it has, others as extenders", async () => {
    const { id: home, name } = await aLocation(bench.store);
    const [first, second] = [serial(), serial()];
    const own = unused("AP").replace(" ", "-");
    called(first, own);
    const gateway = await call(`POST /locations/${home}/claims`, { serialNumber: first });
    assert.equal(gateway.status, 201, JSON.stringify(gateway.body));
    const { version, items } = gateway.body;
    assert.deepEqual([version, items.length, items[0].id, items[0].role], [1, 1, own, "gateway"]);
    assert.equal(items[0].isFirst, true, "the caller has not asked for that, and is told");
    const { state, document } = await getVersion(bench.store, home, 1);
    assert.equal(state, "applied");
    assert.deepEqual([document.name, document.networks], [name, []]);
    assert.deepEqual(document.nodes, [{ id: own, serialNumber: first, role: "gateway", uplink: "ethernet" }]);
    const extender = await call(`POST /locations/${home}/claims`, { serialNumber: second });
    assert.deepEqual([extender.body.version, extender.body.items[0].role], [2, "extender"]);
    const again = await call(`POST /locations/${home}/claims`, { serialNumber: first });
    assert.deepEqual(
      [extender, again].map(({ body }) => body.items[0].isFirst),
      [false, false],
    );
    assert.deepEqual((await nodes(home, 2))[1], { id: second, role: "extender", uplink: "ethernet" });
  });

  it("once more change nothing; in another role they are refused", async () => {
    const { id: home } = await aLocation(bench.store);
    const serialNumber = serial();
    await call(`POST /locations/${home}/claims`, { serialNumber });
    const trail = (await readAudit(bench.store, { location: home })).length;
    const again = await call(`POST /locations/${home}/claims`, { serialNumber, role: "gateway" });
    assert.deepEqual([again.status, again.body.version], [201, 1]);
    assert.equal((await readAudit(bench.store, { location: home })).length, trail);
    const other = await call(`POST /locations/${home}/claims`, { serialNumber, role: "extender" });
    assert.equal(other.status, 409);
    assert.match(other.body.error.message, /in the document already, as gateway/);
  });

  it("take role and id where they are given, and an id that is none is refused with its field", async () => {
    const { id: home } = await aLocation(bench.store);
    const serialNumber = serial();
    const id = unused("attic").replace(" ", "-");
    const { body } = await call(`POST /locations/${home}/claims`, { serialNumber, role: "extender", id });
    assert.deepEqual([body.items[0].id, body.items[0].role], [id, "extender"]);
    const wrong = await call(`POST /locations/${home}/claims`, { serialNumber: serial(), id: "no id" });
    assert.equal(wrong.status, 400);
    const same = await call(`POST /locations/${home}/claims`, { serialNumber: serial(), id });
    assert.equal(same.status, 409);
  });

  it("of a pack take all its nodes", async () => {
    const { id: home } = await aLocation(bench.store);
    const packId = serial();
    const serials = [serial(), serial(), serial()].sort();
    await registerNodes(
      bench.store,
      serials.map((serialNumber) => ({ serialNumber, packId })),
      alice,
    );
    const { body } = await call(`POST /locations/${home}/claims`, { packId });
    const roles = body.items.map((node: { serialNumber: string; role: string }) => [node.serialNumber, node.role]);
    assert.deepEqual(
      roles,
      serials.map((serialNumber, index) => [serialNumber, index === 0 ? "gateway" : "extender"]),
    );
    assert.equal(body.version, 1);
    assert.equal((await call(`POST /locations/${home}/claims`, { packId, role: "gateway" })).status, 400);
  });

  it("that are refused leave nothing half done", async () => {
    const { id: home } = await aLocation(bench.store);
    const { id: other } = await aLocation(bench.store);
    const taken = unused("AP").replace(" ", "-");
    await call(`POST /locations/${other}/claims`, { serialNumber: serial(), id: taken });
    const refused: [string, object, number][] = [
      ["an id of another location", { serialNumber: serial(), id: taken }, 409],
      ["what cannot be an id", { serialNumber: "SN/7" }, 422],
    ];
    for (const [what, body, status] of refused) {
      const answer = await call(`POST /locations/${home}/claims`, body);
      assert.equal(answer.status, status, `${what}: ${JSON.stringify(answer.body)}`);
      const { serialNumber } = body as { serialNumber: string };
      assert.equal((await findNode(bench.store, serialNumber))?.location ?? null, null, what);
    }
    await saveDraft(bench.store, home, aDocument({ nodes: [] }), { basedOn: 0 }, alice);
    const serialNumber = serial();
    const drafted = await call(`POST /locations/${home}/claims`, { serialNumber });
    assert.equal(drafted.status, 409);
    assert.match(drafted.body.error.message, /is a draft by user:alice/);
    assert.equal(await findNode(bench.store, serialNumber), undefined);
    const { body } = await call(`GET /locations/${home}`);
    assert.deepEqual([body.head, body.applied], [1, null]);
  });

  it("end with the node out of the document, with what was said of it alone, also where it is the last", async () => {
    const { id: home } = await aLocation(bench.store);
    const [first, second, third] = [serial(), serial(), serial()];
    const document = aDocument({
      nodes: [
        { id: first, role: "gateway" },
        { id: "cellar", role: "extender", serialNumber: second },
        { id: "attic", role: "extender", serialNumber: third, parent: "cellar" },
      ],
      radios: [
        { node: "cellar", band: "5G", power: 10 },
        { band: "5G", power: 12 },
      ],
    });
    await call(`PUT /locations/${home}/draft`, { document, basedOn: 0 });
    assert.equal((await call(`POST /locations/${home}/versions/1/apply`)).status, 200);
    assert.deepEqual((await call(`DELETE /locations/${home}/claims/${second}`)).body, { version: 2 });
    const { document: left } = await getVersion(bench.store, home, 2);
    assert.deepEqual(
      left.nodes.map(({ id, parent }) => [id, parent]),
      [
        [first, undefined],
        ["attic", undefined],
      ],
    );
    assert.deepEqual(left.radios, [{ band: "5G", power: 12 }]);
    for (const serialNumber of [third, first]) await call(`DELETE /locations/${home}/claims/${serialNumber}`);
    const last = await getVersion(bench.store, home, 4);
    assert.deepEqual([last.document.nodes, last.document.networks.length], [[], 1]);
    assert.equal((await findNode(bench.store, first))?.location, null);
    assert.equal((await call(`DELETE /locations/${home}/claims/${first}`)).status, 404);
    assert.equal((await call(`GET /locations/${home}`)).body.head, 4);
  });
});

describeEmbedded("roles of nodes", (bench) => {
  let api: ApiBench;
  let token: string;
  before(async () => {
    api = await ApiBench.open(bench.store);
    token = await api.token("operator");
  });
  after(() => api?.[Symbol.asyncDispose]());

  async function homeOf(nodes: readonly object[], parts: object = {}) {
    const { id } = await aLocation(bench.store);
    const body = { document: aDocument({ nodes, ...parts }), basedOn: 0 };
    const saved = await api.call(`PUT /locations/${id}/draft`, { token, body });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    await api.call(`POST /locations/${id}/versions/1/apply`, { token });
    const role = (node: string, to: string) =>
      api.call(`PUT /locations/${id}/nodes/${node}/role`, { token, body: { role: to } });
    const stated = async (version: number) =>
      (await getVersion(bench.store, id, version)).document.nodes.map(({ id: name, role: is, uplink, parent }) =>
        [name, is, uplink, parent ?? "-"].join(" "),
      );
    return { role, stated };
  }
  const some = (count: number) => Array.from({ length: count }, () => unused("box").replace(" ", "-"));

  it("are given to another: there is one gateway then, and who hung on a node goes on hanging on it", async () => {
    const [a = "", b = "", c = ""] = some(3);
    const { role, stated } = await homeOf(
      [
        { id: a, role: "gateway" },
        { id: b, role: "extender", uplink: "wifi", stations: ["02:00:00:00:00:0b"] },
        { id: c, role: "extender", parent: b },
      ],
      { backhaul: { ssid: "between", psk: "between the nodes" } },
    );
    const changed = await role(b, "gateway");
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.deepEqual(
      changed.body.nodes.map((node: { role: string }) => node.role),
      ["extender", "gateway", "extender"],
    );
    assert.deepEqual(await stated(2), [
      `${a} extender ethernet -`,
      `${b} gateway ethernet -`,
      `${c} extender ethernet ${b}`,
    ]);
    assert.equal((await role(b, "gateway")).body.version, 2, "nothing changes");
  });

  it("leave no location without its gateway, and are those of nodes that it has", async () => {
    const [a = "", b = ""] = some(2);
    const { role, stated } = await homeOf([
      { id: a, role: "gateway" },
      { id: b, role: "extender" },
    ]);
    const last = await role(a, "extender");
    assert.equal(last.status, 409);
    assert.match(last.body.error.message, new RegExp(`'${a}' is the only gateway; make another node the gateway`));
    assert.equal((await role("toaster", "gateway")).status, 404);
    const none = await role(b, "bridge");
    assert.match(none.body.error.message, /^body\.role: is no role; use gateway or extender$/);
    assert.deepEqual(await stated(1), [`${a} gateway ethernet -`, `${b} extender ethernet -`]);
  });

  it("of two gateways leave one", async () => {
    const [a = "", b = ""] = some(2);
    const nodes = [
      { id: a, role: "gateway" },
      { id: b, role: "gateway" },
    ];
    const one = await homeOf(nodes);
    assert.equal((await one.role(a, "extender")).status, 200);
    assert.deepEqual(await one.stated(2), [`${a} extender ethernet -`, `${b} gateway ethernet -`]);
  });
});
