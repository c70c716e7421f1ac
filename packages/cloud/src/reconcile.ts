/**
 * From what is to what shall be: the least changes that bring a node's Config rows to the desired ones. Pure, and
 * level-triggered: it looks at the rows as they are now, never at what was sent before. So it does not matter whether a
 * reply was lost, who changed a row, or how often it is asked.
 *
 * Whose is a row? The tables have no owner column, so the name decides: a home access point (`home-ap-24` …) and its
 * network interface are the controller's to create and to remove; so is, where the home states a backhaul, what belongs to it
 * (`bhaul-ap-24` …, `pgdX-Y`). Every other row is somebody else's: of such a row the
 * controller holds the columns that the home states and touches nothing more. Rows of `Wifi_Stats_Config` go by what they
 * ask for: the kinds that a home can state are the controller's (`stats-rows.ts`). Reservations, nicknames, port forwards
 * and ways to the Internet are the controller's once the home lists any; of frozen clients those are that it froze itself.
 */

import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { isBackhaulAp, isTunnel } from "./backhaul-names.ts";
import { isCloudlessSetting } from "./cloudless-rows.ts";
import { isOurFreeze } from "./freeze-rows.ts";
import { isHomeAp } from "./radio-bands.ts";
import {
  type Columns,
  type ConfigTable,
  configTables,
  type DesiredRow,
  hasColumns,
  keyOf,
  livesByReference,
  type RowId,
  rowId,
  type Silence,
  sameDatum,
  type TableReader,
} from "./rows.ts";
import { isStatsRow } from "./stats-rows.ts";
import { isZoneName } from "./zone-rows.ts";

export type Change = InsertRow | UpdateRow | ChangeReferences | DeleteRow;

export interface InsertRow {
  readonly kind: "insert";
  readonly id: RowId;
  readonly table: ConfigTable;
  readonly key: Columns;
  readonly row: Columns;
  /** A set of references that it has from the start; a row that the same plan inserts before is named by its id. */
  readonly references: { readonly column: string; readonly to: readonly (Uuid | RowId)[] } | null;
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
  readonly uuid: Uuid;
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
 * left as they are, and not referred to while they do not exist. Of what is `silent` the home says nothing: nothing of it is
 * removed.
 */
export function plan(
  desired: readonly DesiredRow[],
  rows: TableReader,
  withheld: ReadonlySet<RowId> = new Set(),
  silent: ReadonlySet<Silence> = new Set(),
): readonly Change[] {
  const isOurs = ownership(silent);
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
      if (kept) changes.push(...update(wanted, kept));
      else {
        const to = targets(wanted, placed);
        // It cannot be without what it refers to, which is withheld.
        if (livesByReference(table) && wanted.references && to.length === 0) continue;
        placed.set(wanted.id, wanted.id);
        changes.push(insert(wanted, to));
      }
      for (const { _uuid } of duplicates) deleted.add(_uuid);
      changes.push(...duplicates.map((row) => remove(table, row, "duplicate")));
    }
    if (silent.has(table) || livesByReference(table)) continue;
    for (const row of rows(table).values()) {
      if (!isOurs(table, row) || stated.has(idOf(table, row)) || withheld.has(idOf(table, row))) continue;
      deleted.add(row._uuid);
      changes.push(remove(table, row, "no longer stated"));
    }
  }
  for (const wanted of desired) {
    const uuid = placed.get(wanted.id);
    const row = uuid && rows(wanted.table).get(uuid as Uuid);
    if (!wanted.references || !row || withheld.has(wanted.id)) continue;
    const stray = (target: Uuid, { table }: References) => {
      const found = rows(table).get(target);
      // A deleted row takes its references with it (they are weak); a foreign row's stay.
      return found !== undefined && !deleted.has(target) && isOurs(table, found);
    };
    const change = references(wanted, wanted.references, row, targets(wanted, placed), stray);
    if (change) changes.push(change);
  }
  return changes;
}

