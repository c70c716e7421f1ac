/**
 * From what is to what shall be: the least changes that bring a node's Config rows to the desired ones. Pure, and
 * level-triggered: it looks at the rows as they are now, never at what was sent before. So it does not matter whether a
 * reply was lost, who changed a row, or how often it is asked.
 *
 * Whose is a row? The tables have no owner column, so the name decides: a home access point (`home-ap-24` …) and its
 * network interface are the controller's to create and to remove. Every other row is somebody else's: of such a row the
 * controller holds the columns that the home states and touches nothing more. Rows of `Wifi_Stats_Config` go by what they
 * ask for: the kinds that a home can state are the controller's (`stats-rows.ts`). Reservations are the controller's once the home lists any.
 */

import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { isCloudlessSetting } from "./cloudless-rows.ts";
import { isHomeAp } from "./radio-bands.ts";
import {
  type Columns,
  type ConfigTable,
  configTables,
  type DesiredRow,
  hasColumns,
  keyOf,
  type RowId,
  rowId,
  sameDatum,
  type TableReader,
} from "./rows.ts";
import { isStatsRow } from "./stats-rows.ts";

export type Change = InsertRow | UpdateRow | ChangeReferences | DeleteRow;

export interface InsertRow {
  readonly kind: "insert";
  readonly id: RowId;
  readonly table: ConfigTable;
  readonly key: Columns;
  readonly row: Columns;
}

export interface UpdateRow {
  readonly kind: "update";
  readonly id: RowId;
  readonly table: ConfigTable;
  readonly uuid: Uuid;
  readonly row: Columns;
  /** What those columns show now; the write is refused when they have changed meanwhile. */
  readonly was: Columns;
}

/** To a set of references. A row that the same plan inserts is named by its id. */
export interface ChangeReferences {
  readonly kind: "references";
  readonly id: RowId;
  readonly table: ConfigTable;
  /** Where the referring row is inserted by the same plan: its id. */
  readonly uuid: Uuid | RowId;
  readonly key: Columns;
  readonly column: string;
  readonly add: readonly (Uuid | RowId)[];
  readonly remove: readonly Uuid[];
}

export interface DeleteRow {
  readonly kind: "delete";
  readonly id: RowId;
  readonly table: ConfigTable;
  readonly uuid: Uuid;
  readonly key: Columns;
  readonly reason: "no longer stated" | "duplicate";
}

/**
 * The changes from `rows` to `desired`, in order of dependency; none where all is as desired. Rows in `withheld` are
 * left as they are, and not referred to while they do not exist. Of `silent` tables the home says nothing: nothing is removed
 * from them.
 */
export function plan(
  desired: readonly DesiredRow[],
  rows: TableReader,
  withheld: ReadonlySet<RowId> = new Set(),
  silent: ReadonlySet<ConfigTable> = new Set(),
): readonly Change[] {
  const changes: Change[] = [];
  const placed = new Map<RowId, Uuid | RowId>();
  const deleted = new Set<Uuid>();
  const stated = new Set(desired.map(({ id }) => id));

  for (const table of configTables) {
    for (const wanted of desired.filter((row) => row.table === table)) {
      const [kept, ...others] = candidates(wanted, rows);
      // A second row of the name that is not ours (a bridge's, a radio's) is for whoever made it to remove.
      const duplicates = others.filter((row) => isOurs(table, row));
      if (kept) placed.set(wanted.id, kept._uuid);
      if (withheld.has(wanted.id)) continue;
      if (!kept) placed.set(wanted.id, wanted.id);
      changes.push(...(kept ? update(wanted, kept) : [insert(wanted)]));
      for (const { _uuid } of duplicates) deleted.add(_uuid);
      changes.push(...duplicates.map((row) => remove(table, row, "duplicate")));
    }
    if (silent.has(table)) continue;
    for (const row of rows(table).values()) {
      if (!isOurs(table, row) || stated.has(idOf(table, row)) || withheld.has(idOf(table, row))) continue;
      deleted.add(row._uuid);
      changes.push(remove(table, row, "no longer stated"));
    }
  }
  for (const wanted of desired) {
    if (!wanted.references || withheld.has(wanted.id)) continue;
    const change = references(wanted, wanted.references, rows, placed, deleted);
    if (change) changes.push(change);
  }
  return changes;
}

