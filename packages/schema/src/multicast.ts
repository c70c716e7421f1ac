/**
 * Multicast: snooping, proxy and querier on a bridge.
 */

import { boolean, enumeration, integer, map, set, string, table } from "@opensync-ts/ovsdb/declare";
import { unsettable } from "./superset.ts";

const unknownGroupBehavior = enumeration("FLOOD", "DROP");

export const multicastTables = {
  /** IPv4 multicast (IGMP). */
  IGMP_Config: table({
    isRoot: true,
    columns: {
      igmp_version: unsettable(enumeration("IGMPv1", "IGMPv2", "IGMPv3")),
      snooping_enabled: boolean(),
      snooping_bridge: string(),
      static_mrouter_port: string(),
      mcast_group_exceptions: set(string({ maxLength: 32 }), { max: 8 }),
      unknown_mcast_group_behavior: unsettable(unknownGroupBehavior),
      query_robustness_value: integer(),
      maximum_groups: integer(),
      fast_leave_enable: boolean(),
      proxy_enabled: boolean(),
      proxy_upstream_if: string(),
      proxy_dowstream_if: string(),
      proxy_group_exceptions: set(string({ maxLength: 20 }), { max: 4 }),
      proxy_allowed_subnets: set(string({ maxLength: 20 }), { max: 4 }),
      querier_enabled: boolean(),
      query_interval: integer(),
      query_response_interval: integer(),
      last_member_query_interval: integer(),
      maximum_sources: integer(),
      other_config: map(string(), string({ maxLength: 64 }), { max: 16 }),
    },
  }),

  /** IPv6 multicast (MLD). */
  MLD_Config: table({
    isRoot: true,
    columns: {
      mld_version: unsettable(enumeration("MLDv1", "MLDv2")),
      snooping_enabled: boolean(),
      snooping_bridge: string(),
      static_mrouter_port: string(),
      mcast_group_exceptions: set(string({ maxLength: 92 }), { max: 8 }),
      unknown_mcast_group_behavior: unsettable(unknownGroupBehavior),
      query_robustness_value: integer(),
      maximum_groups: integer(),
      fast_leave_enable: boolean(),
      proxy_enabled: boolean(),
      proxy_upstream_if: string(),
      proxy_dowstream_if: string(),
      proxy_group_exceptions: set(string({ maxLength: 50 }), { max: 4 }),
      proxy_allowed_subnets: set(string({ maxLength: 50 }), { max: 4 }),
      querier_enabled: boolean(),
      query_interval: integer(),
      query_response_interval: integer(),
      last_member_query_interval: integer(),
      maximum_sources: integer(),
      other_config: map(string(), string({ maxLength: 64 }), { max: 16 }),
    },
  }),
};
