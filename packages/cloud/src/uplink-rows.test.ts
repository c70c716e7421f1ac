import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { desiredState } from "./desired.ts";
import { parseHome } from "./home.ts";
import { mirrored } from "./mirror.ts";
import { nodeFacts } from "./node-facts.ts";
import { prove } from "./proof.ts";
import { plan } from "./reconcile.ts";
import type { ConfigTable, StateTable, TableReader } from "./rows.ts";
import { homeText } from "./test-home.ts";

type Tables = Readonly<Partial<Record<ConfigTable | StateTable, readonly Readonly<Record<string, Datum>>[]>>>;

/** Rows in which the n-th of a table is called `TABLE-n`. */
function rowsOf(tables: Tables): TableReader {
  return (table) =>
    new Map(
      (tables[table] ?? []).map((columns, index) => {
        const _uuid = `${table}-${index}` as Uuid;
        return [_uuid, { _uuid, ...columns } as Row];
      }),
    );
}

const eth = { if_name: "eth0", if_type: "eth", is_used: true, bridge: null };
const bridge = { name: "br-home", ports: [] };

function changesOf(tables: Tables, id = "extender", parts: object = {}) {
  const home = parseHome(homeText({ networks: [], ...parts }), "home.json");
  const node = home.nodes.find((each) => each.id === id);
  assert.ok(node);
  const rows = rowsOf(tables);
  const { rows: desired, refusals, silent } = desiredState(home, node, nodeFacts(rows));
  return { desired, refusals, changes: plan(desired, rows, new Set(), silent) };
}

describe("the uplink of an extender", () => {
  const cases: readonly (readonly [what: string, tables: Tables, id: string, bridge: string | null])[] = [
    ["on a cable", { Connection_Manager_Uplink: [eth], Bridge: [bridge] }, "extender", "br-home"],
    [
      "in another bridge",
      { Connection_Manager_Uplink: [{ ...eth, bridge: "br-wan" }], Bridge: [bridge] },
      "extender",
      "br-home",
    ],
    [
      "where it is to be",
      { Connection_Manager_Uplink: [{ ...eth, bridge: "br-home" }], Bridge: [bridge] },
      "extender",
      null,
    ],
    ["not in use", { Connection_Manager_Uplink: [{ ...eth, is_used: false }], Bridge: [bridge] }, "extender", null],
    [
      "over Wi-Fi",
      {
        Connection_Manager_Uplink: [
          { ...eth, is_used: null },
          { ...eth, if_name: "g-bhaul-sta-50", if_type: "gre" },
        ],
        Bridge: [bridge],
      },
      "extender",
      null,
    ],
    [
      "one of two in use while it changes",
      { Connection_Manager_Uplink: [eth, { ...eth, if_name: "eth1" }], Bridge: [bridge] },
      "extender",
      null,
    ],
    ["of a gateway", { Connection_Manager_Uplink: [eth], Bridge: [bridge] }, "gateway", null],
    ["not known", { Bridge: [bridge] }, "extender", null],
  ];
  for (const [what, tables, id, to] of cases) {
    it(`${what}: ${to ? `is to be in ${to}` : "is left alone"}`, () => {
      const changes = changesOf(tables, id).changes.filter(({ table }) => table === "Connection_Manager_Uplink");
      const written = changes.map((change) => (change.kind === "update" ? change.row : change.kind));
      assert.deepEqual(written, to ? [{ bridge: to }] : []);
    });
  }

  it("goes into the bridge that the home names", () => {
    const tables = { Connection_Manager_Uplink: [eth], Bridge: [{ ...bridge, name: "br-lan" }] };
    const lan = { bridge: "br-lan", address: "192.168.7.1", dhcp: { start: "192.168.7.10", stop: "192.168.7.20" } };
    const { changes } = changesOf(tables, "extender", { lan });
    assert.deepEqual(
      changes.map(({ id }) => id),
      ["Connection_Manager_Uplink eth0"],
    );
  });

  it("is not asked for where the node has no such bridge, which is said", () => {
    const { changes, refusals } = changesOf({ Connection_Manager_Uplink: [eth] });
    assert.deepEqual(changes, []);
    assert.match(refusals[0]?.reason ?? "", /no bridge br-home .* name the one it has in 'lan'/);
  });

  it("leaves the LAN where the node is the gateway now, and only then the LAN gets its address", () => {
    const lan = { bridge: "br-home", address: "192.168.7.1", dhcp: { start: "192.168.7.10", stop: "192.168.7.20" } };
    const inside = { Bridge: [{ ...bridge, ports: ["Port-0"] }], Port: [{ name: "eth0" }] };
    const named = { Connection_Manager_Uplink: [{ ...eth, bridge: "br-home" }] };
    const ids = (tables: Tables) => changesOf(tables, "gateway", { lan }).changes.map(({ id }) => id);
    assert.deepEqual(ids({ ...named, ...inside }), ["Connection_Manager_Uplink eth0"]);
    const unnamed = { Connection_Manager_Uplink: [eth] };
    assert.deepEqual(ids({ ...unnamed, ...inside }), [], "until the node has done so");
    const wanted = changesOf({ ...unnamed, ...inside }, "gateway", { lan }).desired.find(
      ({ table }) => table === "Connection_Manager_Uplink",
    );
    assert.ok(wanted);
    const reason = "eth0 is a port of br-home still";
    assert.deepEqual(prove(wanted, rowsOf({ ...unnamed, ...inside })), { kind: "awaited", reason });
    assert.deepEqual(ids({ ...unnamed, Bridge: [bridge] }), ["Wifi_Inet_Config br-home"]);
    const without = (tables: Tables) => changesOf(tables, "gateway").changes.map(({ id }) => id);
    assert.deepEqual(without({ ...named, ...inside }), ["Connection_Manager_Uplink eth0"], "no LAN is stated");
    assert.deepEqual(without({ ...unnamed, ...inside }), [], "put there by hand, and no LAN is stated");
  });

  it("is proven by the bridge's port", () => {
    const tables = { Connection_Manager_Uplink: [{ ...eth, bridge: "br-home" }], Bridge: [bridge] };
    const wanted = changesOf(tables).desired.find(({ table }) => table === "Connection_Manager_Uplink");
    assert.ok(wanted);
    const reason = "eth0 is no port of br-home yet";
    assert.deepEqual(prove(wanted, rowsOf(tables)), { kind: "awaited", reason });
    const ports = { Bridge: [{ ...bridge, ports: ["Port-0"] }], Port: [{ name: "eth0" }] };
    assert.deepEqual(prove(wanted, rowsOf({ ...tables, ...ports })), { kind: "proven" });
    const unused = { ...tables, Connection_Manager_Uplink: [{ ...eth, bridge: "br-home", is_used: false }] };
    const known = changesOf(unused).desired.find(({ table }) => table === "Connection_Manager_Uplink");
    assert.ok(known, "also where the node has lost it, and came by it all the same");
    assert.deepEqual(prove(known, rowsOf(unused)), { kind: "awaited", reason });
    const shown: readonly string[] = mirrored.Connection_Manager_Uplink.columns;
    assert.ok(Object.keys(wanted.columns).every((column) => shown.includes(column)));
  });
});
