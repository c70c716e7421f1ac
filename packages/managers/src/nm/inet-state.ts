/** What NM shows of an interface: pure functions of what was applied of its row, and of the link that the target has. */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { InterfaceConfig, Link } from "@opensync-ts/target/network";
import { broadcastOf, contains, formatIpv4, noAddress, parseIpv4, parseNetmask } from "./addresses.ts";
import type { InetConfig } from "./inet-config.ts";

/** A row as the target has taken it. */
export interface Applied {
  readonly row: InetConfig;
  /** `null`: of an interface that NM only shows. */
  readonly config: InterfaceConfig | null;
}

type Columns = Write<"Wifi_Inet_State">;

const zeroUuid = "00000000-0000-0000-0000-000000000000" as Row<"Wifi_Master_State">["if_uuid"];

/** `Wifi_Inet_State` of an interface that exists. `applied` is null until the target has taken anything. */
export function inetState(row: InetConfig, applied: Applied | null, link: Link): Columns {
  const shown = applied?.row;
  return {
    if_name: row.if_name,
    if_type: row.if_type,
    if_uuid: row._uuid,
    inet_config: row._uuid,
    enabled: shown?.enabled === true,
    network: isUp(applied),
    NAT: shown?.NAT === true,
    ip_assign_scheme: shown?.ip_assign_scheme ?? "none",
    hwaddr: link.mac,
    inet_addr: link.address ?? noAddress,
    netmask: link.netmask ?? noAddress,
    gateway: link.gateway ?? noAddress,
    broadcast: broadcastShown(applied, link),
    mtu: applied?.config ? (applied.config.mtu ?? null) : (shown?.mtu ?? null),
    dns: nameServers(applied, link),
    dhcpd: applied && serves(applied, link) ? applied.row.dhcpd : {},
    dhcpc: dhcpOptions(applied, link),
    upnp_mode: shown?.upnp_mode ?? "disabled",
    ...tunnelColumns(shown),
    ...speedColumns(row, link),
  };
}

/** `Wifi_Master_State` as NM knows it; `port_state` of a vif is OWM's. `link` is null while there is none. */
export function masterState(row: InetConfig, applied: Applied | null, link: Link | null): Write<"Wifi_Master_State"> {
  return {
    if_name: row.if_name,
    if_type: row.if_type,
    if_uuid: zeroUuid,
    ...(row.if_type === "vif" ? {} : { port_state: link?.carrier ? "active" : "inactive" }),
    network_state: isUp(applied) ? "up" : "down",
    inet_addr: link?.address ?? noAddress,
    netmask: link?.netmask ?? noAddress,
    dhcpc: link ? dhcpOptions(applied, link) : {},
  };
}

function isUp(applied: Applied | null): boolean {
  return applied?.row.enabled === true && applied.row.network;
}

/** Whether there is a DHCP server: a range that cannot be used has none, whatever the row says. */
function serves(applied: Applied, link: Link): boolean {
  const server = applied.config?.dhcpServer;
  const [address, netmask] = [parseIpv4(link.address ?? ""), parseNetmask(link.netmask ?? "")];
  if (!server || !isUp(applied) || address === undefined || netmask === undefined) return false;
  return [server.start, server.stop].every((text) => contains({ address, netmask }, parseIpv4(text) ?? 0));
}

/** What was configured, or told by DHCP; else it follows from the address. */
function broadcastShown(applied: Applied | null, link: Link): string {
  if (link.address === null || link.netmask === null) return noAddress;
  const ipv4 = applied?.config?.ipv4;
  if (ipv4?.scheme === "static" && ipv4.address === link.address && ipv4.broadcast !== null) return ipv4.broadcast;
  const told = ipv4?.scheme === "dhcp" ? link.dhcpOptions?.get("broadcast") : undefined;
  const [address, netmask] = [parseIpv4(link.address), parseNetmask(link.netmask)];
  return (
    told ?? (address === undefined || netmask === undefined ? noAddress : formatIpv4(broadcastOf({ address, netmask })))
  );
}

function nameServers(applied: Applied | null, link: Link): { readonly [key: string]: string } {
  const [primary, secondary] = (link.dns ?? applied?.config?.dns ?? []).filter((server) => server !== noAddress);
  return { ...(primary !== undefined && { primary }), ...(secondary !== undefined && { secondary }) };
}

/** Options that the DHCP client received, by their names in `dhcpc`. */
function dhcpOptions(applied: Applied | null, link: Link): { readonly [name: string]: string } {
  if (!isUp(applied) || applied?.row.ip_assign_scheme !== "dhcp" || link.address === null) return {};
  if (link.dhcpOptions) return Object.fromEntries(link.dhcpOptions);
  return {
    ip: link.address,
    ...(link.netmask === null ? {} : { subnet: link.netmask }),
    ...(link.gateway === null ? {} : { gateway: link.gateway }),
  };
}

function tunnelColumns(shown: InetConfig | undefined): Columns {
  return {
    vlan_id: shown?.vlan_id ?? null,
    parent_ifname: shown?.parent_ifname ?? null,
    vlan_egress_qos_map: shown?.vlan_egress_qos_map ?? null,
    gre_ifname: shown?.gre_ifname ?? null,
    gre_local_inet_addr: shown?.gre_local_inet_addr ?? null,
    gre_remote_inet_addr: shown?.gre_remote_inet_addr ?? null,
  };
}

/** Of Ethernet ports only. */
function speedColumns({ if_type }: InetConfig, { carrier, speed, duplex }: Link): Columns {
  if (if_type !== "eth") return { link_speed: null, link_duplex: null };
  return { link_speed: carrier ? (speed ?? null) : null, link_duplex: (carrier && duplex) || "unknown" };
}
