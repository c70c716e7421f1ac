/**
 * Interfaces and uplinks: layer 2 and 3 configuration, routes, what is learned about the LAN.
 */

import {
  boolean,
  enumeration,
  ephemeral,
  immutable,
  integer,
  map,
  optional,
  reference,
  set,
  string,
  table,
  uuid,
} from "@opensync-ts/ovsdb/declare";
import { interfaceType, objectStatus, outcome } from "./shared-types.ts";
import { unsettable } from "./superset.ts";

const addressScheme = enumeration("none", "dhcp", "static");
const upnpMode = enumeration("disabled", "internal", "external", "internal_iptv", "external_iptv");
const uplinkState = enumeration("ready", "active", "inactive", "blocked", "unblocking");

export const networkTables = {
  /** Interfaces wanted: type, bridge, address scheme, DHCP server, GRE and VLAN parameters. */
  Wifi_Inet_Config: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      if_name: string(),
      if_type: unsettable(interfaceType),
      if_uuid: string(),
      enabled: boolean(),
      network: boolean(),
      NAT: optional(boolean()),
      ip_assign_scheme: optional(addressScheme),
      dhcp_renew: integer({ min: 0, max: 4294967295 }),
      inet_addr: optional(string()),
      netmask: optional(string()),
      gateway: optional(string()),
      broadcast: optional(string()),
      gre_remote_inet_addr: optional(string()),
      gre_local_inet_addr: optional(string()),
      gre_ifname: optional(string()),
      gre_remote_mac_addr: optional(string()),
      mtu: optional(integer()),
      dns: map(string({ minLength: 1, maxLength: 32 }), string({ minLength: 1, maxLength: 64 }), { max: 32 }),
      dhcpd: map(string({ minLength: 1, maxLength: 64 }), string({ minLength: 1, maxLength: 2048 })),
      dhcp_req: set(integer({ min: 1, max: 255 }), { max: 64 }),
      upnp_mode: optional(upnpMode),
      dhcp_sniff: optional(boolean()),
      vlan_id: optional(integer({ min: 0, max: 4094 })),
      vlan_egress_qos_map: optional(string()),
      parent_ifname: optional(string()),
      ppp_options: map(string({ maxLength: 32 }), string({ maxLength: 64 }), { max: 64 }),
      softwds_mac_addr: optional(string()),
      softwds_wrap: optional(boolean()),
      igmp_proxy: optional(enumeration("disabled", "IGMPv1", "IGMPv2", "IGMPv3")),
      mld_proxy: optional(enumeration("disabled", "MLDv1", "MLDv2")),
      igmp: optional(boolean()),
      igmp_age: optional(integer({ min: 15, max: 3600 })),
      igmp_tsize: optional(integer({ min: 10, max: 1000000 })),
      role: optional(string({ maxLength: 64 })),
      mac_reporting: boolean(),
      no_flood: optional(boolean()),
      collect_stats: optional(boolean()),
      os_persist: boolean(),
    },
  }),

  /** Interfaces as they are, with addresses and leases in force. Written by NM. */
  Wifi_Inet_State: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      if_name: string(),
      inet_config: optional(reference("Wifi_Inet_Config", "weak")),
      if_type: unsettable(interfaceType),
      if_uuid: string(),
      enabled: boolean(),
      network: boolean(),
      NAT: optional(boolean()),
      ip_assign_scheme: optional(addressScheme),
      inet_addr: optional(string()),
      netmask: optional(string()),
      gateway: optional(string()),
      broadcast: optional(string()),
      gre_remote_inet_addr: optional(string()),
      gre_local_inet_addr: optional(string()),
      gre_ifname: optional(string()),
      mtu: optional(integer()),
      dns: map(string({ minLength: 1, maxLength: 32 }), string({ minLength: 1, maxLength: 64 }), { max: 32 }),
      dhcpd: map(string({ minLength: 1, maxLength: 64 }), string({ minLength: 1, maxLength: 2048 })),
      hwaddr: string(),
      dhcpc: map(string(), string()),
      upnp_mode: optional(upnpMode),
      vlan_id: optional(integer({ min: 0, max: 4094 })),
      vlan_egress_qos_map: optional(string()),
      parent_ifname: optional(string()),
      softwds_mac_addr: optional(string()),
      softwds_wrap: boolean(),
      link_duplex: optional(enumeration("full", "half", "unknown")),
      link_speed: optional(integer()),
    },
  }),

  /** Per interface: is the port active, is the network up. What CM and WANO decide from. */
  Wifi_Master_State: table({
    isRoot: true,
    columns: {
      if_type: unsettable(interfaceType),
      if_uuid: uuid(),
      if_name: string(),
      port_state: optional(enumeration("active", "inactive")),
      network_state: optional(enumeration("up", "down")),
      inet_addr: optional(string()),
      netmask: optional(string()),
      dhcpc: map(string(), string()),
      onboard_type: optional(string()),
      uplink_priority: optional(integer()),
    },
  }),

  /** Candidate uplinks and their condition; CM chooses the one in use. */
  Connection_Manager_Uplink: table({
    isRoot: true,
    columns: {
      if_type: unsettable(
        enumeration("bridge", "eth", "vif", "gre", "gre6", "pppoe", "softwds", "tap", "vlan", "lte", "unmanaged"),
      ),
      if_name: string(),
      priority: optional(integer()),
      loop: optional(boolean()),
      has_L2: optional(boolean()),
      has_L3: optional(boolean()),
      bridge: optional(string()),
      is_used: optional(boolean()),
      ntp_state: optional(boolean()),
      unreachable_link_counter: optional(integer()),
      unreachable_router_counter: optional(integer()),
      unreachable_internet_counter: optional(integer()),
      unreachable_cloud_counter: optional(integer()),
      eth_client: optional(boolean()),
      ipv4: optional(uplinkState),
      ipv6: optional(uplinkState),
      unblock_ts: optional(string()),
    },
  }),

  /** How to reach the Internet: DHCP, PPPoE, VLAN or static, by priority. */
  WAN_Config: table({
    isRoot: true,
    columns: {
      enable: boolean(),
      type: unsettable(enumeration("dhcp", "pppoe", "vlan", "static_ipv4")),
      priority: integer(),
      other_config: map(string(), string()),
      os_persist: boolean(),
      status: ephemeral(optional(outcome)),
    },
  }),

  /** When the uplink was lost and found again. */
  Uplink_Events: table({
    isRoot: true,
    columns: {
      timestamp: optional(integer({ min: 1, max: 4294967295 })),
      connected: boolean(),
      type: unsettable(enumeration("UNKNOWN", "LINK", "IPALL_ROUTER", "IPALL_INTERNET", "NTP")),
    },
  }),

  /** Static IPv4 routes wanted. */
  Wifi_Route_Config: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      dest_addr: string({ minLength: 7, maxLength: 15 }),
      dest_mask: string({ minLength: 7, maxLength: 15 }),
      gateway: optional(string({ minLength: 7, maxLength: 15 })),
      metric: optional(integer()),
      if_name: optional(string({ minLength: 2, maxLength: 31 })),
      pref_src: optional(string({ minLength: 7, maxLength: 15 })),
      table: optional(integer({ min: 1 })),
    },
  }),

  /** IPv4 routes in the kernel. */
  Wifi_Route_State: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      if_name: string({ minLength: 2, maxLength: 31 }),
      dest_addr: string({ minLength: 7, maxLength: 15 }),
      dest_mask: string({ minLength: 7, maxLength: 15 }),
      gateway: string({ minLength: 7, maxLength: 15 }),
      gateway_hwaddr: optional(string({ minLength: 12, maxLength: 17 })),
      metric: optional(integer()),
      pref_src: optional(string({ minLength: 7, maxLength: 15 })),
      table: optional(integer({ min: 1 })),
    },
  }),

  /** Static IPv6 routes wanted. */
  Wifi_Route6_Config: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      dest_addr: string({ minLength: 2, maxLength: 49 }),
      gateway: optional(string({ minLength: 2, maxLength: 49 })),
      metric: optional(integer()),
      if_name: optional(string({ minLength: 2, maxLength: 31 })),
      pref_src: optional(string({ minLength: 2, maxLength: 49 })),
      table: optional(integer({ min: 1 })),
    },
  }),

  /** IPv6 routes in the kernel. */
  Wifi_Route6_State: table({
    isRoot: true,
    maxRows: 256,
    columns: {
      if_name: string({ minLength: 2, maxLength: 31 }),
      dest_addr: string({ minLength: 2, maxLength: 49 }),
      gateway: string({ minLength: 2, maxLength: 49 }),
      gateway_hwaddr: optional(string({ minLength: 12, maxLength: 17 })),
      metric: optional(integer()),
      pref_src: optional(string({ minLength: 2, maxLength: 49 })),
      table: optional(integer({ min: 1 })),
    },
  }),

  /** Policy routing rules (`ip rule`). */
  Policy_Routing_Rule: table({
    isRoot: true,
    indexes: [["name"]],
    columns: {
      name: immutable(string({ minLength: 1, maxLength: 64 })),
      addr_family: unsettable(enumeration("ipv4", "ipv6")),
      priority: integer({ min: 1 }),
      selector_not: optional(boolean()),
      selector_src_prefix: optional(string({ minLength: 1, maxLength: 49 })),
      selector_dst_prefix: optional(string({ minLength: 1, maxLength: 49 })),
      selector_input_intf: optional(string({ minLength: 1, maxLength: 32 })),
      selector_output_intf: optional(string({ minLength: 1, maxLength: 32 })),
      selector_fwmark: optional(integer({ min: 1 })),
      selector_fwmask: optional(integer({ min: 0 })),
      action_lookup_table: optional(integer({ min: 1 })),
      action_suppress_preflen: optional(integer({ min: 0 })),
      status: optional(objectStatus),
    },
  }),

  /** MAC addresses seen on the ports of a bridge. */
  OVS_MAC_Learning: table({
    isRoot: true,
    columns: {
      brname: string({ minLength: 2, maxLength: 15 }),
      ifname: string({ minLength: 2, maxLength: 15 }),
      hwaddr: string({ minLength: 11, maxLength: 17 }),
      vlan: integer(),
    },
  }),

  /** IPv4 neighbours (ARP). */
  IPv4_Neighbors: table({
    isRoot: true,
    columns: {
      address: string({ minLength: 1, maxLength: 49 }),
      hwaddr: string({ minLength: 12, maxLength: 17 }),
      if_name: string({ minLength: 2, maxLength: 31 }),
      source: string({ maxLength: 16 }),
    },
  }),

  /** IPv6 neighbours (NDP). */
  IPv6_Neighbors: table({
    isRoot: true,
    columns: {
      address: string({ minLength: 1, maxLength: 49 }),
      hwaddr: string({ minLength: 12, maxLength: 17 }),
      if_name: string({ minLength: 2, maxLength: 31 }),
    },
  }),

  /** Names people gave to their devices. */
  Client_Nickname_Config: table({
    isRoot: true,
    columns: {
      nickname: string({ maxLength: 255 }),
      mac: string({ minLength: 11, maxLength: 255 }),
    },
  }),

  /** Devices whose Internet access is paused. */
  Client_Freeze_Config: table({
    isRoot: true,
    columns: {
      mac: string({ minLength: 11, maxLength: 255 }),
      source: optional(enumeration("cloud", "gw", "init")),
      type: optional(enumeration("schedule", "always")),
      blocked: optional(boolean()),
    },
  }),
};
