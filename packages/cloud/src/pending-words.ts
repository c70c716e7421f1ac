/** What is still to come of a node, or wrong with it, for the people of the house. Pure. */

import { channelBlocks } from "./channel-blocks.ts";
import { bandOf, type FrequencyBand, needsRadarCheck } from "./radio-bands.ts";
import { isDone, type RowStatus } from "./row-status.ts";
import type { TableReader } from "./rows.ts";

const radioTable = "Wifi_Radio_Config ";

const names: Readonly<Record<string, string>> = {
  Wifi_VIF_Config: "access point",
  Wifi_Inet_Config: "network interface",
  Wifi_Stats_Config: "measurement",
  Wifi_VIF_Neighbors: "neighbour for roaming",
  Band_Steering_Config: "steering group",
  Band_Steering_Clients: "steering of client",
  DHCP_reserved_IP: "reserved address of",
  WAN_Config: "Internet connection",
  IP_Port_Forward: "port forward",
  Client_Nickname_Config: "nickname of",
  Client_Freeze_Config: "no Internet for",
};

/** In one line; null: nothing. Rows and their columns are told by the node's own page. */
export function pendingWords(rows: readonly RowStatus[], tables: TableReader | undefined): string | null {
  const open = rows.filter((row) => !isDone(row));
  const [first] = open;
  if (!first) return null;
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  return `${rowText(first, tables)}${more}`;
}

function rowText(row: RowStatus, tables: TableReader | undefined): string {
  const { id, status, reason } = row;
  const name = nameOf(id, tables);
  switch (status) {
    case "pending":
      return `${name}: to be set up next`;
    case "applied":
      return `${name}: ${(tables && changeText(id, tables)) ?? "being set up"}`;
    case "unproven":
      return `${name}: had its time, and is not as it was told`;
    case "contested":
      return `${name}: ${reason ?? "somebody else writes it, too"}`;
    default:
      return `${name}: not possible${reason ? `: ${reason}` : ""}`;
  }
}

function nameOf(id: string, tables: TableReader | undefined): string {
  const [table = "", ...rest] = id.split(" ");
  const name = rest.join(" ");
  if (!id.startsWith(radioTable)) return `${names[table] ?? table} ${name}`.trim();
  const band = bandIn(tables, name);
  return band === undefined ? `radio ${name}` : `${bandOf(band).slice(0, -1)} GHz`;
}

/** Undefined: of no other channel. */
function changeText(id: string, tables: TableReader): string | undefined {
  if (!id.startsWith(radioTable)) return undefined;
  const name = id.slice(radioTable.length);
  const [config, state] = [rowOf(tables, "Wifi_Radio_Config", name), rowOf(tables, "Wifi_Radio_State", name)];
  const channel = config?.channel;
  if (typeof channel !== "number" || state?.channel === channel) return undefined;
  const band = bandIn(tables, name);
  if (band === undefined || !needsRadarCheck(band, channel)) return `changing to channel ${channel}`;
  return `changing to channel ${channel}, listening for radar first (up to ${listeningText(band, channel, config?.ht_mode)})`;
}

/** ETSI EN 301 893: ten minutes where weather radar may be (5600–5650 MHz), which wide channels may reach into. */
function listeningText(band: FrequencyBand, channel: number, mode: unknown): string {
  const width = Number(/^HT(\d+)$/.exec(String(mode))?.[1] ?? 20);
  const covered = channelBlocks(band, channel, width)[0] ?? [channel];
  return covered.some((each) => each >= 120 && each <= 128) ? "ten minutes" : "a minute";
}

function bandIn(tables: TableReader | undefined, name: string): FrequencyBand | undefined {
  const band = tables && rowOf(tables, "Wifi_Radio_Config", name)?.freq_band;
  return typeof band === "string" && /^(?:2\.4G|5G[LU]?|6G)$/.test(band) ? (band as FrequencyBand) : undefined;
}

function rowOf(tables: TableReader, table: "Wifi_Radio_Config" | "Wifi_Radio_State", name: string) {
  return [...tables(table).values()].find((row) => row.if_name === name);
}
