import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import { checkHome } from "../../home.ts";
import { Location } from "../../location.ts";
import type { StoredLocation } from "../../store/locations.ts";
import { ApiBench } from "../../testing/api.ts";
import { aDocument, aLocation } from "../../testing/locations.ts";
import { describeEmbedded } from "../../testing/stores.ts";
import type { EventsQuestion, RadiosHeard, TelemetryQueries } from "../host.ts";

const channel = { channel: 36, busyPercent: 20, txPercent: 5, rxPercent: 9, selfPercent: 4, ageMs: 1000 };
const heard: RadiosHeard = {
  radios: new Map([["5G", channel]]),
  channels: new Map([["5G", [{ ...channel, channel: 100, busyPercent: 2 }]]]),
  neighbors: [
    { bssid: mac("0a:00:00:00:00:01"), band: "5G", ssid: "Home", channel: 36, snrDb: 40, ageMs: 0 },
    { bssid: mac("0a:00:00:00:00:99"), band: "5G", ssid: "<b>", channel: 44, ageMs: 0 },
    { bssid: mac("0a:00:00:00:00:98"), band: "2.4G", ssid: "x", channel: 1, ageMs: 0 },
  ],
  celsius: new Map([["5G", 55]]),
};

describeEmbedded("radios of a node", (bench) => {
  let api: ApiBench;
  let token: string;
  let home: StoredLocation;
  let served: Location;
  const asked: EventsQuestion[] = [];
  before(async () => {
    const telemetry: Partial<TelemetryQueries> = {
      radiosHeard: () => heard,
      follow: () => () => undefined,
      events: async (_, question) => {
        asked.push(question);
        return [];
      },
    };
    api = await ApiBench.open(bench.store, { telemetry: telemetry as TelemetryQueries });
    home = await aLocation(bench.store);
    token = await api.token("viewer", home.tenant);
    served = new Location(checkHome(aDocument(), "home"), { id: home.id, tenant: home.tenant, version: 1 });
    api.locations.set(home.id, served);
  });
  after(() => api?.[Symbol.asyncDispose]());

  const radios = (node: string) => api.call(`GET /locations/${home.id}/nodes/${node}/radios`, { token });

  it("are not known while it is not connected, and of a node that there is not there are none", async () => {
    const [node] = served.nodes;
    const { status, body } = await radios(node?.id ?? "");
    assert.deepEqual([status, body], [200, { node: node?.id, asOf: null, radios: [] }]);
    assert.equal((await radios("nobody")).status, 404);
  });

  it("are told with what they hear, the home's own access points known among it", async () => {
    const node = served.nodes[0]?.id ?? "";
    const state = { if_name: "wifi1", freq_band: "5G", channel: 36, ht_mode: "HT80", allowed_channels: [36, 100] };
    const tables = new Map<string, Map<string, object>>([
      ["Wifi_Radio_State", new Map([["r", state]])],
      ["Wifi_VIF_State", new Map([["v", { if_name: "home-ap-50", mode: "ap", mac: "0A:00:00:00:00:01" }]])],
    ]);
    const session = {
      ...{ state: "SETTLED", rows: [], peer: "192.0.2.1:1", description: undefined },
      counters: { writes: 0, transactions: 0, refused: 0 },
      tables: (table: string) => tables.get(table) ?? new Map(),
      homeChanged() {},
      surroundingsChanged() {},
      async close() {},
    };
    served.connected(node, session as unknown as Parameters<Location["connected"]>[1]);
    const { status, body } = await radios(node);
    assert.equal(status, 200, JSON.stringify(body));
    const [radio] = body.radios;
    assert.deepEqual([radio.celsius, radio.air.busyPercent, radio.air.noiseDbm], [55, 20, null]);
    const of = (number: number) => radio.channels.find((each: { channel: number }) => each.channel === number);
    assert.equal(of(100).heard.busyPercent, 2);
    assert.equal(of(104).heard, null);
    assert.deepEqual(
      radio.neighbors.map((each: { own: string | null; snrDb: number | null }) => [each.own, each.snrDb]),
      [
        [node, 40],
        [null, null],
      ],
    );
  });

  it("have their events by node, client and time", async () => {
    const at = `GET /locations/${home.id}/events`;
    const query = "node=gateway&client=02:00:00:00:00:0A&to=2026-08-01T18:00:00Z";
    assert.equal((await api.call(`${at}?${query}`, { token })).status, 200);
    const { node, client, to } = asked.at(-1) ?? {};
    assert.deepEqual([node, client, to], ["gateway", "02:00:00:00:00:0a", Date.parse("2026-08-01T18:00:00Z")]);
    assert.equal((await api.call(`${at}?client=me`, { token })).status, 400);
    assert.equal((await api.call(`${at}?to=tomorrow`, { token })).status, 400);
  });
});
