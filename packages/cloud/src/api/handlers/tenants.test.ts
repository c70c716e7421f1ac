import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { createLocation } from "../../store/locations.ts";
import { createTenant } from "../../store/tenants.ts";
import { ApiBench } from "../../testing/api.ts";
import { alice, unused } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import type { LiveLocation } from "../host.ts";

describeStores("the list of locations", (bench) => {
  let api: ApiBench;
  let token: string;
  let tenant: string;
  const ids = new Map<string, string>();
  const serialNumber = unused("Xy").replace(" ", "-");
  before(async () => {
    api = await ApiBench.open(bench.store);
    token = await api.token("admin");
    tenant = (await createTenant(bench.store, unused("tenant"), alice)).id;
    for (const name of ["beach", "Alpine hut", "Cabin 100%", "alpine Lodge"])
      ids.set(name, (await createLocation(bench.store, tenant, name, alice)).id);
    await api.call(`POST /locations/${ids.get("beach")}/claims`, { token, body: { serialNumber } });
  });
  after(() => api?.[Symbol.asyncDispose]());

  const list = async (query: Readonly<Record<string, string>> = {}) => {
    const { status, body } = await api.call(`GET /locations?${new URLSearchParams({ tenant, ...query })}`, { token });
    assert.equal(status, 200, JSON.stringify(body));
    return body as { items: { name: string }[]; next: string | null };
  };
  const names = async (query: Readonly<Record<string, string>> = {}) =>
    (await list(query)).items.map(({ name }) => name);

  it("is by name, whatever the case, page after page", async () => {
    assert.deepEqual(await names(), ["Alpine hut", "alpine Lodge", "beach", "Cabin 100%"]);
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ limit: "1", ...(next !== null && { after: next }) });
      seen.push(...page.items.map(({ name }) => name));
      next = page.next;
    } while (next !== null);
    assert.deepEqual(seen, ["Alpine hut", "alpine Lodge", "beach", "Cabin 100%"]);
  });

  it("finds by a part of the name, or of what is on a node's label", async () => {
    assert.deepEqual(await names({ find: "ALPINE" }), ["Alpine hut", "alpine Lodge"]);
    assert.deepEqual(await names({ find: "%" }), ["Cabin 100%"], "a per cent sign is one");
    assert.deepEqual(await names({ find: "_" }), []);
    assert.deepEqual(await names({ find: serialNumber.slice(1).toUpperCase() }), ["beach"]);
    assert.deepEqual(await names({ find: "alpine", limit: "1" }), ["Alpine hut"]);
  });

  it("is of those that need attention, where that is asked for: a node that is away, not as stated, or has a radio that is not as told", async () => {
    const serve = (name: string, settled: boolean, connection: string, note: string | null = null) => {
      const id = ids.get(name) ?? "";
      api.locations.set(id, { id, settled, version: 1, nodes: [{ connection, note }] } as unknown as LiveLocation);
    };
    assert.deepEqual(await names({ attention: "true" }), []);
    serve("beach", false, "connected");
    serve("Alpine hut", true, "connected");
    serve("alpine Lodge", true, "gone");
    assert.deepEqual(await names({ attention: "true" }), ["alpine Lodge", "beach"]);
    assert.deepEqual(await names({ attention: "true", find: "lodge" }), ["alpine Lodge"]);
    serve("Alpine hut", true, "connected", "its 5 GHz radio is not as it was told");
    assert.deepEqual(await names({ attention: "true" }), ["Alpine hut", "alpine Lodge", "beach"]);
  });

  it("says of a place to go on at that it is none", async () => {
    for (const wrong of ["x", "e30", Buffer.from('["a",1]').toString("base64url")]) {
      const { status, body } = await api.call(`GET /locations?after=${wrong}`, { token });
      assert.deepEqual([status, body.error.fields[0].path], [400, "after"]);
    }
  });
});
