/**
 * Addresses: IP interfaces, DHCP and router advertisements.
 */

import {
  boolean,
  enumeration,
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
import { objectStatus } from "./shared-types.ts";
import { unsettable } from "./superset.ts";

const leaseStatus = enumeration("leased", "static", "error");
const mapType = enumeration("map-t", "map-e");

export const addressingTables = {
  /** A layer-3 interface: its addresses, prefixes, QoS object and classifiers. */
  IP_Interface: table({
    isRoot: true,
    indexes: [["name"]],
    columns: {
      name: immutable(string({ minLength: 1, maxLength: 64 })),
      enable: boolean(),
      status: optional(enumeration("up", "down", "unknown", "dormant", "notpresent", "lowerlayerdown", "error")),
      interfaces: set(reference("Interface"), { max: 4 }),
      if_name: optional(string({ minLength: 1, maxLength: 64 })),
      ipv4_addr: set(reference("IPv4_Address"), { max: 64 }),
      ipv6_addr: set(reference("IPv6_Address"), { max: 64 }),
      ipv6_prefix: set(reference("IPv6_Prefix"), { max: 64 }),
      qos: optional(reference("Interface_QoS")),
      ingress_classifier: set(reference("Interface_Classifier"), { max: 64 }),
      egress_classifier: set(reference("Interface_Classifier"), { max: 64 }),
    },
  }),

  /** An IPv4 address of an IP interface. */
  IPv4_Address: table({
    columns: {
      enable: boolean(),
      status: optional(objectStatus),
      address: string({ minLength: 1, maxLength: 15 }),
      subnet_mask: string({ minLength: 1, maxLength: 15 }),
      type: unsettable(enumeration("dhcp", "ikev2", "auto_ip", "ipcp", "static")),
    },
  }),

  /** An IPv6 address of an IP interface, or a DNS server announced by RA. */
  IPv6_Address: table({
    columns: {
      enable: boolean(),
      status: optional(objectStatus),
      address_status: optional(
        enumeration(
          "preferred",
          "deprecated",
          "invalid",
          "inaccessible",
          "unknown",
          "tentative",
          "duplicate",
          "optimistic",
        ),
      ),
      address: string({ minLength: 1, maxLength: 49 }),
      origin: optional(enumeration("auto_configured", "dhcp", "ikev2", "map", "well_known", "static")),
      prefix: string({ minLength: 1, maxLength: 49 }),
      preferred_lifetime: optional(string({ minLength: 1, maxLength: 64 })),
      valid_lifetime: optional(string({ minLength: 1, maxLength: 64 })),
    },
  }),

  /** A prefix to announce or delegate. */
  IPv6_Prefix: table({
    columns: {
      enable: boolean(),
      status: optional(objectStatus),
      prefix_status: optional(enumeration("preferred", "deprecated", "invalid", "inaccessible", "unknown")),
      address: string({ minLength: 1, maxLength: 49 }),
      origin: optional(enumeration("auto_configured", "prefix_delegation", "ra", "well_known", "static", "child")),
      static_type: unsettable(enumeration("static", "inapplicable", "prefix_delegation", "child")),
      parent_prefix: optional(reference("IPv6_Prefix")),
      child_prefix_bits: optional(string({ minLength: 1, maxLength: 49 })),
      on_link: boolean(),
      autonomous: boolean(),
      preferred_lifetime: optional(string({ minLength: 1, maxLength: 64 })),
      valid_lifetime: optional(string({ minLength: 1, maxLength: 64 })),
    },
  }),

  /** A router advertisement daemon on an IP interface. */
  IPv6_RouteAdv: table({
    isRoot: true,
    columns: {
      interface: reference("IP_Interface"),
      status: unsettable(objectStatus),
      prefixes: set(reference("IPv6_Prefix"), { max: 64 }),
      managed: optional(boolean()),
      other_config: optional(boolean()),
      home_agent: optional(boolean()),
      max_adv_interval: optional(integer({ min: 4, max: 1800 })),
      min_adv_interval: optional(integer({ min: 3, max: 1350 })),
      default_lifetime: optional(integer({ min: 0, max: 65535 })),
      preferred_router: unsettable(enumeration("low", "medium", "high")),
      mtu: optional(integer({ min: 1280 })),
      reachable_time: optional(integer({ min: 0, max: 3600000 })),
      retrans_timer: optional(integer()),
      current_hop_limit: optional(integer()),
      rdnss: set(reference("IPv6_Address"), { max: 16 }),
      dnssl: set(string({ minLength: 1, maxLength: 253 }), { max: 16 }),
    },
  }),

  /** Routes in the TR-181 model. */
  Routing: table({
    isRoot: true,
    columns: {
      enable: boolean(),
      status: optional(objectStatus),
      protocol: unsettable(enumeration("ipv4", "ipv6")),
      type: unsettable(enumeration("dhcp", "ospf", "ra", "ipcp", "rip", "static")),
      ip_interface: optional(uuid()),
      dest: optional(string({ minLength: 1, maxLength: 49 })),
      gateway: optional(string({ minLength: 1, maxLength: 49 })),
    },
  }),

  /** A DHCP option to send or received; kept alive by the client or server that lists it. */
  DHCP_Option: table({
    columns: {
      enable: boolean(),
      version: unsettable(enumeration("v4", "v6")),
      type: unsettable(enumeration("rx", "tx")),
      tag: integer(),
      value: string({ minLength: 1, maxLength: 8192 }),
    },
  }),

  /** Leases given to LAN clients, with their fingerprints. */
  DHCP_leased_IP: table({
    isRoot: true,
    columns: {
      hwaddr: string(),
      inet_addr: string(),
      hostname: string(),
      fingerprint: string(),
      vendor_class: string(),
      lease_time: integer(),
    },
  }),

  /** Addresses reserved for LAN clients. */
  DHCP_reserved_IP: table({
    isRoot: true,
    columns: {
      hostname: optional(string({ minLength: 1, maxLength: 63 })),
      ip_addr: string({ minLength: 7, maxLength: 15 }),
      hw_addr: string({ minLength: 11, maxLength: 17 }),
    },
  }),

  /** A DHCPv4 client in the TR-181 model. */
  DHCPv4_Client: table({
    isRoot: true,
    columns: {
      enable: boolean(),
      ip_interface: reference("IP_Interface"),
      request_options: set(integer(), { max: 32 }),
      received_options: set(reference("DHCP_Option"), { max: 32 }),
      send_options: set(reference("DHCP_Option"), { max: 32 }),
    },
  }),

  /** A DHCPv4 server in the TR-181 model. */
  DHCPv4_Server: table({
    isRoot: true,
    columns: {
      interface: reference("IP_Interface"),
      status: unsettable(objectStatus),
      min_address: string({ minLength: 1, maxLength: 15 }),
      max_address: string({ minLength: 1, maxLength: 15 }),
      lease_time: integer(),
      options: set(reference("DHCP_Option"), { max: 256 }),
      static_address: set(reference("DHCPv4_Lease"), { max: 64 }),
      leased_address: set(reference("DHCPv4_Lease"), { max: 256 }),
    },
  }),

  /** A lease of a `DHCPv4_Server`. */
  DHCPv4_Lease: table({
    columns: {
      status: unsettable(leaseStatus),
      address: string({ minLength: 1, maxLength: 15 }),
      hwaddr: string({ minLength: 1, maxLength: 17 }),
      hostname: optional(string({ minLength: 1, maxLength: 64 })),
      leased_time: optional(integer()),
      leased_fingerprint: optional(string({ minLength: 1, maxLength: 256 })),
    },
  }),

  /** A DHCPv6 client on an IP interface. */
  DHCPv6_Client: table({
    isRoot: true,
    columns: {
      enable: boolean(),
      ip_interface: reference("IP_Interface"),
      request_address: boolean(),
      request_prefixes: boolean(),
      rapid_commit: boolean(),
      renew: boolean(),
      request_options: set(integer(), { max: 32 }),
      received_options: set(reference("DHCP_Option"), { max: 32 }),
      send_options: set(reference("DHCP_Option"), { max: 32 }),
      other_config: map(string(), string()),
    },
  }),

  /** A DHCPv6 server on an IP interface. */
  DHCPv6_Server: table({
    isRoot: true,
    columns: {
      interface: reference("IP_Interface"),
      status: unsettable(objectStatus),
      prefixes: set(reference("IPv6_Prefix"), { max: 64 }),
      prefix_delegation: optional(boolean()),
      options: set(reference("DHCP_Option"), { max: 256 }),
      lease_prefix: set(reference("DHCPv6_Lease"), { max: 256 }),
      static_prefix: set(reference("DHCPv6_Lease"), { max: 64 }),
    },
  }),

  /** A lease of a `DHCPv6_Server`. */
  DHCPv6_Lease: table({
    columns: {
      status: unsettable(leaseStatus),
      prefix: string({ minLength: 1, maxLength: 49 }),
      duid: optional(string({ minLength: 1, maxLength: 260 })),
      hwaddr: optional(string({ minLength: 1, maxLength: 17 })),
      hostname: optional(string({ minLength: 1, maxLength: 64 })),
      leased_time: optional(integer()),
    },
  }),

  /** MAP-T / MAP-E and v6plus wanted on an interface. */
  MAP_Config: table({
    isRoot: true,
    indexes: [["if_name"]],
    columns: {
      if_name: immutable(string({ minLength: 1, maxLength: 64 })),
      map_type: unsettable(mapType),
      map_legacy_draft3: optional(boolean()),
      map_rules_dhcp: boolean(),
      map_rules_v6plus_url: optional(string({ maxLength: 512 })),
      BMR_IPv6_prefix: optional(string({ minLength: 1, maxLength: 49 })),
      BMR_IPv4_prefix: optional(string({ minLength: 1, maxLength: 32 })),
      BMR_ea_len: optional(integer({ min: 0 })),
      BMR_psid_offset: optional(integer({ min: 0 })),
      DMR: optional(string({ minLength: 1, maxLength: 49 })),
      other_config: map(string(), string({ maxLength: 128 })),
    },
  }),

  /** MAP-T / MAP-E and v6plus in force. */
  MAP_State: table({
    isRoot: true,
    indexes: [["if_name"]],
    columns: {
      if_name: string({ minLength: 1, maxLength: 64 }),
      map_type: unsettable(mapType),
      map_legacy_draft3: optional(boolean()),
      map_rules_dhcp: boolean(),
      map_rules_v6plus_url: optional(string({ maxLength: 512 })),
      BMR_IPv6_prefix: optional(string({ minLength: 1, maxLength: 49 })),
      BMR_IPv4_prefix: optional(string({ minLength: 1, maxLength: 32 })),
      BMR_ea_len: optional(integer({ min: 0 })),
      BMR_psid_offset: optional(integer({ min: 0 })),
      DMR: optional(string({ minLength: 1, maxLength: 49 })),
      psid: optional(integer({ min: 0 })),
      psid_len: optional(integer({ min: 0 })),
      map_ipv4_addr: optional(string({ minLength: 1, maxLength: 32 })),
      map_ipv6_addr: optional(string({ minLength: 1, maxLength: 49 })),
      port_sets: optional(string({ maxLength: 4096 })),
      end_user_prefix: optional(enumeration("dhcpv6-pd", "ra")),
      v6plus_hgw_status: optional(enumeration("unknown", "map_off", "map_on")),
      v6plus_rules_status: optional(
        enumeration("init_saved_rules", "serv_reply_ok_v6plus_ok", "serv_reply_ok_no_rule", "serv_err", "client_err"),
      ),
    },
  }),
};
