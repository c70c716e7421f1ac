import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mac, mac } from "@opensync-ts/base/units";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { plan } from "../reconcile.ts";
import { type Columns, steeringTables, type TableReader } from "../rows.ts";
import * as limits from "./limits.ts";
import { moveColumns, type NodeMove, stepOf } from "./move-columns.ts";
import { operatingClass } from "./operating-class.ts";
import { defaultProfiles } from "./profiles.ts";
import {
  type SteeredDevice,
  type SteeringAp,
  type SteeringInput,
  type SteeringNode,
  steeringRows,
} from "./steering-rows.ts";
import { tv } from "./testing/snapshots.ts";

const ap = (node: number, band: "2.4G" | "5G", more: Partial<SteeringAp> = {}): SteeringAp => ({
  ...{
    ifName: band === "5G" ? "home-ap-50" : "home-ap-24",
    bssid: mac(`0a:00:00:00:0${node}:${band === "5G" ? 50 : 24}`),
  },
  ...{ band, network: "home", channel: band === "5G" ? 36 : 6, width: band === "5G" ? 80 : 20 },
  ...more,
});
const gateway: SteeringNode = { id: "gw", claimed: true, accessPoints: [ap(1, "2.4G"), ap(1, "5G")] };
const extender: SteeringNode = {
  id: "ext",
  claimed: true,
  accessPoints: [ap(2, "2.4G"), ap(2, "5G", { channel: 149 })],
};
const device: SteeredDevice = {
  mac: tv,
  profile: "tv",
  mobility: "unknown",
  band: null,
  exempt: false,
  placed: null,
  move: null,
};

function input(more: Partial<SteeringInput> = {}): SteeringInput {
  return {
    ...{ node: gateway, nodes: [gateway, extender], devices: [device], profiles: defaultProfiles, optimised: true },
    present: () => undefined,
    ...more,
  };
}

function rowsOf(more: Partial<SteeringInput> = {}) {
  const made = steeringRows(input(more));
  assert.ok(made);
  return made.rows;
}

function columnsOf(of: Partial<SteeredDevice>, more: Partial<SteeringInput> = {}): Columns {
  const found = rowsOf({ ...more, devices: [{ ...device, ...of }] }).find(
    ({ table }) => table === "Band_Steering_Clients",
  );
  assert.ok(found);
  return found.columns;
}

/** A node's database as far as steering is concerned: what `plan` asks for is done. */
class Database {
  readonly rows = new Map<string, Map<Uuid, Row>>();
  writes = 0;
  #next = 0;

  readonly reader: TableReader = (table) => this.rows.get(table) ?? new Map();

  client = (mac: Mac) => [...this.reader("Band_Steering_Clients").values()].find((row) => row.mac === mac);

  bring(more: Partial<SteeringInput> = {}): void {
    const made = steeringRows(input({ ...more, present: this.client }));
    const silent = made ? [] : steeringTables;
    for (const change of plan(made?.rows ?? [], this.reader, new Set(), new Set(silent))) {
      this.writes++;
      const table = this.rows.get(change.table) ?? new Map<Uuid, Row>();
      this.rows.set(change.table, table);
      if (change.kind === "insert") {
        const uuid = `u${this.#next++}` as Uuid;
        table.set(uuid, { _uuid: uuid, ...change.row } as Row);
      } else if (change.kind === "update") {
        table.set(change.uuid, { ...table.get(change.uuid), ...change.row } as Row);
      } else if (change.kind === "delete") table.delete(change.uuid);
    }
  }

  says(mac: Mac, columns: Columns): void {
    const row = this.client(mac);
    assert.ok(row);
    this.rows.get("Band_Steering_Clients")?.set(row._uuid, { ...row, ...columns } as Row);
  }
}

