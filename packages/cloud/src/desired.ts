/**
 * What a home wants of one node, as rows of its database. Pure. Rows and columns follow facts of deployed nodes: the
 * home access point of each radio, its network interface, and the radio that carries it.
 */

import type { WriteOf } from "@opensync-ts/ovsdb/declare";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { backhaulRows } from "./backhaul-rows.ts";
import { type ClientFacts, subjectsOf } from "./client-facts.ts";
import { cloudlessRows } from "./cloudless-rows.ts";
import { forwardRows } from "./forward-rows.ts";
import { freezeRows } from "./freeze-rows.ts";
import { bandsOf, type Home, type HomeNode, type Network, saeKey } from "./home.ts";
import { isHostOf } from "./model/ipv4.ts";
import type { Lan } from "./model/lan.ts";
import { fittingNetwork } from "./network-fit.ts";
import { nicknameRows } from "./nickname-rows.ts";
import type { NodeFacts } from "./node-facts.ts";
import { radioLimits } from "./node-limits.ts";
import { parentRefusals } from "./parent-refusals.ts";
import { bandOf, type FrequencyBand, radioSuffixes } from "./radio-bands.ts";
import { radioWish, strayOpinions } from "./radio-opinions.ts";
import {
  type Columns,
  type ConfigTable,
  type DesiredRow,
  type DesiredState,
  type Refusal,
  rowId,
  type Silence,
  steeringTables,
} from "./rows.ts";
import { type BrokerAddress, statsRows } from "./stats-rows.ts";
import { leavingUplink, uplinkRows } from "./uplink-rows.ts";
import { wanRows } from "./wan-rows.ts";
import { zoneRows, zoneTags } from "./zone-rows.ts";

/** What else there is to know, each left as it is on the node where nothing is said of it. */
export interface Surroundings {
  /** Where the node shall send its statistics. */
  readonly broker?: BrokerAddress | undefined;
  /** Clients of the home's other nodes. */
  readonly elsewhere?: readonly ClientFacts[] | undefined;
  /** One of these nodes has not said yet who its clients are. */
  readonly isUnheardElsewhere?: boolean | undefined;
  /** How the node shall steer its clients. */
  readonly steering?: Pick<DesiredState, "rows" | "refusals"> | undefined;
}

