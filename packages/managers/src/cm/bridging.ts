/**
 * Moves interfaces into bridges and out again, by rows of `Bridge`, `Port` and `Interface`, and the IP configuration with
 * them: what is a port of a bridge has no address of its own. Pure: the rows in, the changes out.
 */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Row, Write } from "@opensync-ts/schema/opensync";

/** The columns that move with the address. */
export type IpConfig = Pick<
  Row<"Wifi_Inet_Config">,
  | "if_name"
  | "network"
  | "NAT"
  | "ip_assign_scheme"
  | "inet_addr"
  | "netmask"
  | "gateway"
  | "broadcast"
  | "dns"
  | "dhcpd"
>;

export interface BridgeView {
  readonly bridges: readonly Pick<Row<"Bridge">, "_uuid" | "name" | "ports">[];
  readonly ports: readonly Pick<Row<"Port">, "_uuid" | "name">[];
  readonly inetConfigs: readonly IpConfig[];
}

export interface PortChange {
  /** `Bridge` row. */
  readonly bridge: Uuid;
  readonly ifName: string;
  /** The port to take out; null: a new one is to be put in. */
  readonly remove: Uuid | null;
}

export interface BridgingPlan {
  readonly ports: readonly PortChange[];
  readonly inet: readonly { readonly ifName: string; readonly columns: Write<"Wifi_Inet_Config"> }[];
  /** Why it cannot be done now. */
  readonly problem: string | null;
}

const nothing: BridgingPlan = { ports: [], inet: [], problem: null };

/** Whether the interface is a port of the bridge. */
export function isPort(view: BridgeView, bridge: string, ifName: string): boolean {
  return portIn(view, bridge, ifName) !== undefined;
}

/**
 * An uplink becomes a port of the bridge. A wired one gives the bridge its IP configuration; what comes over Wi-Fi leaves the
 * address to the bridge's own DHCP client. An interface that is there already changes nothing.
 */
export function planJoin(
  view: BridgeView,
  bridge: string,
  ifName: string,
  kind: "uplink" | "wifi-uplink" | "lan-port",
): BridgingPlan {
  const row = view.bridges.find((each) => each.name === bridge);
  if (!row) return { ...nothing, problem: `${ifName}: not put into ${bridge}: there is no such row in Bridge` };
  if (isPort(view, bridge, ifName)) return nothing;
  const elsewhere = view.bridges.flatMap((each) => {
    const port = portIn(view, each.name, ifName);
    return port ? [{ bridge: each._uuid, ifName, remove: port }] : [];
  });
  const own = view.inetConfigs.find((each) => each.if_name === ifName);
  const ofBridge = view.inetConfigs.find((each) => each.if_name === bridge);
  const inet: { ifName: string; columns: Write<"Wifi_Inet_Config"> }[] = [];
  if (kind !== "lan-port" && ofBridge) {
    const columns = kind === "uplink" && own && own.ip_assign_scheme !== "none" ? addressOf(own) : dhcp;
    inet.push({ ifName: bridge, columns: { ...columns, network: true, NAT: false, dhcpd: {} } });
  }
  if (own && kind !== "wifi-uplink") inet.push({ ifName, columns: { ...noAddress, NAT: false } });
  return { ports: [...elsewhere, { bridge: row._uuid, ifName, remove: null }], inet, problem: null };
}

/** An uplink leaves its bridge; `kept`: what the bridge had before it came, null: not known, the bridge then has no address. */
export function planLeave(
  view: BridgeView,
  bridge: string,
  ifName: string,
  kind: "uplink" | "wifi-uplink" | "lan-port",
  kept: IpConfig | null,
): BridgingPlan {
  const row = view.bridges.find((each) => each.name === bridge);
  const port = portIn(view, bridge, ifName);
  if (!row || !port) return nothing;
  const own = view.inetConfigs.find((each) => each.if_name === ifName);
  const ofBridge = view.inetConfigs.find((each) => each.if_name === bridge);
  const inet: { ifName: string; columns: Write<"Wifi_Inet_Config"> }[] = [];
  // As WANO has an uplink that is no port of a bridge.
  if (kind === "uplink" && own && ofBridge) inet.push({ ifName, columns: { ...addressOf(ofBridge), NAT: true } });
  if (kind !== "lan-port" && ofBridge) {
    const before = kept ? { ...addressOf(kept), network: kept.network, NAT: kept.NAT, dhcpd: kept.dhcpd } : noAddress;
    inet.push({ ifName: bridge, columns: before });
  }
  return { ports: [{ bridge: row._uuid, ifName, remove: port }], inet, problem: null };
}

const noAddress = {
  ip_assign_scheme: "none",
  inet_addr: null,
  netmask: null,
  gateway: null,
  broadcast: null,
  dns: {},
} satisfies Write<"Wifi_Inet_Config">;

const dhcp = { ...noAddress, ip_assign_scheme: "dhcp" } satisfies Write<"Wifi_Inet_Config">;

function addressOf(config: IpConfig): Write<"Wifi_Inet_Config"> {
  const { ip_assign_scheme, inet_addr, netmask, gateway, broadcast, dns } = config;
  return { ip_assign_scheme, inet_addr, netmask, gateway, broadcast, dns };
}

function portIn(view: BridgeView, bridge: string, ifName: string): Uuid | undefined {
  const ports = view.bridges.find((each) => each.name === bridge)?.ports ?? [];
  return view.ports.find((port) => port.name === ifName && ports.includes(port._uuid))?._uuid;
}
