/**
 * The backhaul that a home wants of its gateway, as rows: per band an access point that only extenders know, with addresses for
 * them, and per extender a tunnel from there into the LAN, so that the home's frames pass through a link that carries one
 * station's address only. The other end of a tunnel is the extender's to make. Pure.
 *
 * Extenders are served by the gateway. One behind another would need to be told which of the two is the parent, or both could
 * choose each other.
 */

import type { Mac } from "@opensync-ts/base/units";
import { type BackhaulSubnet, backhaulSubnet, tunnelTo } from "./backhaul-names.ts";
import type { Home } from "./home.ts";
import type { NodeFacts } from "./node-facts.ts";
import { radioSuffixes } from "./radio-bands.ts";
import type { Refusal } from "./rows.ts";
import { type Columns, type ConfigTable, type DesiredRow, type RowId, rowId } from "./rows.ts";

export interface BackhaulRows {
  readonly rows: readonly DesiredRow[];
  readonly refusals: readonly Refusal[];
  /** The access points that radios are to carry, by the radio's name. */
  readonly accessPoints: ReadonlyMap<string, RowId>;
}

const stated = "backhaul";
const leaseTime = "12h";
/** What a frame of the LAN is inside of a tunnel has to fit into a frame of the link. */
const linkMtu = 1600;
const tunnelMtu = 1562;
/** DHCP option 26 tells stations the MTU of the link. */
const dhcpOptions = `26,${linkMtu}`;

/** `full`: radios that have no room for another access point. */
export function backhaulRows(home: Home, facts: NodeFacts, full: ReadonlySet<string> = new Set()): BackhaulRows {
  const { backhaul } = home;
  const rows: DesiredRow[] = [];
  const refusals: Refusal[] = [];
  const accessPoints = new Map<string, RowId>();
  if (!backhaul) return { rows, refusals, accessPoints };
  const members = stationsOf(home);
  const bridge = home.lan?.bridge ?? "br-home";
  const tunnels: string[] = [];
  for (const [radio, suffix] of radioSuffixes(facts.radios)) {
    const subnet = backhaulSubnet(suffix);
    if (!subnet) continue;
    if (full.has(radio)) {
      const reason = `${radio} has no room for another access point, so extenders are not served there`;
      refusals.push({ id: rowId("Wifi_VIF_Config", { if_name: subnet.accessPoint }), stated, reason });
      continue;
    }
    const vif = accessPointRow(subnet, backhaul, members);
    accessPoints.set(radio, vif.id);
    rows.push(vif, inetRow(subnet, backhaul.enabled));
    if (!backhaul.enabled) continue;
    for (const [tunnel, remote] of tunnelsOf(subnet, facts, members)) {
      rows.push(tunnelRow(tunnel, subnet, remote));
      tunnels.push(tunnel);
    }
  }
  if (facts.backhaul.bridges.has(bridge)) rows.push(...portRows(bridge, tunnels));
  else if (tunnels.length > 0) {
    const reason = `the node has no bridge ${bridge} that tunnels of extenders could lead into; name the one it has in 'lan'`;
    refusals.push({ id: rowId("Bridge", { name: bridge }), stated, reason });
  }
  return { rows, refusals, accessPoints };
}

/** Addresses of all stations of the home's extenders; `null` where one of them is not known, so nobody can be told apart by it. */
function stationsOf(home: Home): readonly Mac[] | null {
  const extenders = home.nodes.filter(({ uplink }) => uplink === "wifi");
  const stations = extenders.flatMap((node) => node.stations ?? []);
  return extenders.length > 0 && extenders.every((node) => node.stations) ? [...new Set(stations)].sort() : null;
}

/**
 * Whom a tunnel leads to: stations with an address of the subnet. One that was only given an address has to be associated, too,
 * unless its address is one the home states (some nodes report associations minutes late); a tunnel that there is stays for as
 * long as the lease, so that an extender that is away for a moment finds it as it was.
 */
function tunnelsOf(
  subnet: BackhaulSubnet,
  { backhaul: { leases, associated, tunnels } }: NodeFacts,
  members: readonly Mac[] | null,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { mac, address } of leases) {
    const tunnel = tunnelTo(address, subnet);
    if (tunnel === undefined) continue;
    const known = members ? members.includes(mac) : associated.has(mac) || tunnels.has(tunnel);
    if (known) found.set(tunnel, address);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function accessPointRow(
  { accessPoint }: BackhaulSubnet,
  { ssid, psk, enabled }: NonNullable<Home["backhaul"]>,
  members: readonly Mac[] | null,
): DesiredRow {
  return row(
    "Wifi_VIF_Config",
    { if_name: accessPoint },
    {
      enabled,
      mode: "ap",
      bridge: null,
      ssid,
      ssid_broadcast: "disabled",
      ap_bridge: false,
      wpa: true,
      wpa_pairwise_tkip: false,
      wpa_pairwise_ccmp: false,
      rsn_pairwise_tkip: false,
      rsn_pairwise_ccmp: true,
      wpa_key_mgmt: ["wpa-psk"],
      pmf: "disabled",
      wpa_psks: new Map([["key", psk]]),
      mac_list_type: members ? "whitelist" : "none",
      mac_list: members ?? [],
    },
  );
}

function inetRow({ accessPoint, address, netmask, start, stop }: BackhaulSubnet, enabled: boolean): DesiredRow {
  const server = { start, stop, lease_time: leaseTime, dhcp_option: dhcpOptions };
  const columns = {
    if_type: "vif",
    enabled,
    network: true,
    ip_assign_scheme: "static",
    inet_addr: address,
    netmask,
    mtu: linkMtu,
  };
  const initial = { NAT: false };
  const entries = { dhcpd: new Map(Object.entries(server)) };
  return { ...row("Wifi_Inet_Config", { if_name: accessPoint }, columns), entries, initial };
}

function tunnelRow(tunnel: string, { accessPoint, address }: BackhaulSubnet, remote: string): DesiredRow {
  const columns = {
    if_type: "gre",
    enabled: true,
    network: true,
    ip_assign_scheme: "none",
    mtu: tunnelMtu,
    gre_ifname: accessPoint,
    gre_local_inet_addr: address,
    gre_remote_inet_addr: remote,
  };
  return { ...row("Wifi_Inet_Config", { if_name: tunnel }, columns), initial: { NAT: false } };
}

/** Tunnels as ports of the bridge, and none but those. */
function portRows(bridge: string, tunnels: readonly string[]): readonly DesiredRow[] {
  const id = (table: "Interface" | "Port") => (name: string) => rowId(table, { name });
  const refer = (column: string, table: "Interface" | "Port", names: readonly string[]) => ({
    references: { column, table, to: names.map(id(table)) },
  });
  return [
    ...tunnels.map((name) => row("Interface", { name }, {})),
    ...tunnels.map((name) => ({ ...row("Port", { name }, {}), ...refer("interfaces", "Interface", [name]) })),
    { ...row("Bridge", { name: bridge }, {}), ...refer("ports", "Port", tunnels) },
  ];
}

function row(table: ConfigTable, key: Columns, columns: Columns): DesiredRow {
  return { id: rowId(table, key), table, key, columns, entries: {}, references: null, initial: {}, stated };
}
