import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mac } from "@opensync-ts/base/units";
import type { NodeAir } from "../../steering/loop/node-air.ts";
import { checkDocument } from "../../store/documents.ts";
import type { ClientNow } from "../../telemetry/queries/clients-now.ts";
import { type ClientThen, presentClients } from "./clients.ts";
import { linksOf, type NodeAround } from "./links.ts";
import { nodesThen } from "./nodes-then.ts";
import { nothingKnown, type PictureParts, pictureOf } from "./picture.ts";
import { radiosNow } from "./radios.ts";

const tv = mac("02:00:00:00:00:01");
const station = mac("02:00:00:00:99:01");
const ap = mac("02:00:00:00:aa:01");
const radio = { band: "5G", channel: 36, width: 80 } as const;
const noAir: NodeAir = {
  accessPoints: [],
  offAir: [],
  associations: [],
  backhaul: [],
  stations: [],
  leases: new Map(),
};
const accessPoint = {
  ...{ ifName: "home-ap-50", bssid: ap, band: "5G", network: "Home", channel: 36, width: 80 },
  ...{ generation: "ax", streams: 2 },
} as NodeAir["accessPoints"][number];
const row = { _uuid: "u", _version: "u" } as unknown as NodeAir["associations"][number]["row"];
const association = { mac: tv, bssid: ap, band: "5G", network: "Home", key: "key-1", row } as const;
const link = {
  ...{ band: "5G" as const, channel: 36, snrDb: 31, rxLinkMbps: 300, txLinkMbps: 400, rxMbps: 1, txMbps: 2 },
} as const;
const measured = (client: Partial<ClientNow> = {}): ClientNow => ({
  ...{ mac: tv, node: "gw", ssid: "Home", since: null, ageMs: 1000, links: [link] },
  ...client,
});
const then = (client: Partial<ClientThen> = {}): ClientThen => ({
  ...{ mac: tv, node: "gw", ssid: "Home", ...link, links: 1, since: null, key: null },
  ...client,
});
const home = checkDocument({
  name: "Home",
  nodes: [
    { id: "gw", role: "gateway" },
    { id: "pod", role: "extender", uplink: "wifi" },
    { id: "shed", role: "extender" },
  ],
  networks: [
    {
      ssid: "Home",
      security: {
        mode: "wpa2",
        keys: [
          { id: "key", psk: "12345678" },
          { id: "key-1", psk: "87654321", zone: "guest" },
        ],
      },
    },
  ],
  backhaul: { ssid: "we.backhaul", psk: "123456789" },
  devices: [{ mac: tv, nickname: "Telly" }],
  policies: [
    {
      ...{ id: "freeze-tv", scope: { kind: "device", mac: tv }, action: { kind: "freeze" } },
      schedule: { kind: "until", instant: "2026-08-01T18:00:00Z" },
    },
  ],
});
const connected = { model: null, connection: "connected", settled: true, pending: null } as const;
const everybody = new Map(["gw", "pod", "shed"].map((id) => [id, connected]));
const at = Date.parse("2026-08-01T17:00:00Z");
const parts = (some: Partial<PictureParts>): PictureParts => ({
  ...{ home, at, from: "now", stepSeconds: null, known: null, nodes: everybody, around: new Map() },
  ...{ clients: [], radios: [], naming: new Map(), unknown: [] },
  ...some,
});

describe("a picture of a location", () => {
  it("names a client as its owner does, else as it does itself, and says what its key opens and whether it is frozen", () => {
    const clients = [then({ key: "key-1" }), then({ mac: mac("02:00:00:00:00:02") }), then({ mac: ap })];
    const naming = new Map([["02:00:00:00:00:02", "<b>tablet</b>"]]);
    const told = pictureOf(parts({ clients, naming })).clients;
    assert.deepEqual(
      told.map(({ name, zone, frozen }) => [name, zone, frozen]),
      [
        ["Telly", "guest", true],
        ["<b>tablet</b>", null, false],
        [ap, null, false],
      ],
    );
    const later = pictureOf(parts({ clients, at: at + 7_200_000 }));
    assert.equal(later.clients[0]?.frozen, false);
  });

  it("takes no station of a node for a client", () => {
    const clients = [then(), then({ mac: station, ssid: "we.backhaul" })];
    assert.deepEqual(
      pictureOf(parts({ clients })).clients.map(({ mac: address }) => address),
      [tv],
    );
  });

  it("lists so many clients and no more, and says so", () => {
    const clients = Array.from({ length: 513 }, () => then());
    const { clients: listed, truncated } = pictureOf(parts({ clients }));
    assert.deepEqual([listed.length, truncated], [512, true]);
  });

  it("says why there is nothing", () => {
    assert.deepEqual(nothingKnown(at, "no version").unknown, ["no version"]);
  });
});

