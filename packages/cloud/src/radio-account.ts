/** The radios of a node for people: what they are told, what they do, what they hear. Pure. */

import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { channelBlocks } from "./channel-blocks.ts";
import * as limits from "./limits.ts";
import { nodeFacts, type RadioFacts } from "./node-facts.ts";
import { type NodeLimits, type RadioLimits, radioLimits } from "./node-limits.ts";
import { stateColumns } from "./proof.ts";
import { channelsOf, type FrequencyBand, needsRadarCheck } from "./radio-bands.ts";
import { excuse } from "./radio-shortfall.ts";
import type { RowStatus } from "./row-status.ts";
import { isSecret, sameDatum, showDatum, type TableReader } from "./rows.ts";

export interface RadioAccount {
  readonly ifName: string;
  readonly band: FrequencyBand;
  readonly enabled: boolean | null;
  readonly channel: number | null;
  /** MHz. */
  readonly width: number | null;
  readonly covers: readonly number[];
  readonly hwMode: string | null;
  readonly txPowerDbm: number | null;
  readonly radar: Readonly<Record<string, string>>;
  readonly limits: RadioLimits;
  readonly channels: readonly ChannelAccount[];
  readonly columns: readonly ColumnAccount[];
  readonly rows: readonly RowStatus[];
  readonly interfaces: readonly InterfaceAccount[];
}

export interface ChannelAccount {
  readonly channel: number;
  readonly allowed: boolean;
  readonly needsRadarCheck: boolean;
  /** `Wifi_Radio_State.channels`; null: the radio does not say. */
  readonly state: string | null;
}

export interface ColumnAccount {
  readonly column: string;
  /** As text; secrets as their number. Null: nothing is said. */
  readonly intended: string | null;
  readonly actual: string | null;
  /** `unstated`: the node decides. */
  readonly agrees: "yes" | "no" | "unstated";
  /** Why it decides, though something is intended; null: for no such reason. */
  readonly why: string | null;
}

export interface InterfaceAccount {
  readonly ifName: string;
  readonly mode: string | null;
  readonly ssid: string | null;
  readonly bssid: string | null;
  readonly enabled: boolean | null;
  readonly clients: number;
  readonly columns: readonly ColumnAccount[];
  readonly rows: readonly RowStatus[];
}

export interface RadioAccountInput {
  readonly rows: TableReader;
  /** What has become of what the document states. */
  readonly statuses: readonly RowStatus[];
  readonly stated: NodeLimits | undefined;
  readonly model: string | null;
}

export function radioAccounts({ rows, statuses, stated, model }: RadioAccountInput): readonly RadioAccount[] {
  return nodeFacts(rows)
    .radios.slice(0, limits.radiosTold)
    .map((radio) => {
      const config = named(rows("Wifi_Radio_Config"), radio.ifName);
      const state = named(rows("Wifi_Radio_State"), radio.ifName);
      const shown = state ?? config;
      const channel = numberOf(shown?.channel);
      const width = widthOf(shown?.ht_mode);
      return {
        ifName: radio.ifName,
        band: radio.band,
        enabled: booleanOf(shown?.enabled),
        ...{ channel, width, covers: coversOf(radio.band, channel, width) },
        hwMode: textOf(state?.hw_mode),
        txPowerDbm: numberOf(state?.tx_power),
        radar: mapOf(state?.radar),
        limits: radioLimits(stated, model, radio.band),
        channels: channelsTold(radio, state),
        columns: compare("Wifi_Radio_Config", config, state).map((each) => {
          const why = each.agrees === "no" && config && state ? excuse(each.column, config, state, rows) : null;
          return why === null ? each : { ...each, agrees: "unstated" as const, why };
        }),
        rows: statusesOf(statuses, "Wifi_Radio_Config", radio.ifName, radio.band),
        interfaces: interfacesOf(rows, config, state, channel, radio).map((vif) => ({
          ...vif,
          rows: statusesOf(statuses, "Wifi_VIF_Config", vif.ifName),
        })),
      };
    });
}

/** Addresses of the access points of a node, lower case. */
export function bssidsOf(rows: TableReader): readonly string[] {
  return [...rows("Wifi_VIF_State").values()].flatMap(({ mac, mode }) =>
    typeof mac === "string" && mode === "ap" ? [mac.toLowerCase()] : [],
  );
}

function channelsTold({ band, allowedChannels }: RadioFacts, state: Row | undefined): readonly ChannelAccount[] {
  const states = mapOf(state?.channels);
  const numbers = new Set([...channelsOf(band), ...allowedChannels]);
  return [...numbers]
    .sort((a, b) => a - b)
    .map((channel) => ({
      channel,
      allowed: allowedChannels.includes(channel),
      needsRadarCheck: needsRadarCheck(band, channel),
      state: /"state":\s*"(\w+)"/.exec(states[channel] ?? "")?.[1] ?? null,
    }));
}

function coversOf(band: FrequencyBand, channel: number | null, width: number | null): readonly number[] {
  if (channel === null) return [];
  return channelBlocks(band, channel, width ?? 20)[0] ?? [channel];
}