/** `home`: as it holds now (`documentAt`). */
export function desiredState(
  home: Home,
  node: HomeNode,
  facts: NodeFacts,
  { broker, elsewhere = [], isUnheardElsewhere = false, steering }: Surroundings = {},
): DesiredState {
  const rows: DesiredRow[] = [];
  const refusals: Refusal[] = [];
  const suffixes = radioSuffixes(facts.radios);
  const model = facts.self?.model ?? node.model ?? null;
  const carriers = facts.radios.map((radio) => {
    const suffix = suffixes.get(radio.ifName);
    const index = home.networks.findIndex((network) => bandsOf(network).includes(bandOf(radio.band)));
    const network = suffix === undefined ? undefined : home.networks[index];
    const limits = radioLimits(node.limits, model, radio.band);
    return { radio, limits, vifName: `home-ap-${suffix}`, network, stated: `networks[${index}]` };
  });
  const full = new Set<string>();
  for (const { radio, limits, network } of carriers) {
    if ((limits.accessPoints ?? Infinity) <= (network ? 1 : 0)) full.add(radio.ifName);
  }
  const backhaul = node.role === "gateway" && home.backhaul ? backhaulRows(home, facts, full) : undefined;
  refusals.push(...unserved(home, facts), ...strayOpinions(home, node, facts), ...parentRefusals(home, node));
  for (const { radio, limits, vifName, network, stated } of carriers) {
    const backhaulAp = backhaul?.accessPoints.get(radio.ifName);
    const carried = network !== undefined && limits.accessPoints !== 0;
    if (carried) {
      const fitting = fittingNetwork(network, vifName, limits, stated);
      refusals.push(...fitting.refusals);
      rows.push(vifRow(vifName, fitting.network, radio.band, stated));
      rows.push(vifInetRow(vifName, network, stated));
    } else if (network) {
      const reason = `${radio.ifName} can have no access point`;
      refusals.push({ id: rowId("Wifi_VIF_Config", { if_name: vifName }), stated, reason });
    }
    const wish = radioWish(home, node, radio, limits);
    const opinion = wish.columns;
    refusals.push(...wish.refusals);
    const references = [
      ...(carried ? [rowId("Wifi_VIF_Config", { if_name: vifName })] : []),
      ...(backhaulAp ? [backhaulAp] : []),
    ];
    // A radio without a row gets one only where there is something to say.
    if (!radio.configured && references.length === 0 && Object.keys(opinion).length === 0) continue;
    rows.push(
      desiredRow("Wifi_Radio_Config", radio.ifName, opinion, {
        references: { column: "vif_configs", table: "Wifi_VIF_Config", to: references },
        initial: { freq_band: radio.band },
        stated: carried ? stated : backhaulAp ? "backhaul" : "radios",
      }),
    );
  }
  if (backhaul) {
    rows.push(...backhaul.rows);
    refusals.push(...backhaul.refusals);
  }
  const lanBridge = home.lan?.bridge ?? "br-home";
  if (node.role === "extender") {
    const uplink = uplinkRows(lanBridge, facts);
    rows.push(...uplink.rows);
    refusals.push(...uplink.refusals);
  }
  const reservations = node.role === "gateway" ? reservationRows(home) : undefined;
  const cloudless = node.role === "gateway" ? home.cloudless : undefined;
  const locals = node.role === "gateway" ? localNetworks(home) : [];
  const leaving =
    node.role === "gateway"
      ? leavingUplink(
          locals.map(({ lan }) => lan.bridge),
          lanBridge,
          facts,
        )
      : undefined;
  if (leaving) rows.push(leaving.row);
  for (const { lan, stated } of locals) {
    if (lan.bridge === leaving?.bridge) continue;
    const refusal = lanRefusal(lan, stated, facts);
    if (refusal) refusals.push(refusal);
    else rows.push(lanRow(lan, stated));
  }
  if (reservations) rows.push(...reservations);
  const subjects = subjectsOf(home, [...elsewhere, ...facts.clients]);
  const zones = zoneRows(home, node, facts, subjects, { clients: elsewhere, isUnheard: isUnheardElsewhere });
  rows.push(...zones.rows);
  refusals.push(...zones.refusals);
  const { wan, forwards, devices, policies } = node.role === "gateway" ? home : {};
  if (wan) rows.push(...wanRows(wan));
  if (forwards) rows.push(...forwardRows(forwards, facts.uplinks));
  if (devices) rows.push(...nicknameRows(devices));
  if (policies) rows.push(...freezeRows(home, subjects));
  if (cloudless !== undefined) rows.push(...cloudlessRows(cloudless));
  if (broker) rows.push(...statsRows(home, node, facts, broker));
  if (steering) {
    rows.push(...steering.rows);
    refusals.push(...steering.refusals);
  }
  const silent = new Set<Silence>(steering ? [] : steeringTables);
  if (!broker) silent.add("Wifi_Stats_Config");
  if (!reservations) silent.add("DHCP_reserved_IP");
  if (!wan) silent.add("WAN_Config");
  // Until it is known what leads to the Internet, forwards that there are may be right.
  if (!forwards || facts.uplinks.length === 0) silent.add("IP_Port_Forward");
  if (!devices) silent.add("Client_Nickname_Config");
  if (!policies) silent.add("Client_Freeze_Config");
  if (cloudless === undefined) silent.add("Node_Config");
  if (!backhaul) silent.add("backhaul");
  return { rows, refusals, silent };
}

/**
 * An access point in the columns of the newest security generation (`wpa` and the pairwise columns set). What clients
 * may see and secure is held, what tunes the radio is not.
 */
function vifRow(ifName: string, network: Network, band: FrequencyBand, stated: string): DesiredRow {
  const { acl } = network;
  const tags = zoneTags(network);
  return desiredRow(
    "Wifi_VIF_Config",
    ifName,
    {
      enabled: network.enabled,
      mode: "ap",
      bridge: network.bridge,
      ssid: network.ssid,
      ssid_broadcast: network.hidden ? "disabled" : "enabled",
      ap_bridge: !network.isolate,
      rrm: 1,
      btm: 1,
      ...securityColumns(network.security, band),
      ...(tags && { wpa_oftags: tags }),
      ...(acl && { mac_list_type: aclTypes[acl.policy], mac_list: [...new Set(acl.macs)].sort() }),
    },
    { stated },
  );
}

const aclTypes = { none: "none", allow: "whitelist", deny: "blacklist" } as const;

function securityColumns(
  { mode, keys }: Network["security"],
  band: FrequencyBand,
): WriteOf<OpenSync, "Wifi_VIF_Config"> {
  // 6 GHz admits SAE with protected management frames only, and SAE uses one key.
  const saeOnly = band === "6G" || mode === "wpa3";
  const usable = saeOnly ? [saeKey(keys)].filter((key) => key !== undefined) : keys;
  return {
    wpa: true,
    wpa_pairwise_tkip: false,
    wpa_pairwise_ccmp: false,
    rsn_pairwise_tkip: false,
    rsn_pairwise_ccmp: true,
    wpa_key_mgmt: saeOnly ? ["sae"] : mode === "wpa2" ? ["wpa-psk"] : ["sae", "wpa-psk"],
    pmf: saeOnly ? "required" : mode === "wpa2" ? "disabled" : "optional",
    wpa_psks: new Map(usable.map(({ id, psk }) => [id, psk])),
  };
}

