/** What is wanted of an interface, checked and with its addresses as numbers. */

import { UserError } from "@opensync-ts/base/errors";
import type {
  DhcpServerConfig,
  InterfaceConfig,
  LinkType,
  PortForward,
  RouteConfig,
} from "@opensync-ts/target/network";
import { contains, isHostAddress, parseIpv4, parseNetmask, type Subnet } from "./ipv4.ts";
import { maxDhcpOptions, maxReservations } from "./limits.ts";

export interface CheckedConfig {
  readonly config: InterfaceConfig;
  /** Of a static address. */
  readonly subnet: Subnet | null;
  readonly gateway: number | null;
  /** Of its DHCP server. */
  readonly range: { readonly start: number; readonly stop: number } | null;
  readonly tunnel: { readonly local: number; readonly remote: number } | null;
  /** To tell whether it is the same again. */
  readonly text: string;
}

/** What makes sense of an MTU: from what IPv4 asks for to jumbo frames. */
const mtuRange = [68, 9216] as const;
const vlanRange = [1, 4094] as const;

/** Throws a `UserError` naming the interface and what cannot be. */
export function checkConfig(name: string, config: InterfaceConfig, existing: LinkType | undefined): CheckedConfig {
  const { type, ipv4, mtu, vlan, gre, dhcpServer } = config;
  if (name === "" || name.length > 15) fail(name, "a name has 1 to 15 characters");
  if (existing !== undefined && existing !== type) fail(name, `it is of type ${existing}, and cannot become ${type}`);
  if (mtu !== undefined && !within(mtu, mtuRange)) fail(name, `mtu ${mtu} is not ${mtuRange.join(" to ")}`);
  if (type === "vlan" && !vlan) fail(name, "a VLAN needs a parent and a number");
  if (vlan && !within(vlan.id, vlanRange)) fail(name, `VLAN ${vlan.id} is not ${vlanRange.join(" to ")}`);
  if (vlan?.parent === name || gre?.parent === name) fail(name, "it cannot be its own parent");
  if (type === "gre" && !gre) fail(name, "a tunnel needs a parent and both its ends");
  for (const server of config.dns) addressOf(name, "dns", server);
  const fixed = ipv4.scheme === "static" ? ipv4 : null;
  const subnet = fixed && subnetOf(name, fixed.address, fixed.netmask);
  if (fixed?.broadcast) addressOf(name, "broadcast", fixed.broadcast);
  return {
    config,
    subnet,
    gateway: fixed?.gateway ? addressOf(name, "gateway", fixed.gateway) : null,
    range: dhcpServer && rangeOf(name, dhcpServer, subnet),
    tunnel: gre ? { local: addressOf(name, "local", gre.local), remote: addressOf(name, "remote", gre.remote) } : null,
    text: textOf(config),
  };
}

/** Throws a `UserError`. */
export function checkForward({ protocol, port, toPort, toAddress, link }: PortForward): void {
  const name = `forward of ${protocol} port ${port} of ${link}`;
  for (const each of [port, toPort]) {
    if (!Number.isInteger(each) || each < 1 || each > 65_535) fail(name, `${each} is no port; use 1 to 65535`);
  }
  addressOf(name, "address", toAddress);
}

export interface CheckedRoute {
  readonly route: RouteConfig;
  readonly subnet: Subnet;
  readonly gateway: number | null;
}

/** Throws a `UserError`. */
export function checkRoute(route: RouteConfig): CheckedRoute {
  const name = `route to ${route.destination}/${route.netmask}`;
  const address = addressOf(name, "destination", route.destination);
  const prefix = parseNetmask(route.netmask);
  if (prefix === undefined) return fail(name, `'${route.netmask}' is no netmask`);
  if (route.link === null && route.gateway === null) fail(name, "it needs an interface or a gateway");
  const gateway = route.gateway === null ? null : addressOf(name, "gateway", route.gateway);
  return { route, subnet: { address, prefix }, gateway };
}

function rangeOf(name: string, server: DhcpServerConfig, subnet: Subnet | null): CheckedConfig["range"] {
  const start = addressOf(name, "first address of the DHCP server", server.start);
  const stop = addressOf(name, "last address of the DHCP server", server.stop);
  if (start > stop) fail(name, `addresses of the DHCP server: ${server.start} comes after ${server.stop}`);
  if (subnet && !(contains(subnet, start) && contains(subnet, stop))) {
    fail(name, `addresses of the DHCP server: ${server.start} to ${server.stop} are not in its own network`);
  }
  if (server.reservations.length > maxReservations) fail(name, `at most ${maxReservations} reservations are possible`);
  if (server.options.size > maxDhcpOptions) fail(name, `at most ${maxDhcpOptions} DHCP options are possible`);
  for (const { address } of server.reservations) addressOf(name, "reservation", address);
  return { start, stop };
}

function subnetOf(name: string, addressText: string, netmask: string): Subnet {
  const address = addressOf(name, "address", addressText);
  const prefix = parseNetmask(netmask);
  if (prefix === undefined) return fail(name, `'${netmask}' is no netmask`);
  if (!isHostAddress({ address, prefix }, address)) {
    fail(name, `${addressText} with netmask ${netmask} is the address of a network, not of a host`);
  }
  return { address, prefix };
}

function addressOf(name: string, what: string, text: string): number {
  return parseIpv4(text) ?? fail(name, `${what}: '${text}' is no IPv4 address`);
}

function within(value: number, [least, most]: readonly [number, number]): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function fail(name: string, problem: string): never {
  throw new UserError(`${name}: ${problem}`);
}

function textOf(config: InterfaceConfig): string {
  return JSON.stringify(config, (_key, value) => (value instanceof Map ? [...value].sort() : value));
}
