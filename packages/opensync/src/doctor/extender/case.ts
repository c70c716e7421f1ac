/** What the extender's checklist looks at: rows of the gateway, and of the extender where its database is at hand. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { Rows } from "../node-rows.ts";
import type { SimulatedOutage } from "../simulation.ts";

export const gatewayTables = [
  "Bridge",
  "DHCP_leased_IP",
  "OVS_MAC_Learning",
  "Port",
  "Wifi_Associated_Clients",
  "Wifi_Inet_Config",
  "Wifi_Inet_State",
  "Wifi_Radio_Config",
  "Wifi_Radio_State",
  "Wifi_VIF_Config",
  "Wifi_VIF_State",
] as const;

export const extenderTables = [
  "AWLAN_Node",
  "Bridge",
  "Connection_Manager_Uplink",
  "Manager",
  "Port",
  "Wifi_Associated_Clients",
  "Wifi_Credential_Config",
  "Wifi_Inet_Config",
  "Wifi_Inet_State",
  "Wifi_Master_State",
  "Wifi_Radio_Config",
  "Wifi_Radio_State",
  "Wifi_VIF_Config",
  "Wifi_VIF_State",
] as const;

export type GatewayRows = Rows<(typeof gatewayTables)[number]>;
export type ExtenderRows = Rows<(typeof extenderTables)[number]>;

export interface ExtenderCase {
  readonly gatewayName: string;
  readonly gateway: GatewayRows;
  /** Null where its database is not at hand. */
  readonly extender: ExtenderRows | null;
  /** By which the gateway knows the extender: of its backhaul stations, or the one that was named. Lower case. */
  readonly macs: readonly string[];
  /** It is no extender: it is a client of one of the home's nodes. */
  readonly client?: ClientPlace | undefined;
  /** What the simulation has broken for the extender; undefined where it is none of a simulation. */
  readonly outage?: SimulatedOutage | undefined;
}

/** Where somebody is a client: an access point for people. */
export interface ClientPlace {
  readonly node: string;
  readonly ap: string;
}

/** NM writes this where there is no address. */
const noAddress = "0.0.0.0";

/** Lower case, with colons. */
export function sameMac(a: string | null | undefined, b: string): boolean {
  return typeof a === "string" && a.toLowerCase().replaceAll("-", ":") === b;
}

/** An access point for extenders, by its name or by what it says. */
export function isBackhaulAp(row: Pick<Row<"Wifi_VIF_Config">, "if_name" | "mode" | "multi_ap">): boolean {
  return row.mode !== "sta" && (/^b(haul)?-ap-/.test(row.if_name) || row.multi_ap === "backhaul_bss");
}

/** The address of an interface; null where it has none. */
export function addressOf(rows: Pick<GatewayRows, "Wifi_Inet_State">, ifName: string): string | null {
  const address = rows.Wifi_Inet_State.find((row) => row.if_name === ifName)?.inet_addr;
  return !address || address === noAddress ? null : address;
}

/** The bridge of the home's LAN: the one that hands out addresses, else `br-home`. */
export function lanBridge(gateway: GatewayRows): string {
  const serving = gateway.Wifi_Inet_Config.find((row) => row.if_type === "bridge" && row.dhcpd.size > 0);
  return serving?.if_name ?? "br-home";
}

/** The ports of a bridge; null where there is no such bridge. */
export function portsOf(rows: Pick<GatewayRows, "Bridge" | "Port">, bridge: string): readonly string[] | null {
  const row = rows.Bridge.find(({ name }) => name === bridge);
  if (!row) return null;
  const names = new Map<string, string>(rows.Port.map(({ _uuid, name }) => [_uuid, name]));
  return row.ports.map((uuid) => names.get(uuid) ?? "").filter((name) => name !== "");
}

/** `169.254.3.5` → `pgd3-5`, the tunnel of the extender that has this lease. */
export function tunnelName(lease: string): string {
  const [, , third = "", fourth = ""] = lease.split(".");
  return `pgd${third}-${fourth}`;
}

/** Whether `address` lies in the network of `own` with `netmask`. */
export function isInNetwork(address: string, own: string, netmask: string): boolean {
  const mask = numberOf(netmask);
  return (numberOf(address) & mask) === (numberOf(own) & mask);
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, part) => (number << 8) | (Number(part) & 0xff), 0);
}

/** The network's own addresses: of the LAN bridge, where it has one (a gateway in bridge mode has none). */
export function lanOf(
  gateway: GatewayRows,
): { readonly bridge: string; readonly address: string; readonly netmask: string } | null {
  const bridge = lanBridge(gateway);
  const address = addressOf(gateway, bridge);
  const netmask = gateway.Wifi_Inet_State.find((row) => row.if_name === bridge)?.netmask;
  return address !== null && netmask ? { bridge, address, netmask } : null;
}
