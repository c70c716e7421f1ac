/** What a node says of itself and its radios, as far as it decides what can be asked of it. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Datum, Row } from "@opensync-ts/ovsdb/datum";
import { type BackhaulFacts, backhaulFacts } from "./backhaul-facts.ts";
import { type ClientFacts, clientFacts } from "./client-facts.ts";
import { bandOf, type FrequencyBand } from "./radio-bands.ts";
import type { Columns, TableReader } from "./rows.ts";
import { uplinkBridgeOf, wiredUplinkOf } from "./wired-uplink.ts";
import { routersOf, ruledRouter } from "./zone-router.ts";

/** What a node has to offer. */
export interface NodeFacts {
  readonly radios: readonly RadioFacts[];
  /** Its `AWLAN_Node` row; undefined while there is none. */
  readonly self: SelfFacts | undefined;
  readonly backhaul: BackhaulFacts;
  /** DHCP ranges of `Wifi_Inet_Config`, by interface. */
  readonly dhcpRanges: ReadonlyMap<string, DhcpRange>;
  /** Its uplink in use, where that is a cable. */
  readonly wiredUplink: string | undefined;
  /** The bridge that it is a port of, and the one that it is to be a port of; null: none. */
  readonly uplinkBridge: { readonly is: string | null; readonly named: string | null };
  /** Of its home access points. */
  readonly clients: readonly ClientFacts[];
  /** Interfaces that it translates addresses on, which lead to the Internet, by name. */
  readonly uplinks: readonly string[];
  /** Whether it has firewall rules of its own, and so somebody who carries out others. */
  readonly firewall: boolean;
  /** What a cloud has put into `Openflow_Tag`, by the tag's name. */
  readonly tagged: ReadonlyMap<string, readonly Mac[]>;
  /** Its routers, by the interface that it reaches them by. */
  readonly routers: ReadonlyMap<string, Mac>;
  /** The one that clients of restricted zones may reach by the rules that it has. */
  readonly ruledRouter: Mac | undefined;
}

export interface DhcpRange {
  readonly start: string;
  readonly stop: string;
}

export interface SelfFacts {
  /** What tells the row. */
  readonly key: Columns;
  /** Null: it does not say. */
  readonly model: string | null;
  readonly mqttSettings: ReadonlyMap<string, string>;
}

export interface RadioFacts {
  readonly ifName: string;
  readonly band: FrequencyBand;
  /** Whether there is a `Wifi_Radio_Config` row for it. */
  readonly configured: boolean;
  /** Empty while the node has not said. */
  readonly allowedChannels: readonly number[];
  /** Those of them that radar was heard on, so that they may not be used for now. */
  readonly barred: readonly number[];
  /** What it sends with (`tx_chainmask`); null: it does not say. `isAll`: nobody has chosen among its chains. */
  readonly chains: { readonly mask: number; readonly isAll: boolean } | null;
}

/** The radios of a node, from what is configured and what it reports, by name. */
export function nodeFacts(rows: TableReader): NodeFacts {
  const radios = new Map<string, RadioFacts>();
  const chosen = new Set<string>();
  for (const { if_name, freq_band, tx_chainmask } of rows("Wifi_Radio_Config").values()) {
    if (!isText(if_name) || !isBand(freq_band)) continue;
    radios.set(if_name, { ...unreported, ifName: if_name, band: freq_band, configured: true });
    if (isMask(tx_chainmask)) chosen.add(if_name);
  }
  for (const { if_name, freq_band, allowed_channels, channels, tx_chainmask } of rows("Wifi_Radio_State").values()) {
    if (!isText(if_name) || !isBand(freq_band)) continue;
    const known = radios.get(if_name) ?? { ...unreported, ifName: if_name, band: freq_band, configured: false };
    const allowedChannels = Array.isArray(allowed_channels) ? (allowed_channels as readonly number[]) : [];
    // A radio knows its band better than a config row does, unless it lists no channels: then nodes say "2.4G".
    const contradicted = allowedChannels.length > 0 && bandOf(freq_band) !== bandOf(known.band);
    const band = contradicted ? freq_band : known.band;
    const chains = isMask(tx_chainmask) ? { mask: tx_chainmask, isAll: !chosen.has(if_name) } : null;
    radios.set(if_name, { ...known, band, allowedChannels, barred: barredChannels(channels), chains });
  }
  const wiredUplink = wiredUplinkOf(rows);
  return {
    radios: [...radios.values()].sort((a, b) => (a.ifName < b.ifName ? -1 : 1)),
    self: selfFacts(rows("AWLAN_Node").values().next().value),
    backhaul: backhaulFacts(rows),
    dhcpRanges: dhcpRanges(rows("Wifi_Inet_Config").values()),
    wiredUplink,
    uplinkBridge: uplinkBridgeOf(wiredUplink, rows),
    clients: clientFacts(rows),
    uplinks: [...rows("Wifi_Inet_Config").values()]
      .filter(({ NAT, enabled, network }) => NAT === true && enabled === true && network === true)
      .map(({ if_name }) => if_name)
      .filter(isText)
      .sort(),
    firewall: [...rows("Netfilter").values()].some(({ name }) => isText(name) && name.startsWith("default.")),
    tagged: taggedMacs(rows("Openflow_Tag").values()),
    routers: routersOf(rows),
    ruledRouter: ruledRouter(rows),
  };
}

function taggedMacs(rows: Iterable<Row>): ReadonlyMap<string, readonly Mac[]> {
  const tagged = new Map<string, readonly Mac[]>();
  for (const { name, cloud_value } of rows) {
    if (!isText(name)) continue;
    const values: readonly unknown[] = Array.isArray(cloud_value) ? cloud_value : [cloud_value];
    tagged.set(
      name,
      values.flatMap((value) => (typeof value === "string" ? (parseMac(value) ?? []) : [])),
    );
  }
  return tagged;
}

const unreported = { allowedChannels: [], barred: [], chains: null } as const;

/** Of `channels`: number → `{"state": "nop_started"}` of a channel in its non-occupancy period. */
function barredChannels(channels: Datum | undefined): readonly number[] {
  if (!(channels instanceof Map)) return [];
  return [...channels].flatMap(([number, state]) => (/"nop_started"/.test(String(state)) ? [Number(number)] : []));
}

function isMask(value: Datum | undefined): value is number {
  return typeof value === "number" && value > 0;
}

function dhcpRanges(rows: Iterable<Row>): ReadonlyMap<string, DhcpRange> {
  const ranges = new Map<string, DhcpRange>();
  for (const { if_name, dhcpd } of rows) {
    if (!isText(if_name) || !(dhcpd instanceof Map)) continue;
    const [start, stop] = [dhcpd.get("start"), dhcpd.get("stop")];
    if (typeof start === "string" && typeof stop === "string") ranges.set(if_name, { start, stop });
  }
  return ranges;
}

function selfFacts(row: Row | undefined): SelfFacts | undefined {
  if (!row) return undefined;
  const { id, serial_number, model, mqtt_settings } = row;
  return {
    key: isText(id) ? { id } : { serial_number: serial_number ?? null },
    model: isText(model) ? model : null,
    mqttSettings: mqtt_settings instanceof Map ? (mqtt_settings as ReadonlyMap<string, string>) : new Map(),
  };
}

function isText(value: Datum | undefined): value is string {
  return typeof value === "string" && value !== "";
}

function isBand(value: Row[string] | undefined): value is FrequencyBand {
  return value === "2.4G" || value === "5G" || value === "5GL" || value === "5GU" || value === "6G";
}