describe("rows of steering", () => {
  it("are one group, the access points of other nodes, and a row for each device", () => {
    assert.deepEqual(
      rowsOf().map(({ id }) => id),
      [
        "Wifi_VIF_Neighbors 0a:00:00:00:02:24",
        "Wifi_VIF_Neighbors 0a:00:00:00:02:50",
        "Band_Steering_Config home-ap-24+home-ap-50",
        `Band_Steering_Clients ${tv}`,
      ],
    );
  });

  it("are none at all of a node that is not claimed: it steers by its own", () => {
    assert.equal(steeringRows(input({ node: { ...gateway, claimed: false } })), null);
  });

  it("offer neighbours in the order in which the node hears them, with class and channel", () => {
    const hears = new Map([
      [mac("0a:00:00:00:02:50"), 40],
      [mac("0a:00:00:00:02:24"), 20],
    ]);
    const neighbors = rowsOf({ node: { ...gateway, hears } }).filter(({ table }) => table === "Wifi_VIF_Neighbors");
    assert.deepEqual(
      neighbors.map(({ columns }) => [columns.if_name, columns.channel, columns.op_class, columns.priority]),
      [
        ["home-ap-50", 149, 128, 1],
        ["home-ap-24", 6, 81, 2],
      ],
    );
  });

  it("offer no access point of a stranger's node or of another network", () => {
    const others = [
      { ...extender, claimed: false },
      { ...extender, id: "x", accessPoints: [ap(3, "5G", { network: "guests" })] },
    ];
    assert.ok(rowsOf({ nodes: [gateway, ...others] }).every(({ table }) => table !== "Wifi_VIF_Neighbors"));
  });

  const cases: readonly (readonly [string, Partial<SteeredDevice>, Partial<SteeringInput>, Columns])[] = [
    ["by its class", {}, { nodes: [gateway] }, { hwm: 28, lwm: 8, pref_5g: "hwm", kick_upon_idle: true }],
    ["over what a node alone would do, where there are several", {}, {}, { pref_5g: "always" }],
    ["as unknown where there is no such profile", { profile: "toaster" }, { nodes: [gateway] }, { hwm: 30, lwm: 10 }],
    ["left to the optimiser once it is known to stay", { mobility: "static" }, {}, { hwm: 0, lwm: 8 }],
    ["by the node where nobody optimises", { mobility: "static" }, { optimised: false }, { hwm: 28, lwm: 8 }],
    ["by the node for as long as it walks", { mobility: "mobile" }, {}, { hwm: 28, lwm: 8 }],
    ["on 2.4 GHz by policy", { band: "2.4G" }, {}, { hwm: 0, pref_5g: "never" }],
    ["on 5 GHz by policy", { band: "5G" }, { nodes: [gateway] }, { pref_5g: "always", pref_6g: "never" }],
    [
      "not refused where it was sent to",
      { mobility: "static", placed: mac("0a:00:00:00:02:24") },
      {},
      { pref_5g: "never" },
    ],
  ];
  for (const [what, of, more, expected] of cases) {
    it(`steer a device ${what}`, () => {
      const columns = columnsOf(of, more);
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, columns[name]])), expected);
    });
  }

  it("leave a device out that nobody shall steer", () => {
    assert.ok(
      rowsOf({ devices: [{ ...device, exempt: true }] }).every(({ table }) => table !== "Band_Steering_Clients"),
    );
  });

  it("are one for each address", () => {
    const rows = rowsOf({ devices: [device, { ...device, profile: "iot" }] });
    assert.deepEqual(
      rows.filter(({ table }) => table === "Band_Steering_Clients").map(({ columns }) => columns.hwm),
      [28],
    );
  });

  it("are no more than a node holds; of the others it is said", () => {
    const devices = Array.from({ length: limits.rowsPerNode + 2 }, (_, n) => ({
      ...device,
      mac: mac(`02:00:00:00:0${n >> 8}:${(n & 255).toString(16).padStart(2, "0")}`),
    }));
    const made = steeringRows(input({ devices }));
    assert.equal(made?.rows.filter(({ table }) => table === "Band_Steering_Clients").length, limits.rowsPerNode);
    assert.equal(made?.refusals.length, 2);
  });

  it("make no writes where all is as it shall be; drift is put right, rows of others go, another list is another group", () => {
    const node = new Database();
    node.bring();
    assert.equal(node.writes, 4);
    node.bring();
    assert.equal(node.writes, 4);
    node.says(tv, { hwm: 99 });
    node.bring();
    assert.equal(node.writes, 5);
    node.bring({ devices: [] });
    assert.equal(node.writes, 6);
    node.bring({ node: { ...gateway, accessPoints: [ap(1, "5G")] }, devices: [] });
    assert.deepEqual(
      [...node.reader("Band_Steering_Config").values()].map(({ ifnames }) => ifnames),
      [new Map([["home-ap-50", "5G"]])],
    );
  });

  it("are left as they are when a node is not the cloud's any more", () => {
    const node = new Database();
    node.bring();
    node.bring({ node: { ...gateway, claimed: false } });
    assert.equal(node.writes, 4);
    assert.ok(node.client(tv));
  });
});

