/** One row of a node, changed by hand: checked, guarded by what was seen, and told beforehand. Pure. */

import type { Datum } from "@opensync-ts/ovsdb/datum";
import { datumToJson } from "@opensync-ts/ovsdb/datum-json";
import type { JsonObject, JsonValue } from "@opensync-ts/ovsdb/json";
import type { ColumnSchema, TableSchema } from "@opensync-ts/ovsdb/schema-types";
import { isSecretColumn, mask } from "@opensync-ts/schema/secrets";
import { type Columns, sameDatum } from "../rows.ts";
import * as limits from "./limits.ts";
import type { NodeRow } from "./node-database.ts";
import { type Plain, parsed, plainText, shown } from "./plain.ts";
import { type FieldRefusal, WorkbenchRefusal } from "./refusal.ts";

export interface Edit {
  /** Columns with their new values, in plain JSON. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Columns as they were seen; the row is written only while it shows that. */
  readonly guard: Readonly<Record<string, unknown>>;
}

export interface CheckedEdit {
  /** Only what differs from what the row shows. */
  readonly columns: Columns;
  readonly guard: Columns;
}

export interface ColumnChange {
  readonly column: string;
  readonly before: Plain;
  readonly after: Plain;
}

/** Throws a `WorkbenchRefusal`: `invalid` with every column that is wrong, `conflict` with what a guarded column shows now. */
export function checkEdit(table: TableSchema, row: NodeRow, { set, guard }: Edit): CheckedEdit {
  const wrong: FieldRefusal[] = [];
  const read = (values: Edit["set"], where: "set" | "guard") => {
    const columns: Record<string, Datum> = {};
    for (const [name, value] of Object.entries(values)) {
      const refuse = (reason: string) => wrong.push({ path: `${where}.${name}`, reason });
      const column = table.columns.get(name);
      if (!column) refuse("is no column of this table in the node's schema");
      else if (where === "set" && !column.mutable) refuse("cannot be changed once the row is there");
      else if (where === "guard" && isMasked(row, name)) refuse("is secret; leave it out of the guard");
      else {
        const result = parsed(column, value);
        if ("problem" in result) refuse(result.problem);
        else columns[name] = result.datum;
      }
    }
    return columns;
  };
  const asked = read(set, "set");
  const expected = read(guard, "guard");
  if (wrong.length > 0) throw refusal("invalid", wrong);
  const moved = Object.entries(expected).filter(([name, value]) => !sameDatum(value, row.cells.get(name) ?? null));
  if (moved.length > 0)
    throw refusal(
      "conflict",
      moved.map(([name]) => nowIs(row, name)),
    );
  const columns = Object.fromEntries(
    Object.entries(asked).filter(([name, value]) => !sameDatum(value, row.cells.get(name) ?? null)),
  );
  return { columns, guard: expected };
}

/** `wait` for the row to be as it was seen, then `update`; the node does both or neither. */
export function operationsOf(table: TableSchema, uuid: string, { columns, guard }: CheckedEdit): readonly JsonObject[] {
  const where: JsonValue = [["_uuid", "==", ["uuid", uuid]]];
  const guarded = Object.keys(guard);
  const wait: JsonObject =
    guarded.length > 0
      ? { op: "wait", columns: guarded, until: "==", rows: [rowJson(table, guard)] }
      : { op: "wait", columns: ["_uuid"], until: "!=", rows: [] };
  return [
    { ...wait, table: table.name, where, timeout: 0 },
    { op: "update", table: table.name, where, row: rowJson(table, columns) },
  ];
}

/** As they may be shown. */
export function maskedOperations(operations: readonly JsonObject[], row: NodeRow): readonly JsonObject[] {
  const hidden = (values: JsonValue | undefined): JsonValue =>
    typeof values === "object" && values !== null && !Array.isArray(values)
      ? Object.fromEntries(
          Object.entries(values as JsonObject).map(([name, value]) => [
            name,
            isSecretColumn(name) || isMasked(row, name) ? mask : value,
          ]),
        )
      : (values ?? null);
  return operations.map((operation) =>
    operation.op === "update"
      ? { ...operation, row: hidden(operation.row) }
      : { ...operation, rows: (operation.rows as readonly JsonValue[]).map(hidden) },
  );
}

