/** What NM shows of an interface: pure functions of its configuration and the link the target has. */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { Link } from "@opensync-ts/target/network";

export type InetConfig = Row<"Wifi_Inet_Config">;

/** `inet_addr` and `netmask` where there is none. */
export const noAddress = "0.0.0.0";

const zeroUuid = "00000000-0000-0000-0000-000000000000" as Row<"Wifi_Master_State">["if_uuid"];

/** The scheme that is applied: a static address is more than a target can set as yet. */
export function appliedScheme(config: InetConfig): "none" | "dhcp" {
  return config.ip_assign_scheme === "dhcp" ? "dhcp" : "none";
}

/** Whether an address is to be asked for by DHCP. */
export function wantsDhcp(config: InetConfig): boolean {
  return config.enabled && config.network && appliedScheme(config) === "dhcp";
}

/** `Wifi_Inet_State` of an interface that exists. */
export function inetState(config: InetConfig, link: Link): Write<"Wifi_Inet_State"> {
  return {
    if_name: config.if_name,
    if_type: config.if_type,
    if_uuid: config._uuid,
    inet_config: config._uuid,
    enabled: config.enabled,
    network: config.enabled && config.network,
    ip_assign_scheme: appliedScheme(config),
    hwaddr: link.mac,
    ...addressColumns(link),
    gateway: link.gateway ?? noAddress,
    dhcpc: dhcpOptions(config, link),
    upnp_mode: "disabled",
  };
}

/** `Wifi_Master_State` as NM knows it; `port_state` of a vif is OWM's. `link` is null while there is none. */
export function masterState(config: InetConfig, link: Link | null): Write<"Wifi_Master_State"> {
  return {
    if_name: config.if_name,
    if_type: config.if_type,
    if_uuid: zeroUuid,
    ...(config.if_type === "vif" ? {} : { port_state: link?.carrier ? "active" : "inactive" }),
    network_state: config.enabled && config.network ? "up" : "down",
    ...addressColumns(link),
    dhcpc: link ? dhcpOptions(config, link) : {},
  };
}

function addressColumns(link: Link | null): { readonly inet_addr: string; readonly netmask: string } {
  return { inet_addr: link?.address ?? noAddress, netmask: link?.netmask ?? noAddress };
}

/** Options that the DHCP client received, by their names in `dhcpc`. */
function dhcpOptions(config: InetConfig, link: Link): { readonly [name: string]: string } {
  if (!wantsDhcp(config) || link.address === null) return {};
  return {
    ip: link.address,
    ...(link.netmask === null ? {} : { subnet: link.netmask }),
    ...(link.gateway === null ? {} : { gateway: link.gateway }),
  };
}
