/**
 * Firewall: netfilter rules, sets, port forwards, captive portal.
 */

import {
  boolean,
  enumeration,
  ephemeral,
  immutable,
  integer,
  map,
  optional,
  set,
  string,
  table,
} from "@opensync-ts/ovsdb/declare";
import { objectStatus, outcome } from "./shared-types.ts";
import { unsettable } from "./superset.ts";

export const firewallTables = {
  /** Firewall rules, applied by NFM in order of priority. */
  Netfilter: table({
    isRoot: true,
    indexes: [["name"]],
    columns: {
      name: immutable(string({ minLength: 1, maxLength: 64 })),
      enable: boolean(),
      status: optional(objectStatus),
      protocol: unsettable(enumeration("eth", "ipv4", "ipv6")),
      table: unsettable(enumeration("filter", "nat", "mangle", "raw", "security", "broute")),
      chain: string({ minLength: 1, maxLength: 64 }),
      priority: integer(),
      rule: string({ maxLength: 512 }),
      target: string({ minLength: 1, maxLength: 64 }),
    },
  }),

  /** IP sets that rules refer to. */
  Netfilter_Ipset: table({
    isRoot: true,
    indexes: [["name"]],
    columns: {
      name: immutable(string({ minLength: 1, maxLength: 64 })),
      type: immutable(
        unsettable(
          enumeration(
            "bitmap:ip",
            "bitmap:ip,mac",
            "bitmap:port",
            "hash:ip",
            "hash:mac",
            "hash:ip,mac",
            "hash:net",
            "hash:net,net",
            "hash:ip,port",
            "hash:net,port",
            "hash:ip,port,ip",
            "hash:ip,port,net",
            "hash:ip,mark",
            "hash:net,port,net",
            "hash:net,iface",
            "list:set",
            "local",
          ),
        ),
      ),
      options: immutable(optional(string({ minLength: 1, maxLength: 512 }))),
      values: set(string({ minLength: 1, maxLength: 128 }), { max: 64 }),
      origin: optional(string({ minLength: 1, maxLength: 64 })),
      status: ephemeral(optional(outcome)),
    },
  }),

  /** Ports forwarded from the WAN to a LAN host. */
  IP_Port_Forward: table({
    isRoot: true,
    columns: {
      protocol: unsettable(enumeration("tcp", "udp")),
      src_ifname: string({ minLength: 2, maxLength: 15 }),
      src_port: integer(),
      dst_port: integer(),
      dst_ipaddr: string({ minLength: 7, maxLength: 15 }),
      nat_loopback: boolean(),
    },
  }),

  /** Names resolved again and again; the addresses become values of flow tags. */
  FQDN_Resolve: table({
    isRoot: true,
    columns: {
      fqdn: string({ minLength: 1, maxLength: 256 }),
      ipv4_tag: optional(string({ minLength: 1, maxLength: 256 })),
      ipv6_tag: optional(string({ minLength: 1, maxLength: 256 })),
      server: optional(string({ minLength: 1, maxLength: 256 })),
      interval: optional(integer({ min: 0 })),
    },
  }),

  /** Portals that unauthenticated clients are sent to. */
  Captive_Portal: table({
    isRoot: true,
    columns: {
      name: string(),
      proxy_method: optional(enumeration("forward", "reverse")),
      uam_url: string(),
      additional_headers: map(string(), string()),
      other_config: map(string(), string()),
    },
  }),
};
