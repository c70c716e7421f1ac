/** What of the database is to be saved: a pure function of its rows. */

import { type JsonObject, type JsonValue, stringifySorted } from "@opensync-ts/ovsdb/json";
import type { OpenSyncTable, Row } from "@opensync-ts/schema/opensync";
import { type StoredKey, wholeTables } from "./keys.ts";
import { lastingVif } from "./lasting-vif.ts";
import { gwOfflineLimits } from "./limits.ts";
import { type Columns, printable, rowToJson } from "./row-json.ts";
import type { SubsetRows } from "./rows.ts";
import { isHomeVif, lanInterface, type SubsetOptions, usedUplink } from "./subset.ts";

export type SubsetValues = ReadonlyMap<StoredKey, JsonValue>;

export type SubsetReading =
  /** A key that is absent has not been read: what is stored of it stays. `notes`: what is left out, and why. */
  | { readonly kind: "read"; readonly values: SubsetValues; readonly notes: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };

const portColumns = { Port: ["name", "tag", "vlan_mode", "other_config"], Interface: ["name", "ofport_request"] };
const plainPort = { tag: null, vlan_mode: null, other_config: new Map(), ofport_request: null };

/** The order of rows in the database means nothing, so each list has one of its own: equal contents are equal texts. */
export function readSubset(rows: SubsetRows, options: SubsetOptions): SubsetReading {
  const { lanBridge, keys } = options;
  const notes: string[] = [];
  const failed = (reason: string): SubsetReading => ({ kind: "failed", reason });
  const vifs = homeVifs(rows, lanBridge, notes);
  if (vifs.length === 0) return failed(`no row of Wifi_VIF_Config is a network of ${lanBridge} on one of the radios`);
  const lan = lanInterface(rows, lanBridge);
  if (!lan) return failed(`Wifi_Inet_Config has no row for ${lanBridge}`);
  const ports = [...new Set(vifs.map(({ vif }) => portOf(rows, vif.if_name)))];
  // A channel that the cloud has chosen stays: there is nobody to choose another.
  const radios = rows.Wifi_Radio_Config.filter(({ if_name }) => if_name !== null).sort(
    byName((row) => row.if_name ?? ""),
  );
  const values = new Map<StoredKey, JsonValue>([
    ["vif_config", vifs.map(({ vif }) => rowToJson("Wifi_VIF_Config", lastingVif(vif as unknown as Columns)))],
    ["radio_if_names", vifs.map(({ radio }) => radio)],
    ["inet_config", [rowToJson("Wifi_Inet_Config", lan)]],
    ["radio_config", radios.map((radio) => rowToJson("Wifi_Radio_Config", { ...radio, channel_mode: "manual" }))],
    ["inet_config_home_aps", inetRows(rows, ports, notes)],
    ["dhcp_reserved_ip", allRows(rows, "DHCP_reserved_IP", notes)],
    ["port_lanbridge", namedRows(rows, "Port", [lanBridge])],
    ["port_fronthauls", portRows(rows, "Port", ports)],
    ["interface_fronthauls", portRows(rows, "Interface", ports)],
  ]);
  const uplink = usedUplink(rows);
  if (uplink !== null) {
    const inet = rows.Wifi_Inet_Config.findLast(({ if_name }) => if_name === uplink);
    if (!inet) return failed(`the uplink ${printable(uplink)} has no row in Wifi_Inet_Config`);
    values.set("inet_config_uplink", [rowToJson("Wifi_Inet_Config", inet, ["upnp_mode"])]);
  }
  const extra = keys === "7.0" ? releaseValues(rows, notes) : new Map<StoredKey, JsonValue>();
  if (typeof extra === "string") return failed(extra);
  return { kind: "read", values: new Map([...values, ...extra]), notes };
}

/** The texts of the keys that differ from what is stored. */
export function changes(stored: SubsetValues, read: SubsetValues): ReadonlyMap<StoredKey, JsonValue> {
  return new Map(
    [...read].filter(([key, value]) => {
      const before = stored.get(key);
      return before === undefined || stringifySorted(before) !== stringifySorted(value);
    }),
  );
}