/** Rows that stand for a desired one; more than one only after a lost reply or a clumsy hand. The best comes first. */
function candidates(wanted: DesiredRow, rows: TableReader): Row[] {
  const found = [...rows(wanted.table).values()].filter((row) => hasColumns(row, wanted.key));
  if (found.length < 2) return found;
  // The one that needs least change and that others refer to already; the identity settles a tie for good.
  const referred = new Set(
    configTables.flatMap((table) => [...rows(table).values()].flatMap(({ vif_configs }) => asSet(vif_configs))),
  );
  const cost = (row: Row) => Object.keys(differences(wanted, row)).length * 2 + (referred.has(row._uuid) ? 0 : 1);
  return found.sort((a, b) => cost(a) - cost(b) || (a._uuid < b._uuid ? -1 : 1));
}

/** The columns to write so that `row` is as wanted. */
function differences(wanted: DesiredRow, row: Row): Columns {
  const columns: Record<string, Datum> = {};
  for (const [column, value] of Object.entries(wanted.columns)) {
    if (!sameDatum(row[column], value)) columns[column] = value;
  }
  for (const [column, entries] of Object.entries(wanted.entries)) {
    const held = row[column];
    const merged = new Map([...(held instanceof Map ? held : []), ...entries]);
    if (!sameDatum(held, merged)) columns[column] = merged;
  }
  return columns;
}

function update(wanted: DesiredRow, row: Row): UpdateRow[] {
  const columns = differences(wanted, row);
  const names = Object.keys(columns);
  if (names.length === 0) return [];
  const was = Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  return [{ kind: "update", id: wanted.id, table: wanted.table, uuid: row._uuid, row: columns, was }];
}

function insert(wanted: DesiredRow): InsertRow {
  const row = { ...wanted.initial, ...wanted.entries, ...wanted.columns, ...wanted.key };
  return { kind: "insert", id: wanted.id, table: wanted.table, key: wanted.key, row };
}

function remove(table: ConfigTable, row: Row, reason: DeleteRow["reason"]): DeleteRow {
  return { kind: "delete", id: idOf(table, row), table, uuid: row._uuid, key: keyOf(table, row), reason };
}

function references(
  wanted: DesiredRow,
  { column, table, to }: NonNullable<DesiredRow["references"]>,
  rows: TableReader,
  placed: ReadonlyMap<RowId, Uuid | RowId>,
  deleted: ReadonlySet<Uuid>,
): ChangeReferences | undefined {
  const uuid = placed.get(wanted.id) as Uuid | RowId;
  const held = asSet(rows(wanted.table).get(uuid as Uuid)?.[column]);
  const wantedSet: (Uuid | RowId)[] = to.map((id) => placed.get(id)).filter((target) => target !== undefined);
  const add = wantedSet.filter((target) => !held.includes(target as Uuid));
  // A deleted row takes its references with it (they are weak); a foreign row's stay.
  const stray = (target: Uuid) => {
    const row = rows(table).get(target);
    return row !== undefined && !deleted.has(target) && isOurs(table, row) && !wantedSet.includes(target);
  };
  const removed = held.filter(stray);
  if (add.length === 0 && removed.length === 0) return undefined;
  return {
    kind: "references",
    id: wanted.id,
    table: wanted.table,
    uuid,
    key: wanted.key,
    column,
    add,
    remove: removed,
  };
}

/** Whether the controller made the row, and so may take it away (see the head of this file). */
function isOurs(table: ConfigTable, row: Row): boolean {
  switch (table) {
    case "Wifi_VIF_Config":
    case "Wifi_Inet_Config":
      return typeof row.if_name === "string" && isHomeAp(row.if_name);
    case "Wifi_Stats_Config":
      return isStatsRow(row);
    case "Node_Config":
      return isCloudlessSetting(row);
    // A home that lists reservations lists all of them; of one that does not, the table is silent.
    case "DHCP_reserved_IP":
      return true;
    case "Wifi_Radio_Config":
    case "AWLAN_Node":
      return false;
  }
}

function idOf(table: ConfigTable, row: Row): RowId {
  return rowId(table, keyOf(table, row));
}

function asSet(value: Datum | undefined): readonly Uuid[] {
  return Array.isArray(value) ? (value as readonly Uuid[]) : [];
}
