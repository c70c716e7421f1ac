/** Rows as the controller sees them: read from a mirror of the node's database, wanted by the home, and how they compare. */

import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";

/** The Config tables the controller provisions, in the order in which rows depend on each other. */
export const configTables = [
  "Openflow_Tag",
  "Wifi_VIF_Config",
  "Wifi_Radio_Config",
  "Wifi_Inet_Config",
  "DHCP_reserved_IP",
  "WAN_Config",
  "IP_Port_Forward",
  "Netfilter",
  "Client_Nickname_Config",
  "Client_Freeze_Config",
  "AWLAN_Node",
  "Wifi_VIF_Neighbors",
  "Band_Steering_Config",
  "Band_Steering_Clients",
  "Wifi_Stats_Config",
  "Node_Config",
  "Interface",
  "Port",
  "Bridge",
  "Connection_Manager_Uplink",
] as const;
/** `AWLAN_Node` has columns of either kind; the ones for statistics are intent. */
export type ConfigTable = (typeof configTables)[number];

/** A cloud that does not steer says nothing of these. */
export const steeringTables = ["Wifi_VIF_Neighbors", "Band_Steering_Config", "Band_Steering_Clients"] as const;
export type SteeringTable = (typeof steeringTables)[number];

export const stateTables = [
  "Wifi_VIF_State",
  "Wifi_Radio_State",
  "Wifi_Inet_State",
  "Wifi_Route_State",
  "Wifi_Associated_Clients",
  "DHCP_leased_IP",
  "Node_State",
] as const;
export type StateTable = (typeof stateTables)[number];

/** The rows of a table at this moment. */
export type TableReader = (table: ConfigTable | StateTable) => ReadonlyMap<Uuid, Row>;

/** As if the row had these columns; a row that there is not stays absent. */
export function withRow(rows: TableReader, table: string, uuid: Uuid, columns: Columns): TableReader {
  return (name) => {
    const found = rows(name);
    const row = name === table ? found.get(uuid) : undefined;
    return row ? new Map([...found, [uuid, { ...row, ...columns }]]) : found;
  };
}

export type Columns = Readonly<Record<string, Datum>>;

/**
 * One row that the home states. Only what is named here is the controller's: every other column, and every map entry
 * outside `entries`, belongs to whoever wrote it.
 */
export interface DesiredRow {
  readonly id: RowId;
  readonly table: ConfigTable;
  /** Tells the row from the others of its table: these tables have no unique index. */
  readonly key: Columns;
  /** Held at these values. */
  readonly columns: Columns;
  /** Map columns of which these entries are held, and no others. */
  readonly entries: Readonly<Record<string, ReadonlyMap<string, string>>>;
  /** The rows provisioned by the controller that a set of references shall hold, no others of them, and any foreign ones. */
  readonly references: { readonly column: string; readonly table: ConfigTable; readonly to: readonly RowId[] } | null;
  /** Given to the row when it has to be created, and never looked at again. */
  readonly initial: Columns;
  /** Where the home file states it: `networks[0]`. */
  readonly stated: string;
}

/** `Wifi_VIF_Config home-ap-24`, `Wifi_Stats_Config survey/5G/on-chan` */
export type RowId = `${ConfigTable} ${string}`;

export function rowId(table: ConfigTable, key: Columns): RowId {
  return `${table} ${Object.values(key)
    .filter((value) => value !== null)
    .map((value) => (value instanceof Map ? [...value.keys()].sort().join("+") : value))
    .join("/")}`;
}

const keyColumns: Readonly<Record<ConfigTable, readonly string[]>> = {
  Wifi_VIF_Config: ["if_name"],
  Wifi_Radio_Config: ["if_name"],
  Wifi_Inet_Config: ["if_name"],
  AWLAN_Node: ["id"],
  Wifi_Stats_Config: ["stats_type", "radio_type", "survey_type"],
  DHCP_reserved_IP: ["hw_addr"],
  Wifi_VIF_Neighbors: ["bssid"],
  Band_Steering_Config: ["ifnames"],
  Band_Steering_Clients: ["mac"],
  Node_Config: ["module", "key"],
  Interface: ["name"],
  Port: ["name"],
  Bridge: ["name"],
  Connection_Manager_Uplink: ["if_name"],
  Openflow_Tag: ["name"],
  Netfilter: ["name"],
  WAN_Config: ["type", "priority"],
  IP_Port_Forward: ["protocol", "src_ifname", "src_port"],
  Client_Nickname_Config: ["mac"],
  Client_Freeze_Config: ["mac"],
};

/** Tables whose rows live only as long as another row refers to them: made together with the reference, and gone with it. */
export function livesByReference(table: ConfigTable): boolean {
  return table === "Interface" || table === "Port";
}

/** What a home may say nothing of: a whole table, or the backhaul's part of several. */
export type Silence = ConfigTable | "backhaul";

/** What tells the row from the others of its table. */
export function keyOf(table: ConfigTable, row: Columns): Columns {
  return Object.fromEntries(keyColumns[table].map((column) => [column, row[column] ?? null]));
}

/** Whether the row has these values; a column the row does not show counts as different. */
export function hasColumns(row: Row, columns: Columns): boolean {
  return Object.entries(columns).every(([column, value]) => sameDatum(row[column], value));
}

/** Sets and maps are equal whatever their order. */
export function sameDatum(a: Datum | undefined, b: Datum | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && b.get(key) === value);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const members = new Set(b);
    return a.length === b.length && a.every((member) => members.has(member));
  }
  return false;
}

/** Columns whose values are never shown to anybody. */
const secretColumns: ReadonlySet<string> = new Set([
  "wpa_psks",
  "security",
  "ft_encr_key",
  "radius_srv_secret",
  // Of WAN_Config: it holds the provider's password.
  "other_config",
]);

export function isSecret(column: string): boolean {
  return secretColumns.has(column);
}

/** A value for a log line or a reason; secrets as their shape only. */
export function showDatum(column: string, value: Datum | undefined): string {
  if (value === undefined || value === null) return "unset";
  if (isSecret(column)) return value instanceof Map ? `${value.size} keys` : "(secret)";
  if (value instanceof Map) return `{${[...value].map(([key, entry]) => `${key}: ${entry}`).join(", ")}}`;
  if (Array.isArray(value)) return `[${value.slice(0, 8).join(", ")}${value.length > 8 ? ", …" : ""}]`;
  return String(value);
}

/** What a home wants of one node. */
export interface DesiredState {
  readonly rows: readonly DesiredRow[];
  /** What the home states and this node cannot do, so it is not asked for. */
  readonly refusals: readonly Refusal[];
  /** Of what nothing is wanted, not even that there is none. */
  readonly silent: ReadonlySet<Silence>;
}

export interface Refusal {
  readonly id: RowId;
  readonly stated: string;
  readonly reason: string;
}
