import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { StoredLocation } from "../../store/locations.ts";
import { getVersion } from "../../store/read-versions.ts";
import { applyVersion, saveDraft } from "../../store/versions.ts";
import { ApiBench } from "../../testing/api.ts";
import { aDocument, aLocation, alice } from "../../testing/locations.ts";
import { describeStores } from "../../testing/stores.ts";
import type { ClientNow, LiveLocation, TelemetryQueries } from "../host.ts";

const mac = "02:00:00:00:00:01";
const seenAt = "2026-01-01T00:00:00.000Z";
const client = {
  ...{ mac: "02:00:00:00:00:02", hostname: "tv", address: "192.168.40.9", node: "gateway", ssid: "Test", band: "5G" },
  ...{
    channel: 36,
    snr: 31,
    rxLinkMbps: 400,
    txLinkMbps: 800,
    rxMbps: 1,
    txMbps: 2,
    connectedSeconds: 60,
    key: "key",
    seenAt,
    lastKnownAt: null,
  },
};

describeStores("small edits of a document", (bench) => {
  let api: ApiBench;
  let token: string;
  let home: StoredLocation;
  let at: string;
  let present: readonly ClientNow[] = [client];
  before(async () => {
    const clientsNow: TelemetryQueries["clientsNow"] = async () => present;
    const lastName = (_: string, address: string) => (address === mac ? "my-tablet" : undefined);
    api = await ApiBench.open(bench.store, {
      telemetry: { clientsNow, lastName, follow: () => () => undefined } as unknown as TelemetryQueries,
    });
    home = await aLocation(bench.store);
    at = `/locations/${home.id}`;
    token = await api.token("operator", home.tenant);
  });
  after(() => api?.[Symbol.asyncDispose]());

  const call = (name: string, body?: unknown) => api.call(name, { token, body });
  const document = async (version: number) => (await getVersion(bench.store, home.id, version)).document;

  it("need a version that holds", async () => {
    const { status, body } = await call(`PUT ${at}/devices/${mac}`, { nickname: "Tablet" });
    assert.deepEqual([status, body.error.code], [409, "conflict"]);
    await saveDraft(bench.store, home.id, aDocument(), { basedOn: 0 }, alice);
    await applyVersion(bench.store, home.id, 1, alice);
  });

  it("give a device a nickname at once, and take it away again; the same again makes no version", async () => {
    assert.deepEqual((await call(`PUT ${at}/devices/${mac.toUpperCase()}`, { nickname: "Tablet" })).body, {
      version: 2,
    });
    assert.deepEqual((await call(`PUT ${at}/devices/${mac}`, { nickname: "Tablet" })).body, { version: 2 });
    assert.deepEqual((await document(2)).devices, [{ mac, nickname: "Tablet", shared: false }]);
    const { state, author } = await getVersion(bench.store, home.id, 2);
    assert.equal(state, "applied");
    assert.match(author, /^token:/);
    await call(`PUT ${at}/devices/${mac}`, { nickname: null });
    assert.deepEqual((await document(3)).devices, []);
  });

  it("give a device no name that nobody can see", async () => {
    for (const nickname of [" ", "\u200b", "\u200e\u00ad\u2060", "\u3164", "\ufe0f"]) {
      const { status, body } = await call(`PUT ${at}/devices/${mac}`, { nickname });
      assert.equal(status, 400, JSON.stringify(nickname));
      assert.match(body.error.message, /has nothing that can be seen/);
    }
    assert.equal((await call(`PUT ${at}/devices/${mac}`, { nickname: "👩\u200d🔧" })).status, 200);
    await call(`PUT ${at}/devices/${mac}`, { nickname: null });
  });

  it("freeze a device until a time, and let it go", async () => {
    const until = new Date(api.clock.wallTime() + 3_600_000).toISOString();
    await call(`PUT ${at}/devices/${mac}`, { nickname: "Tablet" });
    const { body } = await call(`PUT ${at}/devices/${mac}/freeze`, { until });
    assert.deepEqual((await document(body.version)).policies, [
      {
        id: "freeze-020000000001",
        enabled: true,
        scope: { kind: "device", mac },
        schedule: { kind: "until", instant: until },
        action: { kind: "freeze" },
      },
    ]);
    const listed = await call(`GET ${at}/devices`);
    assert.deepEqual(
      listed.body.items.map((device: { mac: string; frozen: unknown; now: unknown }) => [
        device.mac,
        device.frozen,
        device.now,
      ]),
      [
        [mac, { until, told: false }, null],
        [client.mac, null, { ...client, key: { key: "key", label: null, zone: "home", isolated: false, hold: null } }],
      ],
    );
    assert.deepEqual(
      listed.body.items.map(({ name }: { name: string }) => name),
      ["Tablet", "tv"],
    );
    assert.equal((await call(`DELETE ${at}/devices/${mac}/freeze`)).body.version, body.version + 1);
    assert.deepEqual((await document(body.version + 1)).policies, []);
  });

  it("do not freeze a device until a time that is over", async () => {
    const until = new Date(api.clock.wallTime()).toISOString();
    const { status, body } = await call(`PUT ${at}/devices/${mac}/freeze`, { until });
    assert.deepEqual([status, body.error.fields[0].path], [400, "body.until"]);
    assert.match(body.error.message, /is over already; give a time that is still to come/);
  });

  it("say of what holds for a device whether the node that it is on has been given it, and how it was called last", async () => {
    const { locations } = api;
    present = [{ ...client, mac, node: "gateway", hostname: null }];
    const { body } = await call(`PUT ${at}/devices/${mac}/band`, { band: "2.4G", minutes: 10 });
    await call(`PUT ${at}/devices/${mac}`, { nickname: null });
    const [earlier, held] = [await document(body.version - 1), await document(body.version + 1)];
    let given = earlier;
    locations.set(home.id, {
      ...{ home: held, nodes: [], given: (node: string) => (node === "gateway" ? given : undefined) },
      ...{ look: () => undefined, session: () => undefined },
    } as unknown as LiveLocation);
    const shown = async () => (await call(`GET ${at}/devices`)).body.items[0];
    assert.equal((await shown()).band.told, false);
    given = held;
    assert.deepEqual([(await shown()).band.told, (await shown()).name], [true, "my-tablet"]);
    assert.deepEqual((await shown()).ending, []);
    const stopped = await call(`DELETE ${at}/devices/${mac}/band`);
    assert.deepEqual([(await shown()).band, (await shown()).ending], [null, ["band"]], "its node holds it still");
    given = await document(stopped.body.version);
    assert.deepEqual((await shown()).ending, []);
    locations.delete(home.id);
    present = [client];
    await call(`DELETE ${at}/devices/${mac}/band`);
    await call(`PUT ${at}/devices/${mac}`, { nickname: "Tablet" });
  });

  it("hold a device to 2.4 GHz for some minutes; what is over goes with the next one", async () => {
    const first = await call(`PUT ${at}/devices/${mac}/band`, { band: "2.4G", minutes: 10 });
    assert.equal(first.body.until, new Date(api.clock.wallTime() + 600_000).toISOString());
    await api.clock.advance(600_000);
    const listed = await call(`GET ${at}/devices`);
    assert.equal(listed.body.items[0].band, null, "it is over");
    const { body } = await call(`PUT ${at}/devices/02:00:00:00:00:03/band`, { band: "5G", minutes: 1 });
    assert.deepEqual(
      (await document(body.version)).policies?.map(({ id }) => id),
      ["band-020000000003"],
    );
    for (const minutes of [0, 1.5, 1e9, "10", null]) {
      const { status, body: refused } = await call(`PUT ${at}/devices/${mac}/band`, { band: "2.4G", minutes });
      assert.deepEqual([status, refused.error.fields[0].path], [400, "body.minutes"]);
    }
  });

  it("add keys behind the first, tell a made-up passphrase once, and take them away", async () => {
    const expires = "2027-01-01T00:00:00Z";
    const over = await call(`POST ${at}/keys`, { ssid: "Test", expires: "2020-01-01T00:00:00Z" });
    assert.deepEqual([over.status, over.body.error.fields[0]?.path], [400, "body.expires"]);
    const added = await call(`POST ${at}/keys`, { ssid: "Test", label: "guests", expires });
    assert.equal(added.status, 201);
    const { psk, version, ...key } = added.body;
    assert.deepEqual(key, { ssid: "Test", key: "key-1", label: "guests", zone: "guest", expires });
    assert.equal((await document(version)).networks[0]?.security.keys[1]?.psk, psk);
    const listed = await call(`GET ${at}/keys`);
    assert.deepEqual(
      listed.body.items.map((item: { key: string }) => item.key),
      ["key", "key-1"],
    );
    assert.ok(!JSON.stringify([listed.body, api.logged]).includes(psk));
    const short = await call(`POST ${at}/keys`, { ssid: "Test", psk: "seven77" });
    assert.deepEqual([short.status, short.body.error.fields[0].path], [400, "body.psk"]);
    assert.equal((await call(`POST ${at}/keys`, { ssid: "Nowhere" })).status, 404);
    const same = await call(`POST ${at}/keys`, { ssid: "Test", psk });
    assert.equal(same.status, 422);
    assert.ok(!JSON.stringify(same.body).includes(psk));
    assert.equal((await call(`DELETE ${at}/networks/Test/keys/key-1`)).status, 200);
    assert.equal((await call(`DELETE ${at}/networks/Test/keys/key-1`)).status, 404);
    assert.equal((await call(`DELETE ${at}/networks/Test/keys/key`)).status, 422, "the last one stays");
  });

  it("do not undo a draft of somebody else", async () => {
    const { body } = await call(`GET ${at}`);
    await saveDraft(bench.store, home.id, aDocument({ cloudless: true }), { basedOn: body.head }, alice);
    const refused = await call(`PUT ${at}/devices/${mac}`, { nickname: "Phone" });
    assert.equal(refused.status, 409);
    assert.match(refused.body.error.message, /is a draft by user:alice/);
  });

  it("of the whole document keep secrets that its author was not shown", async () => {
    const { body } = await call(`GET ${at}/versions/1`);
    const { head } = (await call(`GET ${at}`)).body;
    const changed = { ...body.document, cloudless: false };
    const draft = await call(`PUT ${at}/draft`, { document: changed, basedOn: head });
    assert.equal(draft.status, 200, JSON.stringify(draft.body));
    assert.equal((await document(draft.body.number)).networks[0]?.security.keys[0]?.psk, "the family's key");
    const stale = await call(`PUT ${at}/draft`, { document: changed, basedOn: 1 });
    assert.deepEqual([stale.status, stale.body.error.code], [409, "conflict"]);
    const [network] = changed.networks;
    const foreign = { ...changed, networks: [network, { ...network, ssid: "Other" }] };
    const missing = await call(`PUT ${at}/draft`, { document: foreign, basedOn: draft.body.number });
    assert.deepEqual(
      [missing.status, missing.body.error.fields[0].path],
      [400, "body.document.networks[1].security.keys[0].psk"],
    );
  });

  it("leave what is not running here to say so", async () => {
    const answer = await call(`GET ${at}/steering`);
    assert.deepEqual([answer.status, answer.body.error.code], [503, "not-running"]);
  });
});
