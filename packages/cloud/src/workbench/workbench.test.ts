import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { memoryTransportPair } from "@opensync-ts/ovsdb/memory-transport";
import { RemoteClient } from "@opensync-ts/ovsdb/remote-client";
import { openSync } from "@opensync-ts/schema/opensync";
import { type WiredNode, wiredNode } from "../testing/wired-node.ts";
import { writerOf } from "./edit.ts";
import { rowView } from "./views.ts";
import { type LookedAtSession, Workbench } from "./workbench.ts";

describe("the workbench", () => {
  let wired: WiredNode;
  let workbench: Workbench;
  let session: LookedAtSession;
  before(async () => {
    wired = await wiredNode();
    workbench = new Workbench({ clock: wired.cloud.clock });
    const found = wired.cloud.location.session("gateway");
    assert.ok(found);
    session = found;
  });
  after(() => workbench.stop());

  const radios = () => workbench.rows("gateway", session, "Wifi_Radio_Config");
  const uuidOf = async (name: string) => {
    const { rows } = await radios();
    const row = rows.find(({ cells }) => cells.get("if_name") === name);
    assert.ok(row);
    return row.uuid;
  };
  const later = () => wired.cloud.clock.advance(1_000);
  const settle = async () => {
    for (let round = 0; round < 20; round++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      await wired.cloud.clock.advance(0);
    }
  };
  const refused = (code: string, pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof Error && "code" in error, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, pattern);
    return true;
  };

  it("reads any table of the node's schema, and tells those that look at the same time the same", async () => {
    const { schema } = await workbench.schema(session);
    assert.ok(schema.tables.size > 100);
    const [one, other] = await Promise.all([radios(), radios()]);
    assert.equal(one.rows, other.rows);
    assert.equal(one.rows.length, 3);
    const { rows } = await workbench.rows("gateway", session, "SSL");
    assert.deepEqual(rows, []);
    await assert.rejects(workbench.rows("gateway", session, "Nonsense"), refused("absent", /no table of this name/));
  });

  it("has another revision of a table where a row is another, and no other", async () => {
    const { revision } = await radios();
    await later();
    assert.equal((await radios()).revision, revision);
    await wired.node.set("Wifi_Radio_Config", "wifi0", { tx_power: 17 });
    await later();
    assert.notEqual((await radios()).revision, revision);
  });

  it("masks secrets in rows", async () => {
    const { rows } = await workbench.rows("gateway", session, "Wifi_VIF_Config");
    const views = rows.map(rowView);
    assert.ok(views.length > 0);
    for (const { cells, masked } of views) {
      assert.deepEqual(Object.values(cells.wpa_psks as object), ["****"]);
      assert.ok(masked.includes("wpa_psks"));
    }
  });

  it("does not read a table of very many rows", async () => {
    await wired.node.client.transact((transaction) => {
      for (let index = 0; index < 1001; index++) {
        transaction.insert("Node_State", { module: "test", key: `key ${index}`, value: "x" });
      }
    });
    await assert.rejects(workbench.rows("gateway", session, "Node_State"), refused("too-large", /1001 rows/));
    await wired.node.client.transact((transaction) => transaction.delete("Node_State", [["module", "==", "test"]]));
  });

  it("says what an edit would do, does it, and does nothing where nothing differs", async () => {
    const uuid = await uuidOf("wifi0");
    const edit = { set: { tx_power: 11 }, guard: { tx_power: 17 } };
    const prepared = await workbench.prepare(session, "Wifi_Radio_Config", uuid, edit);
    assert.deepEqual(prepared.changes, [{ column: "tx_power", before: 17, after: 11 }]);
    assert.deepEqual(prepared.operations, [
      {
        ...{ op: "wait", columns: ["tx_power"], until: "==", rows: [{ tx_power: 17 }], table: "Wifi_Radio_Config" },
        ...{ where: [["_uuid", "==", ["uuid", uuid]]], timeout: 0 },
      },
      {
        ...{ op: "update", table: "Wifi_Radio_Config", where: [["_uuid", "==", ["uuid", uuid]]] },
        row: { tx_power: 11 },
      },
    ]);
    assert.deepEqual([prepared.danger, prepared.writer, prepared.repairs], [null, null, []]);
    await prepared.write();
    assert.equal(wired.node.row("Wifi_Radio_Config", "wifi0")?.tx_power, 11);
    const again = await workbench.prepare(session, "Wifi_Radio_Config", uuid, { set: { tx_power: 11 }, guard: {} });
    assert.deepEqual(again.changes, []);
  });

  it("writes nothing where a guard does not hold, be it seen at once or by the node only, and tells what is there now", async () => {
    const uuid = await uuidOf("wifi0");
    const edit = { set: { tx_power: 5 }, guard: { tx_power: 11 } };
    const prepared = await workbench.prepare(session, "Wifi_Radio_Config", uuid, edit);
    await wired.node.set("Wifi_Radio_Config", "wifi0", { tx_power: 12 });
    const isNow = (error: unknown) => {
      assert.deepEqual((error as { fields: unknown }).fields, [{ path: "guard.tx_power", reason: "is now 12" }]);
      return refused("conflict", /faster|changed since/)(error);
    };
    await assert.rejects(prepared.write(), isNow);
    await assert.rejects(workbench.prepare(session, "Wifi_Radio_Config", uuid, edit), isNow);
    assert.equal(wired.node.row("Wifi_Radio_Config", "wifi0")?.tx_power, 12);
  });

  it("shows whoever looks at the table after an edit what the edit has seen, however soon", async () => {
    const uuid = await uuidOf("wifi0");
    await later();
    const shown = async () => (await radios()).rows.find((row) => row.uuid === uuid)?.cells.get("tx_power");
    await shown();
    await wired.node.set("Wifi_Radio_Config", "wifi0", { tx_power: 13 });
    const edit = { set: { tx_power: 5 }, guard: { tx_power: 12 } };
    await assert.rejects(workbench.prepare(session, "Wifi_Radio_Config", uuid, edit), refused("conflict", /is now 13/));
    assert.equal(await shown(), 13);
    await wired.node.set("Wifi_Radio_Config", "wifi0", { tx_power: 12 });
    await later();
  });

  it("says before that the home's document brings a column back, and it does", async () => {
    const { rows } = await workbench.rows("gateway", session, "Wifi_VIF_Config");
    const row = rows.find(({ cells }) => cells.get("if_name") === "home-ap-50");
    assert.ok(row);
    const prepared = await workbench.prepare(session, "Wifi_VIF_Config", row.uuid, {
      set: { ssid: "Mine", wpa_psks: { key: "another passphrase" } },
      guard: { ssid: "Test" },
    });
    assert.match(prepared.repairs?.join() ?? "", /^update Wifi_VIF_Config home-ap-50: .*ssid=Test/);
    assert.doesNotMatch(JSON.stringify(prepared), /another passphrase/);
    await prepared.write();
    await settle();
    assert.equal(wired.node.row("Wifi_VIF_Config", "home-ap-50")?.ssid, "Test");
  });

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ["a column that there is not", { set: { colour: 1 } }, /^set\.colour is no column/],
    ["a value of another type", { set: { tx_power: "loud" } }, /^set\.tx_power .*it takes integer, or unset/],
    ["a set for a map", { set: { hw_config: [1] } }, /^set\.hw_config expected a map.*it takes a map of/],
    ["what stands for a secret", { set: { country: "****" } }, /stands for a secret/],
    ["a value out of its choices", { set: { freq_band: "7G" } }, /^set\.freq_band .*2\.4G/],
    ["a value of no form at all", { set: { country: { a: [null] } } }, /^set\.country/],
    ["a guard of a column that there is not", { set: { tx_power: 1 }, guard: { colour: 1 } }, /^guard\.colour/],
  ];
  for (const [what, edit, pattern] of wrong) {
    it(`refuses ${what}, with the column and why`, async () => {
      const uuid = await uuidOf("wifi0");
      const asked = { set: {}, guard: {}, ...edit };
      await assert.rejects(workbench.prepare(session, "Wifi_Radio_Config", uuid, asked), refused("invalid", pattern));
    });
  }

  it("takes no guard of a secret, which nobody has seen", async () => {
    const { rows } = await workbench.rows("gateway", session, "Wifi_VIF_Config");
    const edit = { set: { ssid: "x" }, guard: { wpa_psks: { key: "guess" } } };
    await assert.rejects(
      workbench.prepare(session, "Wifi_VIF_Config", rows[0]?.uuid ?? "", edit),
      refused("invalid", /is secret; leave it out/),
    );
  });

  it("says of columns by which the cloud is reached what they are, and of tables of the node's that it writes them", async () => {
    const { rows } = await workbench.rows("gateway", session, "AWLAN_Node");
    const uuid = rows[0]?.uuid ?? "";
    const edit = { set: { redirector_addr: "ssl:nowhere:1" }, guard: {} };
    assert.match((await workbench.prepare(session, "AWLAN_Node", uuid, edit)).danger ?? "", /redirector_addr/);
    const state = await workbench.rows("gateway", session, "Wifi_Radio_State");
    const change = { set: { channel: 3 }, guard: {} };
    const { writer } = await workbench.prepare(session, "Wifi_Radio_State", state.rows[0]?.uuid ?? "", change);
    assert.match(writer ?? "", /reports/);
    for (const [table, isReport] of [
      ["Wifi_VIF_State", true],
      ["OVS_MAC_Learning", true],
      ["Wifi_VIF_Config", false],
      ["Openflow_Tag", false],
    ] as const)
      assert.equal(writerOf(table) !== null, isReport, table);
  });

  it("finds no row that is gone", async () => {
    const uuid = "00000000-0000-4000-8000-000000000000";
    const edit = { set: { tx_power: 1 }, guard: {} };
    await assert.rejects(workbench.prepare(session, "Wifi_Radio_Config", uuid, edit), refused("absent", /no such row/));
  });

  it("waits for a node that does not answer so long and no longer", async () => {
    const { clock } = wired.cloud;
    const [near, far] = memoryTransportPair("test:2", "silent");
    far.start({ data() {}, ended() {}, drained() {}, closed() {} });
    const wire = RemoteClient.attach(near, openSync, { clock });
    const schema = workbench.schema({ wire, tables: undefined, wouldRepair: () => undefined });
    const told = assert.rejects(schema, refused("unreachable", /does not answer/));
    await clock.advance(5_000);
    await told;
    wire.close();
  });

  it("says that a node is gone, and of an edit on its way that its fate is not known", async () => {
    const edit = { set: { tx_power: 2 }, guard: {} };
    const prepared = await workbench.prepare(session, "Wifi_Radio_Config", await uuidOf("wifi0"), edit);
    wired.hangUp();
    await settle();
    await assert.rejects(prepared.write(), refused("unreachable", /is not known: look at the row/));
    await assert.rejects(radios(), refused("unreachable", /not connected/));
  });
});