describe("a move on the wire", () => {
  const from = mac("0a:00:00:00:01:24");
  const away: Partial<SteeringInput> = {
    devices: [{ ...device, move: { from, to: mac("0a:00:00:00:02:50"), arrivedAt: null } }],
  };
  const steps = (node: Database) => {
    const row = node.client(tv);
    return [row?.cs_mode, row?.force_kick, row?.cs_state ?? null];
  };

  it("is armed, kicked once the node says that it steers, and cleared when it has ended", () => {
    const node = new Database();
    node.bring();
    assert.deepEqual(steps(node), ["off", "none", null]);
    node.bring(away);
    assert.deepEqual(steps(node), ["away", "none", null]);
    node.bring(away);
    assert.deepEqual(steps(node), ["away", "none", null], "not before the node has taken it");
    node.says(tv, { cs_state: "steering" });
    node.bring(away);
    assert.deepEqual(steps(node), ["away", "directed", "steering"]);
    node.says(tv, { cs_state: "expired" });
    const writes = node.writes;
    node.bring(away);
    assert.equal(node.writes, writes, "a kick stands until the move has ended");
    node.bring();
    assert.deepEqual(steps(node), ["off", "none", null]);
    node.bring();
    assert.equal(node.writes, writes + 1);
  });

  it("clears what another round has left before the next one", () => {
    const node = new Database();
    node.bring();
    node.says(tv, { cs_mode: "home", cs_state: "failed", force_kick: "directed" });
    node.bring(away);
    assert.deepEqual(steps(node), ["off", "none", null]);
    node.bring(away);
    assert.deepEqual(steps(node), ["away", "none", null]);
  });

  it("stays within the node by band, and is the business of the node that the client is on only", () => {
    const move = { from, to: mac("0a:00:00:00:01:50"), arrivedAt: null };
    const home = columnsOf({ move });
    assert.deepEqual(
      home.cs_params,
      new Map([
        ["cs_enforce_period", "60"],
        ["band", "5G"],
      ]),
    );
    assert.equal((home.sc_btm_params as ReadonlyMap<string, string>).get("bssid"), move.to);
    assert.equal(columnsOf({ move }, { node: extender }).cs_mode, "off");
    assert.equal(columnsOf({ move: { ...move, arrivedAt: 1 as never } }).cs_mode, "off");
    assert.equal(columnsOf({ move: { ...move, to: mac("0a:00:00:00:09:09") } }).cs_mode, "off");
  });

  it("knows its step from the row alone", () => {
    const move: NodeMove = {
      target: tv,
      mode: "home",
      band: "5G",
      btm: defaultProfiles.get("tv")?.btm as NodeMove["btm"],
    };
    const row = (columns: Columns) => ({ _uuid: "u", ...columns }) as unknown as Row;
    const btm = new Map([["bssid", tv as string]]);
    const table: readonly (readonly [Columns | undefined, string])[] = [
      [undefined, "arm"],
      [{}, "arm"],
      [{ cs_mode: "off", force_kick: "none" }, "arm"],
      [{ cs_mode: "home", sc_btm_params: btm, force_kick: "none" }, "arm"],
      [{ cs_mode: "home", sc_btm_params: btm, force_kick: "none", cs_state: "steering" }, "kick"],
      [{ cs_mode: "home", sc_btm_params: btm, force_kick: "directed", cs_state: "expired" }, "kick"],
      [{ cs_mode: "home", sc_btm_params: new Map([["bssid", "other"]]), cs_state: "steering" }, "clear"],
      [{ cs_mode: "away", sc_btm_params: btm, cs_state: "steering" }, "clear"],
      [{ cs_mode: "off", cs_state: "expired" }, "clear"],
      [{ cs_mode: "off", force_kick: "directed" }, "clear"],
    ];
    for (const [columns, step] of table)
      assert.equal(stepOf(move, columns && row(columns)), step, JSON.stringify(columns));
    assert.equal(moveColumns(null, row({ cs_state: "expired" })).cs_state, null);
  });
});

describe("operating classes", () => {
  const cases: readonly (readonly [Parameters<typeof operatingClass>[0], number | undefined])[] = [
    [{ band: "2.4G", channel: 6, width: 20 }, 81],
    [{ band: "5G", channel: 36, width: 20 }, 115],
    [{ band: "5G", channel: 40, width: 40 }, 117],
    [{ band: "5G", channel: 149, width: 40 }, 126],
    [{ band: "5G", channel: 100, width: 80 }, 128],
    [{ band: "5G", channel: 36, width: 160 }, 129],
    [{ band: "6G", channel: 37, width: 160 }, 134],
    [{ band: "5G", channel: 36, width: 320 }, undefined],
    [{ band: "2.4G", channel: 36, width: 20 }, undefined],
  ];
  for (const [channel, expected] of cases) {
    it(`${channel.band} ${channel.channel}, ${channel.width} MHz: ${expected ?? "none"}`, () =>
      assert.equal(operatingClass(channel), expected));
  }
});
