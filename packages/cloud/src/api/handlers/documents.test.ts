import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { getVersion } from "../../store/read-versions.ts";
import { ApiBench } from "../../testing/api.ts";
import { aDocument, aLocation } from "../../testing/locations.ts";
import { describeEmbedded } from "../../testing/stores.ts";

describeEmbedded("drafts", (bench) => {
  let api: ApiBench;
  let token: string;
  before(async () => {
    api = await ApiBench.open(bench.store);
    token = await api.token("operator");
  });
  after(() => api?.[Symbol.asyncDispose]());

  const call = (name: string, body?: unknown) => api.call(name, { token, body });

  it("take a secret that is null from the version that is named, whatever is newest", async () => {
    const { id } = await aLocation(bench.store);
    const draft = `PUT /locations/${id}/draft`;
    const saved = await call(draft, { document: aDocument({}, "the first passphrase"), basedOn: 0 });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    await call(`POST /locations/${id}/versions/1/apply`);
    await call(draft, { document: aDocument({}, "a discarded passphrase"), basedOn: 1 });
    await call(`POST /locations/${id}/versions/2/discard`);
    const { document } = (await call(`GET /locations/${id}/versions/1`)).body;
    const next = { ...document, name: "renamed" };
    const { body } = await call(draft, { document: next, basedOn: 2, secretsOf: 1 });
    assert.equal(body.number, 3);
    const psk = (await getVersion(bench.store, id, 3)).document.networks[0]?.security.keys[0]?.psk;
    assert.equal(psk, "the first passphrase");
  });

  it("keep the passphrase of a network that has another name now, and of no other", async () => {
    const { id } = await aLocation(bench.store);
    const draft = `PUT /locations/${id}/draft`;
    await call(draft, { document: aDocument({}, "the old passphrase"), basedOn: 0 });
    const { document } = (await call(`GET /locations/${id}/versions/1`)).body;
    const [network] = document.networks;
    const next = { ...document, networks: [{ ...network, ssid: "Villa" }] };
    assert.equal((await call(draft, { document: next, basedOn: 1 })).status, 200);
    const psk = (await getVersion(bench.store, id, 2)).document.networks[0]?.security.keys[0]?.psk;
    assert.equal(psk, "the old passphrase");
    const beside = { ...network, bands: ["2.4G"] };
    const networks = [
      { ...beside, ssid: "New" },
      { ...beside, ssid: "Villa", bands: ["5G"] },
    ];
    const { status, body } = await call(draft, { document: { ...document, networks }, basedOn: 2 });
    assert.equal(status, 400);
    assert.deepEqual(
      body.error.fields.map(({ path }: { path: string }) => path),
      ["body.document.networks[0].security.keys[0].psk"],
    );
  });

  it("say what would be written to each node they state, where that can be known", async () => {
    const { id } = await aLocation(bench.store);
    await call(`PUT /locations/${id}/draft`, { document: aDocument(), basedOn: 0 });
    const { status, body } = await call(`GET /locations/${id}/versions/1/rows`);
    assert.equal(status, 200);
    assert.ok(body.items.length > 0);
    for (const { rows, reason } of body.items) {
      assert.equal(rows, null);
      assert.match(reason, /does not state this node/);
    }
  });
});
