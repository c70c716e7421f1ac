import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { mac } from "@opensync-ts/base/units";
import type { Client, ReplicaTable } from "@opensync-ts/ovsdb/client";
import type { OpenSync, OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import type { VifState } from "@opensync-ts/target/radio";
import type { DesiredState } from "./desired-state.ts";
import { portStateChanges, portStateOf, uplinkChanged } from "./master-state.ts";
import { tagChanges } from "./openflow-tags.ts";
import { SideTables } from "./side-tables.ts";
import { apVif, row, staVif } from "./testing/rows.ts";

describe("Openflow_Tag.device_value", () => {
  const tag = (name: string, ...device_value: string[]) => row("Openflow_Tag", { name, device_value });

  it("gains the stations that carry the tag", () => {
    const wanted = new Map([
      ["02:aa", "guests"],
      ["02:bb", "home"],
    ]);
    assert.deepEqual(tagChanges([tag("guests", "02:bb")], wanted, new Map()), [
      { tag: "guests", mutator: "insert", values: ["02:aa"] },
    ]);
  });

  it("loses those that left, and only those OWM put there", () => {
    const ours = new Map([["02:aa", "guests"]]);
    assert.deepEqual(tagChanges([tag("guests", "02:aa", "02:cc")], new Map(), ours), [
      { tag: "guests", mutator: "delete", values: ["02:aa"] },
    ]);
  });

  it("moves a station from tag to tag", () => {
    const changes = tagChanges(
      [tag("guests", "02:aa"), tag("home")],
      new Map([["02:aa", "home"]]),
      new Map([["02:aa", "guests"]]),
    );
    assert.deepEqual(
      changes.map(({ tag, mutator }) => [tag, mutator]),
      [
        ["guests", "delete"],
        ["home", "insert"],
      ],
    );
  });

  it("is not overfilled", () => {
    const full = Array.from({ length: 254 }, (_, n) => `other-${n}`);
    const wanted = new Map([
      ["02:aa", "guests"],
      ["02:bb", "guests"],
    ]);
    assert.deepEqual(tagChanges([tag("guests", ...full)], wanted, new Map())[0]?.values, ["02:aa"]);
  });
});

describe("Wifi_Master_State.port_state", () => {
  it("is active for an AP at work and a STA that is connected", () => {
    assert.equal(portStateOf(apVif()), "active");
    assert.equal(portStateOf(apVif({ status: "disabled" })), "inactive");
    assert.equal(portStateOf(staVif()), "active");
    assert.equal(portStateOf(staVif({ status: "connecting" })), "inactive");
    assert.equal(portStateOf(null), "inactive");
  });

  it("is written where it differs, on rows of vifs that drivers speak of", () => {
    const rows = [
      row("Wifi_Master_State", { if_name: "home-ap-50", if_type: "vif", port_state: "inactive" }),
      row("Wifi_Master_State", { if_name: "gone", if_type: "vif", port_state: "active" }),
      row("Wifi_Master_State", { if_name: "unknown", if_type: "vif" }),
      row("Wifi_Master_State", { if_name: "eth0", if_type: "eth", port_state: "active" }),
      row("Wifi_Master_State", { if_name: "bhaul-sta-50", if_type: "vif", port_state: "active" }),
    ];
    const known = new Map<string, VifState | null>([
      ["home-ap-50", apVif()],
      ["gone", null],
      ["bhaul-sta-50", staVif()],
    ]);
    assert.deepEqual(
      [...portStateChanges(rows, known)].map(([{ if_name }, state]) => [if_name, state]),
      [
        ["home-ap-50", "active"],
        ["gone", "inactive"],
      ],
    );
  });

  it("of a multi-link device is active while any of its links is", () => {
    const mld = { addr: mac("02:00:00:00:02:00"), ifName: "bhaul-mld" };
    const link = (name: string, status: "connected" | "disconnected"): VifState => {
      const vif = staVif({ status });
      return { ...vif, name, sta: { ...vif.sta, mld } };
    };
    const rows = [row("Wifi_Master_State", { if_name: "bhaul-mld", if_type: "vif", port_state: null })];
    const shown = (...links: readonly VifState[]) => [
      ...portStateChanges(rows, new Map(links.map((each) => [each.name, each]))).values(),
    ];
    assert.deepEqual(shown(link("a", "disconnected"), link("b", "connected")), ["active"]);
    assert.deepEqual(shown(link("a", "disconnected")), ["inactive"]);
    assert.deepEqual(shown(staVif()), []);
  });

  it("has to blip when an uplink comes or goes over to another AP", () => {
    assert.equal(uplinkChanged(staVif({ status: "connecting" }), staVif()), true);
    assert.equal(uplinkChanged(staVif(), staVif({ ssid: "other" })), true);
    assert.equal(uplinkChanged(staVif(), staVif()), false);
    assert.equal(uplinkChanged(apVif(), apVif({ status: "disabled" })), false);
  });

  it("blips for an uplink that moves while it blips already", async () => {
    const master = row("Wifi_Master_State", { if_name: "bhaul-sta-50", if_type: "vif", port_state: "active" });
    let transactions = 0;
    const client = {
      transact: async () => {
        if (++transactions === 2) tables.vifChanged("bhaul-sta-50", staVif({ ssid: "b" }), staVif({ ssid: "c" }));
      },
    } as unknown as Client<OpenSync>;
    const tableOf = <R extends OpenSyncTable>(...rows: readonly Row<R>[]) =>
      ({ rows: new Map(rows.map((each) => [each._uuid, each])) }) as unknown as ReplicaTable<Row<R>>;
    const tables = new SideTables(
      {
        client,
        clock: new VirtualClock(),
        log: Log.create({ name: "OW", sink: new LogRing(10).sink, wallTime: () => 0 }),
        tags: tableOf<"Openflow_Tag">(),
        masters: tableOf<"Wifi_Master_State">(master),
      },
      new Map(),
    );
    const nothing: DesiredState = { radios: new Map(), vifs: new Map(), clients: new Map(), crowded: new Map() };
    tables.vifChanged("bhaul-sta-50", staVif({ ssid: "a" }), staVif({ ssid: "b" }));
    await tables.write(nothing);
    assert.equal(transactions, 2);
    await tables.write(nothing);
    assert.equal(transactions, 4);
    await tables.write(nothing);
    assert.equal(transactions, 4);
  });
});