describe("who is present", () => {
  const air = (more: Partial<NodeAir> = {}): NodeAir => ({ ...noAir, accessPoints: [accessPoint], ...more });
  const since = () => null;
  const cases: readonly [
    string,
    ReadonlyMap<string, NodeAir>,
    readonly ClientNow[],
    readonly (string | number | null)[][],
  ][] = [
    [
      "is whom a node's tables name, with what it reported of them",
      new Map([["gw", air({ associations: [association] })]]),
      [measured()],
      [[tv, "gw", 31, "key-1"]],
    ],
    [
      "is known before anything is reported",
      new Map([["gw", air({ associations: [association] })]]),
      [],
      [[tv, "gw", null, "key-1"]],
    ],
    ["is nobody who has left since the report", new Map([["gw", air()]]), [measured()], []],
    [
      "has the figures of where it is, not of where it was",
      new Map([
        ["pod", air({ associations: [association] })],
        ["gw", air()],
      ]),
      [measured()],
      [[tv, "pod", null, "key-1"]],
    ],
    [
      "is at the node that heard it last, where two name it",
      new Map([
        ["pod", air({ associations: [association] })],
        ["gw", air({ associations: [association] })],
      ]),
      [measured()],
      [[tv, "gw", 31, "key-1"]],
    ],
    ["is by reports where the node has no tables", new Map(), [measured()], [[tv, "gw", 31, null]]],
  ];
  for (const [title, tables, reports, expected] of cases) {
    it(title, () => {
      const found = presentClients(tables, reports, since);
      assert.deepEqual(
        found.map(({ mac: address, node, snrDb, key }) => [address, node, snrDb, key]),
        expected,
      );
    });
  }
});

describe("the channel of a client", () => {
  const gateway = (channels: Readonly<Record<string, number>>, bands: readonly string[]): NodeAir => ({
    ...noAir,
    accessPoints: Object.entries(channels).map(
      ([band, channel]) => ({ ...accessPoint, bssid: `${ap} ${band}`, band, channel }) as never,
    ),
    associations: bands.map((band) => ({ ...association, bssid: `${ap} ${band}`, band }) as never),
  });
  const channelOf = (node: NodeAir, report: ClientNow) =>
    presentClients(new Map([["gw", node]]), [report], () => null).map(({ band, channel }) => [band, channel]);

  it("is the one that its radio is on, not the one of the last report", () => {
    assert.deepEqual(channelOf(gateway({ "5G": 149 }, ["5G"]), measured()), [["5G", 149]]);
  });

  it("is that of the link whose figures are shown, where it has several", () => {
    const other = { ...link, band: "2.4G" as const, channel: 6, snrDb: 20 };
    const several = gateway({ "2.4G": 11, "5G": 149 }, ["2.4G", "5G"]);
    assert.deepEqual(channelOf(several, measured({ links: [link, other] })), [["5G", 149]]);
  });
});

describe("links between nodes", () => {
  const around = (more: Partial<NodeAround> = {}): NodeAround => ({ stations: [], air: null, isWired: null, ...more });
  const of = (tables: ReadonlyMap<string, NodeAround>, clients: readonly ClientThen[] = [], nodes = everybody) =>
    linksOf(home, tables, nodes, clients).links.map(({ node, parent, medium, up, band, snrDb }) =>
      [node, parent, medium, up, band, snrDb].join(" "),
    );
  const atGateway = around({ air: { ...noAir, backhaul: [{ bssid: ap, radio, stations: [station] }] }, isWired: true });

  it("are by the tables of the node that a station is on, with what that reported", () => {
    const tables = new Map([
      ["gw", atGateway],
      ["pod", around({ stations: [station], air: noAir })],
    ]);
    assert.deepEqual(of(tables, [then({ mac: station, snrDb: 40 })]), [
      "gw  ethernet true  ",
      "pod gw wifi true 5G 40",
      "shed gw ethernet true  ",
    ]);
  });

  it("are on the channel that the radio is on, not on the one of the last report", () => {
    const there = around({
      air: { ...noAir, backhaul: [{ bssid: ap, radio: { ...radio, channel: 149 }, stations: [station] }] },
    });
    const tables = new Map([
      ["gw", there],
      ["pod", around({ stations: [station], air: noAir })],
    ]);
    const { links } = linksOf(home, tables, everybody, [then({ mac: station })]);
    assert.deepEqual([links[1]?.channel, links[1]?.snrDb], [149, 31]);
  });

  it("are by reports where there are no tables of that time", () => {
    const tables = new Map([["pod", around({ stations: [station] })]]);
    assert.equal(of(tables, [then({ mac: station, snrDb: 22 })])[1], "pod gw wifi true 5G 22");
  });

  it("are as stated, and not known to be there, where nothing tells", () => {
    const absent = new Map([["pod", { ...connected, connection: "absent" as const }]]);
    assert.deepEqual(of(new Map(), [], absent as never), ["gw     ", "pod gw wifi   ", "shed gw ethernet   "]);
  });
});