/** The access point as a bridge port without addresses of its own. */
function vifInetRow(ifName: string, network: Network, stated: string): DesiredRow {
  return desiredRow(
    "Wifi_Inet_Config",
    ifName,
    { if_type: "vif", enabled: network.enabled, network: true, ip_assign_scheme: "none" },
    { initial: { NAT: false, mtu: 1500 }, stated },
  );
}

/** Networks that name their bands, and the node has a radio of none of them. It may have more yet to tell of. */
function unserved({ networks }: Home, { radios }: NodeFacts): readonly Refusal[] {
  if (radios.length === 0) return [];
  return networks.flatMap(({ bands }, index) => {
    if (!bands || radios.some(({ band }) => bands.includes(bandOf(band)))) return [];
    const reason = `the node has no radio of ${bands.join(" or ")}, so this network is not there`;
    const stated = `networks[${index}]`;
    return [{ id: rowId("Wifi_VIF_Config", { if_name: stated }), stated, reason }];
  });
}

function lanRow({ bridge, address, netmask, dhcp, dns }: Lan, stated: string): DesiredRow {
  const range = dhcp && new Map(Object.entries({ start: dhcp.start, stop: dhcp.stop, lease_time: dhcp.leaseTime }));
  const servers =
    dns && new Map(Object.entries({ primary: dns.primary, ...(dns.secondary && { secondary: dns.secondary }) }));
  return desiredRow(
    "Wifi_Inet_Config",
    bridge,
    { enabled: true, network: true, ip_assign_scheme: "static", inet_addr: address, netmask },
    {
      entries: { ...(range && { dhcpd: range }), ...(servers && { dns: servers }) },
      initial: { if_type: "bridge", NAT: false },
      stated,
    },
  );
}

/** The LAN and the bridges beside it, with where the home states them. */
function localNetworks({ lan, bridges }: Home): readonly { readonly lan: Lan; readonly stated: string }[] {
  const beside = bridges.map((entry, index) => ({ lan: entry, stated: `bridges[${index}]` }));
  return lan ? [{ lan, stated: "lan" }, ...beside] : beside;
}

/** A LAN that would be left without DHCP: the home states another network, and the range of the one before would stay. */
function lanRefusal(lan: Lan, stated: string, { dhcpRanges }: NodeFacts): Refusal | undefined {
  const { bridge, address, netmask, dhcp } = lan;
  const range = dhcpRanges.get(bridge);
  if (dhcp || !range || (isHostOf(lan, range.start) && isHostOf(lan, range.stop))) {
    return undefined;
  }
  const reason =
    `the node hands out ${range.start} to ${range.stop}, which is not in the LAN of ${address}, netmask ${netmask}: ` +
    `clients would get no address, so the LAN is left as it is; state 'dhcp' in '${stated}' (or clear dhcpd at the node)`;
  return { id: rowId("Wifi_Inet_Config", { if_name: bridge }), stated, reason };
}

/** Undefined where no local network states any, not even that there are none. */
function reservationRows(home: Home): readonly DesiredRow[] | undefined {
  const locals = localNetworks(home);
  if (locals.every(({ lan }) => lan.dhcp?.reservations === undefined)) return undefined;
  return locals.flatMap(({ lan, stated }) =>
    (lan.dhcp?.reservations ?? []).map((entry, position) =>
      reservationRow(entry, `${stated}.dhcp.reservations[${position}]`),
    ),
  );
}

function reservationRow(
  { mac, address, name }: NonNullable<NonNullable<Lan["dhcp"]>["reservations"]>[number],
  stated: string,
): DesiredRow {
  const key = { hw_addr: mac };
  return {
    id: rowId("DHCP_reserved_IP", key),
    table: "DHCP_reserved_IP",
    key,
    columns: { ip_addr: address, hostname: name ?? null },
    entries: {},
    references: null,
    initial: {},
    stated,
  };
}

function desiredRow<T extends Extract<ConfigTable, "Wifi_VIF_Config" | "Wifi_Radio_Config" | "Wifi_Inet_Config">>(
  table: T,
  ifName: string,
  columns: WriteOf<OpenSync, T>,
  rest: Partial<Pick<DesiredRow, "entries" | "references">> & {
    readonly initial?: WriteOf<OpenSync, T>;
    readonly stated: string;
  },
): DesiredRow {
  const key = { if_name: ifName };
  return {
    id: rowId(table, key),
    table,
    key,
    columns: columns as Columns,
    entries: rest.entries ?? {},
    references: rest.references ?? null,
    initial: (rest.initial ?? {}) as Columns,
    stated: rest.stated,
  };
}
