/** What the compiler accepts and refuses; `tsc` checks this file, running it adds the values. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { type OpenSyncTable, openSync, type Row, type Write } from "./opensync.ts";

/** Compiles where A and B are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(value: T): T => value;

describe("row types", () => {
  it("follow from the declaration: bare, optional, set and map columns", () => {
    isTrue<Same<Row<"AW_Debug">["name"], string>>(true);
    isTrue<Same<Row<"Wifi_Radio_Config">["channel"], number | null>>(true);
    isTrue<Same<Row<"Wifi_Radio_Config">["vif_configs"], readonly Uuid[]>>(true);
    isTrue<Same<Row<"AWLAN_Node">["mqtt_settings"], ReadonlyMap<string, string>>>(true);
    isTrue<Same<Row<"Wifi_Radio_State">["freq_band"], "2.4G" | "5G" | "5GL" | "5GU" | "6G" | "">>(true);
    isTrue<Same<Row<"Node_Services">["status"], "enabled" | "disabled" | "error" | null>>(true);
  });

  it("know the values admitted beyond the release", () => {
    const steering: Write<"Band_Steering_Clients"> = { reject_detection: "auth", kick_type: "" };
    const statistics: Write<"Wifi_Stats_Config"> = { latency_kinds: ["min", "perc"] };
    assert.ok(steering && statistics);
  });

  it("take plain objects and Maps as map columns", () => {
    const plain: Write<"AWLAN_Node"> = { mqtt_settings: { broker: "127.0.0.1" } };
    const map: Write<"AWLAN_Node"> = { mqtt_settings: new Map([["broker", "127.0.0.1"]]) };
    assert.ok(plain && map);
  });

  it("refuse unknown tables, unknown columns and wrong values", () => {
    // @ts-expect-error no such table
    const table: OpenSyncTable = "Wifi_Vif_Config";
    // @ts-expect-error no such column
    const column: Write<"Wifi_VIF_Config"> = { ssid_name: "home" };
    // @ts-expect-error a number, not text
    const type: Write<"Wifi_Radio_Config"> = { channel: "6" };
    // @ts-expect-error not among the values
    const value: Write<"Wifi_Radio_Config"> = { ht_mode: "HT60" };
    // @ts-expect-error a mandatory column cannot be unset
    const unset: Write<"AW_Debug"> = { name: null };
    assert.ok(table && column && type && value && unset);
  });

  it("exist for every table", () => {
    const names: readonly OpenSyncTable[] = Object.keys(openSync.tables) as OpenSyncTable[];
    assert.equal(names.length, 137);
  });
});