function homeVifs(
  rows: SubsetRows,
  lanBridge: string,
  notes: string[],
): readonly { readonly vif: Row<"Wifi_VIF_Config">; readonly radio: string }[] {
  const radioOf = new Map(
    rows.Wifi_Radio_Config.flatMap(({ if_name, vif_configs }) =>
      if_name === null ? [] : vif_configs.map((vif) => [vif, if_name] as const),
    ),
  );
  const found = new Map<string, { readonly vif: Row<"Wifi_VIF_Config">; readonly radio: string }>();
  for (const vif of rows.Wifi_VIF_Config) {
    if (!isHomeVif(vif, lanBridge)) continue;
    const radio = radioOf.get(vif._uuid);
    if (radio === undefined) notes.push(`Wifi_VIF_Config ${printable(vif.if_name)}: no radio refers to it`);
    else if (found.has(vif.if_name))
      notes.push(`Wifi_VIF_Config ${printable(vif.if_name)}: there is another row of this name`);
    else found.set(vif.if_name, { vif, radio });
  }
  return bounded([...found.values()], "Wifi_VIF_Config", notes).sort(byName(({ vif }) => vif.if_name));
}

/** A link of a multi-link access point is no port itself: its multi-link interface is. */
function portOf(rows: SubsetRows, vif: string): string {
  return rows.Wifi_VIF_State.find(({ if_name }) => if_name === vif)?.mld_if_name ?? vif;
}

function inetRows(rows: SubsetRows, names: readonly string[], notes: string[]): readonly JsonObject[] {
  return names.flatMap((name) => {
    const row = rows.Wifi_Inet_Config.findLast(({ if_name }) => if_name === name);
    if (!row) notes.push(`Wifi_Inet_Config has no row for ${printable(name)}`);
    return row ? [rowToJson("Wifi_Inet_Config", row)] : [];
  });
}

function namedRows(rows: SubsetRows, table: "Port" | "Interface", names: readonly string[]): readonly JsonObject[] {
  return names.flatMap((name) => {
    const row = rows[table].find((each) => each.name === name);
    return row ? [rowToJson(table, row, portColumns[table])] : [];
  });
}

/** A network without a row of its own (its cloud makes none) is a port like any other: restoring it changes nothing. */
function portRows(rows: SubsetRows, table: "Port" | "Interface", names: readonly string[]): readonly JsonObject[] {
  return names.map((name) => {
    const row = rows[table].find((each) => each.name === name) ?? { ...plainPort, name };
    return rowToJson(table, row, portColumns[table]);
  });
}

function releaseValues(rows: SubsetRows, notes: string[]): ReadonlyMap<StoredKey, JsonValue> | string {
  const values = new Map<StoredKey, JsonValue>(
    wholeTables.map(([key, table]) => [key, allRows(rows, table, notes)] as const),
  );
  const [igmp] = rows.IGMP_Config;
  const multicast = igmp?.other_config.get("mcast_interface");
  if (igmp && multicast === undefined) return "IGMP_Config has no mcast_interface in other_config";
  const vlans = rows.Wifi_Inet_Config.filter((row) => row.if_type === "vlan" && row.if_name === multicast);
  values.set("inet_config_vlan", vlans.map((row) => rowToJson("Wifi_Inet_Config", row)).sort(byText));
  values.set("port_mcast", multicast === undefined ? [] : namedRows(rows, "Port", [multicast]));
  return values;
}

function allRows(rows: SubsetRows, table: (typeof wholeTables)[number][1], notes: string[]): readonly JsonObject[] {
  const kept = (rows[table] as readonly Row<OpenSyncTable>[]).filter((row) => isKept(table, row));
  const texts = kept.map((row) => {
    const { device_value: _, ...columns } = rowToJson(table, row);
    return columns;
  });
  return bounded(texts.sort(byText), table, notes);
}

/** The default route comes with the uplink, and the tag of this very feature with its status. */
function isKept(table: OpenSyncTable, row: object): boolean {
  const { dest_addr, name } = row as { readonly dest_addr?: string; readonly name?: string };
  return table === "Wifi_Route_Config" ? dest_addr !== "0.0.0.0" : table !== "Openflow_Tag" || name !== "offline_mode";
}

function bounded<T>(list: readonly T[], table: string, notes: string[]): T[] {
  const { rowsPerKey } = gwOfflineLimits;
  if (list.length > rowsPerKey) notes.push(`${table}: only ${rowsPerKey} of ${list.length} rows are kept`);
  return list.slice(0, rowsPerKey);
}

function byText(a: JsonObject, b: JsonObject): number {
  return byName(stringifySorted)(a, b);
}

function byName<T>(nameOf: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [nameA, nameB] = [nameOf(a), nameOf(b)];
    return nameA < nameB ? -1 : nameA > nameB ? 1 : 0;
  };
}
