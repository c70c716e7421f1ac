/** `Wifi_Inet_Config` as what is wanted of an interface of the target. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { InterfaceConfig, Ipv4Config, LinkType } from "@opensync-ts/target/network";
import { broadcastOf, formatIpv4, noAddress, parseIpv4, parseNetmask, type Subnet } from "./addresses.ts";
import { parseDhcpServer } from "./dhcp-server.ts";
import { defaultDhcpRequest, interfaceNameOctets, mtuRange } from "./limits.ts";
import { quote } from "./quote.ts";

export type InetConfig = Row<"Wifi_Inet_Config">;

export interface Translation {
  /**
   * `managed`: to be stated to the target. `shown`: somebody else's, NM only shows it. `refused`: nothing can be done; nothing
   * is shown of it either.
   */
  readonly kind: "managed" | "shown" | "refused";
  readonly config: InterfaceConfig | null;
  /** What is wrong with the row, and what becomes of it: one line each. */
  readonly problems: readonly string[];
}

const linkTypes: readonly string[] = ["eth", "vif", "vlan", "bridge", "gre"] satisfies readonly LinkType[];
const shownTypes: readonly string[] = ["unmanaged", "tunnel"];

/** By row: rows are many, rounds are more, and a row never changes. */
const translations = new WeakMap<InetConfig, Translation>();

export function translate(row: InetConfig): Translation {
  const known = translations.get(row) ?? translateAnew(row);
  translations.set(row, known);
  return known;
}

function translateAnew(row: InetConfig): Translation {
  const refusal = refusalOf(row);
  if (refusal !== null) return { kind: "refused", config: null, problems: [describe(row, refusal)] };
  if (isShownOnly(row.if_type)) return { kind: "shown", config: null, problems: [] };
  const problems: string[] = [];
  const config = configOf(row, problems);
  return { kind: "managed", config, problems: problems.map((problem) => describe(row, problem)) };
}

/** Whether interfaces of this type are somebody else's. */
export function isShownOnly(type: string): boolean {
  return shownTypes.includes(type);
}

/** The subnet of a static address; `null`: there is none, or it is not known before the address. */
export function staticSubnet({ ipv4 }: InterfaceConfig): Subnet | null {
  if (ipv4.scheme !== "static") return null;
  const [address, netmask] = [parseIpv4(ipv4.address), parseNetmask(ipv4.netmask)];
  return address === undefined || netmask === undefined ? null : { address, netmask };
}

function describe({ if_name }: InetConfig, problem: string): string {
  return `Wifi_Inet_Config ${quote(if_name)}: ${problem}`;
}

/** Why nothing can be made of the row as a whole; `null`: something can. */
function refusalOf(row: InetConfig): string | null {
  const { if_name: name, if_type: type } = row;
  if (!/^[!-.0-~]+$/.test(name) || name.length > interfaceNameOctets || name === "." || name === "..") {
    return `if_name must be 1 to ${interfaceNameOctets} printable characters without a slash: row ignored`;
  }
  if (type === "") return "if_type is not set: row ignored; set eth, vif, vlan, bridge or gre";
  if (isShownOnly(type)) return null;
  if (!linkTypes.includes(type)) return `this device does no interfaces of type ${type}: row ignored`;
  if (type === "vlan") return refusalOfVlan(row);
  if (type === "gre") return refusalOfGre(row);
  return null;
}

function refusalOfVlan({ if_name, vlan_id, parent_ifname }: InetConfig): string | null {
  if (vlan_id === null || vlan_id < 1) return "vlan_id must be 1 to 4094: row ignored";
  if (parent_ifname === null || parent_ifname === "") return "parent_ifname is not set: row ignored";
  return parent_ifname === if_name ? "parent_ifname is the interface itself: row ignored" : null;
}