describe("nodes at a time", () => {
  const event = (kind: string, node: string, reason = "") =>
    ({ kind, node, text: `${node}: ${kind}`, details: { reason } }) as never;
  const told = (...newestFirst: readonly never[]) =>
    [...nodesThen(newestFirst, () => null)].map(([node, { connection, settled, pending }]) => [
      node,
      connection,
      settled,
      pending,
    ]);
  const cases: readonly [string, readonly never[], unknown][] = [
    [
      "connected and settled",
      [event("node-settled", "gw"), event("node-connected", "gw")],
      [["gw", "connected", true, null]],
    ],
    [
      "gone",
      [event("node-disconnected", "gw", "cable"), event("node-settled", "gw"), event("node-connected", "gw")],
      [["gw", "absent", false, "not connected: cable"]],
    ],
    [
      "back, and not settled yet",
      [event("node-connected", "gw"), event("node-settled", "gw")],
      [["gw", "connected", null, null]],
    ],
    [
      "unsettled, and why",
      [event("node-unsettled", "gw", "radar"), event("node-connected", "gw")],
      [["gw", "connected", false, "radar"]],
    ],
    ["settled long after it came", [event("node-settled", "gw")], [["gw", "connected", true, null]]],
    ["not known of", [], []],
  ];
  for (const [title, events, expected] of cases) it(`are ${title}`, () => assert.deepEqual(told(...events), expected));

  it("had the radios that were not as they were told, also from before the node came back", () => {
    const radio = (kind: string, ifName: string) =>
      ({ kind, node: "gw", text: "", details: { ifName, note: `note of ${ifName}` } }) as never;
    const noteOf = (...newestFirst: readonly never[]) => nodesThen(newestFirst, () => null).get("gw")?.note;
    const [settled, came] = [event("node-settled", "gw"), event("node-connected", "gw")];
    assert.equal(noteOf(settled, came), null);
    assert.equal(noteOf(settled, came, radio("radio-differs", "wifi0")), "note of wifi0");
    assert.equal(noteOf(radio("radio-agrees", "wifi0"), settled, came, radio("radio-differs", "wifi0")), null);
    assert.equal(
      noteOf(radio("radio-differs", "wifi1"), radio("radio-differs", "wifi0"), settled, came),
      "note of wifi1; note of wifi0",
    );
  });
});

describe("radios", () => {
  const state = { if_name: "wifi1", freq_band: "5G", channel: 100, ht_mode: "HT80", enabled: true };
  const rows =
    (more: object = {}) =>
    () =>
      new Map([["u", { ...state, ...more }]]) as never;
  const air = {
    at: 0,
    channel: 100,
    busyPercent: 60,
    txPercent: 20,
    rxPercent: 30,
    selfPercent: 5,
    noiseFloorDbm: -95,
  };

  it("have their airtime by source, and what radar says of their channel", () => {
    const channels = new Map([["100", '{"state":"cac_started"}']]);
    assert.deepEqual(radiosNow("gw", rows({ channels }), [["5G", air]]), [
      {
        ...{ node: "gw", band: "5G", channel: 100, widthMhz: 80, dfs: "checking" },
        ...{ busyPercent: 60, ownPercent: 25, othersPercent: 35 },
      },
    ]);
  });

  it("listen for radar also before they are on a channel", () => {
    const dfsOf = (state: string) =>
      radiosNow("gw", rows({ channel: null, channels: new Map([["100", `{"state": "${state}"}`]]) }), [])[0]?.dfs;
    assert.deepEqual([dfsOf("cac_started"), dfsOf("nop_finished")], ["checking", null]);
  });

  it("have no airtime of a channel that they have left, and none of which more is used than there is", () => {
    assert.equal(radiosNow("gw", rows(), [["5G", { ...air, channel: 36 }]])[0]?.busyPercent, null);
    const [odd] = radiosNow("gw", rows(), [["5G", { ...air, busyPercent: 130, txPercent: 200 }]]);
    assert.deepEqual([odd?.busyPercent, odd?.ownPercent, odd?.othersPercent], [100, 100, 0]);
  });
});
