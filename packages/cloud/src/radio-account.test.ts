import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { bssidsOf, radioAccounts } from "./radio-account.ts";
import type { RowStatus } from "./row-status.ts";
import type { TableReader } from "./rows.ts";

type Tables = Readonly<Record<string, readonly object[]>>;

function reader(tables: Tables): TableReader {
  const made = new Map(
    Object.entries(tables).map(([table, rows]) => [
      table,
      new Map((rows as readonly Row[]).map((row, index) => [(row._id ?? `${table}-${index}`) as unknown as Uuid, row])),
    ]),
  );
  return (table) => made.get(table) ?? new Map();
}

const vif = "vif-1" as unknown as Uuid;
const config = { if_name: "wifi1", freq_band: "5G", channel: 100, ht_mode: "HT80", tx_power: null, vif_configs: [vif] };
const state = {
  ...{ if_name: "wifi1", freq_band: "5G", channel: 36, ht_mode: "HT80", tx_power: 20, hw_mode: "11ax", enabled: true },
  allowed_channels: [36, 40, 44, 48, 100, 104],
  channels: new Map([
    ["36", '{"state":"allowed"}'],
    ["100", '{"state": "nop_started"}'],
  ]),
  radar: new Map([["last_channel", "100"]]),
};
const tables: Tables = {
  Wifi_Radio_Config: [config],
  Wifi_Radio_State: [state],
  Wifi_VIF_Config: [
    {
      ...{ _id: vif, if_name: "home-ap-50", enabled: true, mode: "ap", ssid: "Home" },
      wpa_psks: new Map([["key", "a secret phrase"]]),
    },
  ],
  Wifi_VIF_State: [
    {
      ...{ if_name: "home-ap-50", enabled: true, mode: "ap", ssid: "Home", mac: "0A:00:00:00:00:01", channel: 36 },
      associated_clients: ["x", "y"],
      wpa_psks: new Map([["key", "another phrase"]]),
    },
    { if_name: "home-ap-24", mode: "ap", mac: "0a:00:00:00:00:02", channel: 36 },
  ],
};
const status = (id: string): RowStatus => ({ id, stated: "radios[0]", status: "applied", reason: "r" }) as RowStatus;

function accounts(of: Tables = tables, statuses: readonly RowStatus[] = []) {
  return radioAccounts({ rows: reader(of), statuses, stated: { width: 80 }, model: null });
}

describe("the radios of a node for people", () => {
  const [radio] = accounts();

  it("show what they do: channel, width, and the channels that that takes up", () => {
    assert.deepEqual([radio?.channel, radio?.width, radio?.covers], [36, 80, [36, 40, 44, 48]]);
    assert.deepEqual([radio?.hwMode, radio?.txPowerDbm, radio?.limits], ["11ax", 20, { width: 80 }]);
    assert.deepEqual(radio?.radar, { last_channel: "100" });
  });

  it("compare what is intended with what is, column by column, and leave to the node what nobody says, or what cannot be", () => {
    const of = (name: string, one = radio) => one?.columns.find(({ column }) => column === name);
    const why = "radar was heard there";
    assert.deepEqual(of("channel"), { column: "channel", intended: "100", actual: "36", agrees: "unstated", why });
    const [other] = accounts({ ...tables, Wifi_Radio_State: [{ ...state, channels: new Map() }] });
    assert.deepEqual([of("channel", other)?.agrees, of("channel", other)?.why], ["no", null]);
    assert.equal(of("ht_mode")?.agrees, "yes");
    assert.deepEqual([of("tx_power")?.agrees, of("tx_power")?.why], ["unstated", null]);
  });

  it("say of each channel whether it is allowed, and what is known of radar there", () => {
    const of = (number: number) => radio?.channels.find(({ channel }) => channel === number);
    assert.deepEqual(of(100), { channel: 100, allowed: true, needsRadarCheck: true, state: "nop_started" });
    assert.deepEqual(of(36), { channel: 36, allowed: true, needsRadarCheck: false, state: "allowed" });
    assert.deepEqual(of(149), { channel: 149, allowed: false, needsRadarCheck: false, state: null });
  });

  it("have their own access points with their clients, and no secret in clear", () => {
    assert.deepEqual(
      radio?.interfaces.map(({ ifName, bssid, clients }) => [ifName, bssid, clients]),
      [["home-ap-50", "0a:00:00:00:00:01", 2]],
    );
    const psks = radio?.interfaces[0]?.columns.find(({ column }) => column === "wpa_psks");
    assert.deepEqual(psks, { column: "wpa_psks", intended: "1 keys", actual: "1 keys", agrees: "no", why: null });
    assert.doesNotMatch(JSON.stringify(radio), /phrase/);
  });

  it("have what has become of what the document states, refusals of single columns too", () => {
    const ids = ["Wifi_Radio_Config wifi1", "Wifi_Radio_Config wifi1 ht_mode", "Wifi_Radio_Config wifi10"];
    const [found] = accounts(tables, [...ids, "Wifi_VIF_Config home-ap-50"].map(status));
    assert.deepEqual(
      found?.rows.map(({ id }) => id),
      ids.slice(0, 2),
    );
    assert.equal(found?.interfaces[0]?.rows.length, 1);
  });

  it("are none of a node that shows nothing, and bear rows of which half is missing", () => {
    assert.deepEqual(accounts({}), []);
    const [bare] = accounts({ Wifi_Radio_State: [{ if_name: "wifi0", freq_band: "2.4G" }] });
    assert.deepEqual([bare?.channel, bare?.width, bare?.covers, bare?.interfaces], [null, null, [], []]);
  });

  it("know the node's access points by address", () => {
    assert.deepEqual(bssidsOf(reader(tables)), ["0a:00:00:00:00:01", "0a:00:00:00:00:02"]);
  });
});