type Compared = "Wifi_Radio_Config" | "Wifi_VIF_Config";

function compare(table: Compared, config: Row | undefined, state: Row | undefined): readonly ColumnAccount[] {
  return stateColumns(table).flatMap((column): readonly ColumnAccount[] => {
    const [intended, actual] = [config?.[column], state?.[column]];
    if (isUnset(intended) && isUnset(actual)) return [];
    const agrees = isUnset(intended) ? "unstated" : sameShown(column, intended, actual) ? "yes" : "no";
    const shown = (value: Datum | undefined) => (isUnset(value) ? null : showDatum(column, value));
    return [{ column, intended: shown(intended), actual: shown(actual), agrees, why: null }];
  });
}

function sameShown(column: string, intended: Datum | undefined, actual: Datum | undefined): boolean {
  // Nodes may keep secrets to themselves.
  if (isSecret(column) && isUnset(actual)) return true;
  const lower = (value: Datum | undefined) =>
    column === "mac_list" && Array.isArray(value) ? value.map((mac) => String(mac).toLowerCase()) : value;
  return sameDatum(lower(intended), lower(actual));
}

function isUnset(value: Datum | undefined): boolean {
  if (value === undefined || value === null) return true;
  return (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}

/** Those that the radio's row refers to; stations that the node has made itself are known by their channel only. */
function interfacesOf(
  rows: TableReader,
  config: Row | undefined,
  radioState: Row | undefined,
  channel: number | null,
  { band }: RadioFacts,
): readonly Omit<InterfaceAccount, "rows">[] {
  const configs = rows("Wifi_VIF_Config");
  const states = [...rows("Wifi_VIF_State").values()];
  const referred = Array.isArray(config?.vif_configs) ? (config.vif_configs as Uuid[]) : [];
  const mine = referred.flatMap((uuid) => textOf(configs.get(uuid)?.if_name) ?? []);
  const claimed = new Set(
    [...rows("Wifi_Radio_Config").values()].flatMap(({ vif_configs }) =>
      Array.isArray(vif_configs) ? (vif_configs as Uuid[]).map((uuid) => configs.get(uuid)?.if_name) : [],
    ),
  );
  const alone = states.flatMap(({ if_name, channel: on }) =>
    typeof if_name === "string" && !claimed.has(if_name) && on === channel && channel !== null && isOf(band, if_name)
      ? [if_name]
      : [],
  );
  return [...new Set([...mine, ...alone])]
    .sort()
    .slice(0, limits.interfacesTold)
    .map((ifName) => {
      const wanted = [...configs.values()].find(({ if_name }) => if_name === ifName);
      const state = states.find(({ if_name }) => if_name === ifName);
      const isOff = booleanOf(radioState?.enabled) === false || booleanOf(wanted?.enabled) === false;
      // What is off shows nothing more than that.
      const columns = compare("Wifi_VIF_Config", wanted, state).map((each) =>
        isOff && each.actual === null && each.agrees === "no" ? { ...each, agrees: "yes" as const } : each,
      );
      return {
        ifName,
        mode: textOf(state?.mode) ?? textOf(wanted?.mode),
        ssid: textOf(state?.ssid) ?? textOf(wanted?.ssid),
        bssid: textOf(state?.mac)?.toLowerCase() ?? null,
        enabled: booleanOf(state?.enabled) ?? booleanOf(wanted?.enabled),
        clients: Array.isArray(state?.associated_clients) ? state.associated_clients.length : 0,
        columns,
      };
    });
}

/** Two radios may be on a channel of the same number in two bands: names of interfaces end in their band's. */
function isOf(band: FrequencyBand, ifName: string): boolean {
  const suffix = /(24|l50|u50|50|60)$/.exec(ifName)?.[1];
  if (suffix === undefined) return true;
  return suffix === "24" ? band === "2.4G" : suffix === "60" ? band === "6G" : band.startsWith("5G");
}

function statusesOf(
  statuses: readonly RowStatus[],
  table: Compared,
  ...names: readonly string[]
): readonly RowStatus[] {
  // A refusal of one column has the column behind the row.
  return statuses.filter(({ id }) =>
    names.some((name) => id === `${table} ${name}` || id.startsWith(`${table} ${name} `)),
  );
}

function named(rows: ReadonlyMap<Uuid, Row>, name: string): Row | undefined {
  return [...rows.values()].find(({ if_name }) => if_name === name);
}

function widthOf(value: Datum | undefined): number | null {
  const width = Number(/^HT(\d+)/.exec(String(value ?? ""))?.[1]);
  return Number.isFinite(width) ? width : null;
}

function numberOf(value: Datum | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function booleanOf(value: Datum | undefined): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function textOf(value: Datum | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function mapOf(value: Datum | undefined): Readonly<Record<string, string>> {
  return value instanceof Map ? Object.fromEntries([...value].map(([key, entry]) => [String(key), String(entry)])) : {};
}