/**
 * The beginning of a plan, of some `size`, that is a plan as well: references come last, and rows that live by them only together
 * with them.
 */
export function beginning(changes: readonly Change[], size: number): readonly Change[] {
  if (size >= changes.length) return changes;
  const tied = changes.findIndex(({ kind, table }) => kind === "insert" && livesByReference(table));
  if (tied < 0 || size <= tied) return changes.slice(0, size);
  return tied > 0 ? changes.slice(0, tied) : changes;
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

function insert(wanted: DesiredRow, to: readonly (Uuid | RowId)[]): InsertRow {
  const { id, table, key } = wanted;
  const row = { ...wanted.initial, ...wanted.entries, ...wanted.columns, ...key };
  const references = wanted.references && to.length > 0 ? { column: wanted.references.column, to } : null;
  return { kind: "insert", id, table, key, row, references };
}

/** Whom the row shall refer to, as far as they are or will be there. */
function targets({ references }: DesiredRow, placed: ReadonlyMap<RowId, Uuid | RowId>): readonly (Uuid | RowId)[] {
  return (references?.to ?? []).map((id) => placed.get(id)).filter((target) => target !== undefined);
}

function remove(table: ConfigTable, row: Row, reason: DeleteRow["reason"]): DeleteRow {
  return { kind: "delete", id: idOf(table, row), table, uuid: row._uuid, key: keyOf(table, row), reason };
}

type References = NonNullable<DesiredRow["references"]>;

function references(
  wanted: DesiredRow,
  stated: References,
  row: Row,
  to: readonly (Uuid | RowId)[],
  isStray: (target: Uuid, stated: References) => boolean,
): ChangeReferences | undefined {
  const held = asSet(row[stated.column]);
  const add = to.filter((target) => !held.includes(target as Uuid));
  const remove = held.filter((target) => !to.includes(target) && isStray(target, stated));
  if (add.length === 0 && remove.length === 0) return undefined;
  const { id, table, key } = wanted;
  return { kind: "references", id, table, uuid: row._uuid, key, column: stated.column, add, remove };
}

/** Whether the controller made a row, and so may take it away (see the head of this file). */
function ownership(silent: ReadonlySet<Silence>): (table: ConfigTable, row: Row) => boolean {
  const backhaul = !silent.has("backhaul");
  return (table, row) => isOurs(table, row, backhaul);
}

function isOurs(table: ConfigTable, row: Row, backhaul: boolean): boolean {
  switch (table) {
    case "Wifi_VIF_Config":
    case "Wifi_Inet_Config": {
      const { if_name: name } = row;
      return (typeof name === "string" && isHomeAp(name)) || (backhaul && (isBackhaulAp(name) || isTunnel(name)));
    }
    case "Interface":
    case "Port":
      return backhaul && isTunnel(row.name);
    case "Wifi_Stats_Config":
      return isStatsRow(row);
    case "Node_Config":
      return isCloudlessSetting(row);
    // A home that lists reservations lists all of them; of one that does not, the table is silent.
    case "DHCP_reserved_IP":
    // Likewise.
    case "WAN_Config":
    case "IP_Port_Forward":
    case "Client_Nickname_Config":
    // The same of a node that the cloud steers.
    case "Wifi_VIF_Neighbors":
    case "Band_Steering_Config":
    case "Band_Steering_Clients":
      return true;
    case "Client_Freeze_Config":
      return isOurFreeze(row);
    case "Openflow_Tag":
    case "Netfilter":
      return isZoneName(row.name);
    case "Wifi_Radio_Config":
    case "AWLAN_Node":
    case "Bridge":
    case "Connection_Manager_Uplink":
      return false;
  }
}

function idOf(table: ConfigTable, row: Row): RowId {
  return rowId(table, keyOf(table, row));
}

function asSet(value: Datum | undefined): readonly Uuid[] {
  return Array.isArray(value) ? (value as readonly Uuid[]) : [];
}
