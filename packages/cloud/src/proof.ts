/**
 * Config is intent, State is proof. Says of each desired row whether the node reports it as done, and if not, what it
 * reports instead. Pure.
 */

import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { isCloudless } from "./cloudless-rows.ts";
import * as limits from "./limits.ts";
import { needsRadarCheck } from "./radio-bands.ts";
import {
  type ConfigTable,
  type DesiredRow,
  isSecret,
  type StateTable,
  sameDatum,
  showDatum,
  type TableReader,
} from "./rows.ts";
import { uplinkShortfall } from "./uplink-rows.ts";

export type Proof =
  | { readonly kind: "proven" }
  | { readonly kind: "awaited"; readonly reason: string }
  /** The node does not report the like, so there is nothing to wait for. */
  | { readonly kind: "unprovable" };

/** The others have no State table of their own. */
type ProvableTable = Extract<ConfigTable, "Wifi_VIF_Config" | "Wifi_Radio_Config" | "Wifi_Inet_Config">;

function isProvable(table: ConfigTable): table is ProvableTable {
  return table in proofOf;
}

const proofOf: Readonly<Record<ProvableTable, { readonly table: StateTable; readonly columns: readonly string[] }>> = {
  Wifi_VIF_Config: {
    table: "Wifi_VIF_State",
    columns: [
      "enabled",
      "mode",
      "bridge",
      "ssid",
      "ssid_broadcast",
      "ap_bridge",
      "rrm",
      "btm",
      "mac_list_type",
      "mac_list",
      "wpa",
      "wpa_pairwise_tkip",
      "wpa_pairwise_ccmp",
      "rsn_pairwise_tkip",
      "rsn_pairwise_ccmp",
      "wpa_key_mgmt",
      "pmf",
      "wpa_psks",
    ],
  },
  Wifi_Radio_Config: {
    table: "Wifi_Radio_State",
    columns: ["enabled", "channel", "ht_mode", "tx_power", "tx_chainmask"],
  },
  Wifi_Inet_Config: {
    table: "Wifi_Inet_State",
    columns: [
      "enabled",
      "network",
      "ip_assign_scheme",
      "inet_addr",
      "netmask",
      "gre_ifname",
      "gre_local_inet_addr",
      "gre_remote_inet_addr",
    ],
  },
};

/** The State columns the controller mirrors. */
export function stateColumns(table: ProvableTable): readonly string[] {
  return proofOf[table].columns;
}

export function prove(wanted: DesiredRow, rows: TableReader): Proof {
  if (isCloudless(wanted)) return proveSetting(wanted, rows);
  if (wanted.table === "Connection_Manager_Uplink") return proveUplink(wanted, rows);
  if (wanted.table === "Netfilter") return proveRule(wanted, rows);
  if (!isProvable(wanted.table)) return { kind: "unprovable" };
  const { table, columns } = proofOf[wanted.table];
  const held = Object.entries(wanted.columns)
    .filter(([column]) => columns.includes(column))
    // What is switched off shows nothing more than that.
    .filter(([column]) => wanted.columns.enabled !== false || column === "enabled");
  if (held.length === 0) return { kind: "proven" };
  const states = rows(table);
  const name = wanted.key.if_name;
  const state = [...states.values()].find((row) => row.if_name === name);
  // An access point that is off, alone or with its radio, has nothing more to show than that, and need not be reported.
  if (
    wanted.table === "Wifi_VIF_Config" &&
    (wanted.columns.enabled === false || radioOf(wanted, rows)?.enabled === false)
  ) {
    return state?.enabled === true
      ? { kind: "awaited", reason: `${table} ${name}: still enabled` }
      : { kind: "proven" };
  }
  if (!state) {
    // NM may not run, and need not report an access point that has no addresses of its own: OWM proves those.
    const { if_type: type, ip_assign_scheme: scheme } = wanted.columns;
    const isPort = states.size === 0 || (type === "vif" && scheme === "none");
    if (wanted.table === "Wifi_Inet_Config" && isPort) return { kind: "unprovable" };
    return { kind: "awaited", reason: `no ${table} row for ${name}: the node does not report such an interface` };
  }
  const differing = held.filter(([column, value]) => !shows(column, state, value));
  if (differing.length === 0) return { kind: "proven" };
  const found = differing
    .slice(0, 3)
    .map(([column, value]) =>
      isSecret(column)
        ? `${column} differ`
        : `${column} is ${showDatum(column, state[column])}, wanted ${showDatum(column, value)}`,
    )
    .join("; ");
  return { kind: "awaited", reason: `${table} ${name}: ${found}${differing.length > 3 ? "; …" : ""}` };
}

/** NFM says in the row itself what has become of it. */
function proveRule({ key, columns }: DesiredRow, rows: TableReader): Proof {
  const row = [...rows("Netfilter").values()].find(({ name }) => name === key.name);
  const status = row?.status;
  // The node's schema has no such column.
  if (row && status === undefined) return { kind: "unprovable" };
  if (status === (columns.enable === false ? "disabled" : "enabled")) return { kind: "proven" };
  const found = status === "error" ? "error: its firewall cannot do this rule" : `${showDatum("status", status)} yet`;
  return { kind: "awaited", reason: `Netfilter ${key.name}: status is ${found}` };
}

function proveUplink(wanted: DesiredRow, rows: TableReader): Proof {
  const reason = uplinkShortfall(wanted, rows);
  return reason === null ? { kind: "proven" } : { kind: "awaited", reason };
}

/** `Node_State` repeats a setting that its owner has taken. Which of them a node repeats is its own affair. */
function proveSetting({ key, columns }: DesiredRow, rows: TableReader): Proof {
  const state = [...rows("Node_State").values()].find((row) => row.module === key.module && row.key === key.key);
  if (state?.value === columns.value) return { kind: "proven" };
  const found = state ? `is ${showDatum("value", state.value)}` : "is not there: this node may not know of it";
  return { kind: "awaited", reason: `Node_State ${key.module}/${key.key} ${found}` };
}

/** How long the node may take to prove a row (ms). */
export function proofDeadline(wanted: DesiredRow, rows: TableReader): number {
  const radio = radioOf(wanted, rows);
  const channel = radio?.channel;
  const freq_band = radio?.freq_band;
  if (typeof channel !== "number" || freq_band === "2.4G" || freq_band === "6G") return limits.proofMs;
  return needsRadarCheck("5G", channel) ? limits.radarProofMs : limits.proofMs;
}

/** The configured radio that a row is about: itself, or the one that carries the access point. */
function radioOf(wanted: DesiredRow, rows: TableReader): Row | undefined {
  const name = wanted.key.if_name;
  const radios = rows("Wifi_Radio_Config");
  if (wanted.table === "Wifi_Radio_Config") return [...radios.values()].find((row) => row.if_name === name);
  const vifs = rows("Wifi_VIF_Config");
  return [...radios.values()].find(
    ({ vif_configs }) =>
      Array.isArray(vif_configs) && vif_configs.some((uuid: Uuid) => vifs.get(uuid)?.if_name === name),
  );
}

function shows(column: string, state: Row, value: DesiredRow["columns"][string]): boolean {
  const shown = state[column];
  // The node's schema has no such column, so it never shows it.
  if (shown === undefined) return true;
  if (column === "bridge" && value === null) return shown === null || shown === "";
  // Addresses come back in the driver's own spelling.
  if (column === "mac_list" && Array.isArray(shown)) {
    return sameDatum(
      shown.map((mac) => String(mac).toLowerCase()),
      value,
    );
  }
  return sameDatum(shown, value);
}