function refusalOfGre({ if_name, gre_ifname, gre_local_inet_addr, gre_remote_inet_addr }: InetConfig): string | null {
  if (gre_ifname === null || gre_ifname === "") return "gre_ifname is not set: row ignored";
  if (gre_ifname === if_name) return "gre_ifname is the interface itself: row ignored";
  for (const [column, text] of Object.entries({ gre_local_inet_addr, gre_remote_inet_addr })) {
    const problem = text === null ? "is not set" : parseIpv4(text) ? null : `${quote(text)} is no IPv4 address`;
    if (problem !== null) return `${column} ${problem}: row ignored`;
  }
  if (gre_local_inet_addr === gre_remote_inet_addr) {
    return "gre_remote_inet_addr is gre_local_inet_addr, so it would lead to itself: row ignored; set the other end's";
  }
  return null;
}

function configOf(row: InetConfig, problems: string[]): InterfaceConfig {
  const ipv4 = ipv4Of(row, problems);
  const mtu = mtuOf(row, problems);
  const base = {
    type: row.if_type as LinkType,
    enabled: row.enabled,
    network: row.network,
    ...(mtu === null ? {} : { mtu }),
    ipv4,
    nat: row.NAT === true,
    dns: dnsOf(row, problems),
  };
  const { server, problems: ofServer } = parseDhcpServer(row.dhcpd, staticSubnet({ ...base, dhcpServer: null }));
  problems.push(...ofServer);
  return {
    ...base,
    dhcpServer: server,
    ...(row.if_type === "vlan" && { vlan: { parent: row.parent_ifname ?? "", id: row.vlan_id ?? 0 } }),
    ...(row.if_type === "gre" && {
      gre: {
        parent: row.gre_ifname ?? "",
        local: row.gre_local_inet_addr ?? "",
        remote: row.gre_remote_inet_addr ?? "",
      },
    }),
  };
}

function ipv4Of(row: InetConfig, problems: string[]): Ipv4Config {
  switch (row.ip_assign_scheme) {
    case "static":
      return staticOf(row, problems);
    case "dhcp":
      return { scheme: "dhcp", options: row.dhcp_req.length > 0 ? sorted(row.dhcp_req) : defaultDhcpRequest };
    default:
      return { scheme: "none" };
  }
}

function staticOf(row: InetConfig, problems: string[]): Ipv4Config {
  const address = addressIn(row, "inet_addr", problems);
  const netmask = row.netmask === null ? undefined : parseNetmask(row.netmask);
  if (address === null || netmask === undefined || netmask === 0) {
    const missing = address === null ? "no usable inet_addr" : "no usable netmask (such as 255.255.255.0)";
    problems.push(`ip_assign_scheme is static, but there is ${missing}: no address`);
    return { scheme: "none" };
  }
  return {
    scheme: "static",
    address: formatIpv4(address),
    netmask: formatIpv4(netmask),
    broadcast: formatIpv4(addressIn(row, "broadcast", problems) ?? broadcastOf({ address, netmask })),
    gateway: addressText(addressIn(row, "gateway", problems)),
  };
}

/** `null`: unset, `0.0.0.0`, or not to be read, which is complained of. */
function addressIn(row: InetConfig, column: "inet_addr" | "broadcast" | "gateway", problems: string[]): number | null {
  return parsed(column, row[column], problems);
}

function parsed(what: string, text: string | null | undefined, problems: string[]): number | null {
  if (text === null || text === undefined || text === "" || text === noAddress) return null;
  const address = parseIpv4(text);
  if (address === undefined) problems.push(`${what} ${quote(text)} is no IPv4 address: taken as unset`);
  return address ?? null;
}

function addressText(address: number | null): string | null {
  return address === null ? null : formatIpv4(address);
}

function dnsOf({ dns }: InetConfig, problems: string[]): readonly string[] {
  return ["primary", "secondary"].flatMap((key) => addressText(parsed(`dns ${key}`, dns.get(key), problems)) ?? []);
}

function mtuOf({ mtu }: InetConfig, problems: string[]): number | null {
  const [least, most] = mtuRange;
  if (mtu === null || (mtu >= least && mtu <= most)) return mtu;
  problems.push(`mtu ${mtu} is not ${least} to ${most}: taken as unset`);
  return null;
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}