export function changesOf(row: NodeRow, columns: Columns): readonly ColumnChange[] {
  const cells = Object.fromEntries(row.cells);
  return Object.entries(columns).map(([column, after]) => ({
    column,
    before: shown(column, row.cells.get(column) ?? null, cells).value,
    after: shown(column, after, { ...cells, ...columns }).value,
  }));
}

/** For the audit trail: no secret in it. */
export function changeText({ column, before, after }: ColumnChange): string {
  const text = (value: Plain) => plainText(value, limits.shownValue);
  return `${column}: ${text(before)} → ${text(after)}`;
}

/** By which rows are told apart, the first that there is. */
const naming = ["if_name", "name", "mac", "bssid", "hwaddr", "key", "id"];

/** What people call the row; null: it has no name. */
export function nameOf(row: NodeRow): string | null {
  for (const column of naming) {
    const value = row.cells.get(column);
    if (typeof value === "string" && value !== "" && !isMasked(row, column)) return plainText(value, limits.shownValue);
  }
  return null;
}

/** What a guarded column shows now. */
export function nowIs(row: NodeRow, column: string): FieldRefusal {
  const { value } = shown(column, row.cells.get(column) ?? null, Object.fromEntries(row.cells));
  return { path: `guard.${column}`, reason: `is now ${plainText(value, limits.shownValue)}` };
}

/** Whether the column's value is shown to nobody, in whole or in part. What the node says of such a value may hold it. */
export function isMasked(row: NodeRow, column: string): boolean {
  return isSecretColumn(column) || shown(column, row.cells.get(column) ?? null, Object.fromEntries(row.cells)).isMasked;
}

/** By these the node is reached, and known to be itself. */
const lifelines: Readonly<Record<string, readonly string[]>> = {
  AWLAN_Node: ["id", "serial_number", "redirector_addr", "manager_addr"],
  Manager: ["target", "inactivity_probe", "max_backoff", "connection_mode"],
  SSL: ["ca_cert", "certificate", "private_key", "bootstrap_ca_cert"],
};

/** Why the node may not come back after this; null: it will. */
export function dangerOf(table: string, columns: Columns): string | null {
  const named = (lifelines[table] ?? []).filter((column) => column in columns);
  if (named.length === 0) return null;
  return `the node reaches the cloud, and is known to it, by ${named.join(", ")}: with a wrong value it is cut off until somebody is there in person`;
}

/** Tables in which only managers of the node write, as its report; of them those whose names do not say so. */
const reports: ReadonlySet<string> = new Set([
  "Wifi_Associated_Clients",
  "DHCP_leased_IP",
  "OVS_MAC_Learning",
  "IPv4_Neighbors",
  "IPv6_Neighbors",
  "Wifi_Speedtest_Status",
  "Reboot_Status",
  "DHCPv6_Lease",
]);

/** Who else writes the table; null: nobody. */
export function writerOf(table: string): string | null {
  return table.endsWith("_State") || reports.has(table)
    ? "the node itself reports in this table: what is written here changes nothing on the node, and the node may write over it"
    : null;
}

function rowJson(table: TableSchema, columns: Columns): JsonObject {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      datumToJson(table.columns.get(name) as ColumnSchema, value as Datum),
    ]),
  );
}

function refusal(code: "invalid" | "conflict", fields: readonly FieldRefusal[]): WorkbenchRefusal {
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : "";
  const what = code === "conflict" ? "the row has changed since it was seen: " : "";
  return new WorkbenchRefusal(code, `${what}${first?.path} ${first?.reason}${more}`, fields);
}
