/**
 * Flows: OpenFlow rules with tags (OM), flow inspection (FSM), flow collection and reports (FCM).
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
} from "@opensync-ts/ovsdb/declare";
import { unsettable } from "./superset.ts";

const setOperator = enumeration("in", "out");
const rangeOperator = enumeration("in", "out", "none");
const includeExclude = enumeration("include", "exclude");

export const flowTables = {
  /** Templates of OpenFlow rules; tags in them are expanded. */
  Openflow_Config: table({
    isRoot: true,
    columns: {
      bridge: string({ minLength: 1, maxLength: 16 }),
      table: integer(),
      priority: integer(),
      rule: optional(string({ minLength: 1, maxLength: 255 })),
      action: string({ minLength: 1, maxLength: 128 }),
      token: string({ minLength: 1, maxLength: 64 }),
    },
  }),

  /** Whether the rules of a token could be installed. */
  Openflow_State: table({
    isRoot: true,
    columns: {
      bridge: string({ minLength: 1, maxLength: 16 }),
      openflow_config: optional(reference("Openflow_Config", "weak")),
      token: string({ minLength: 1, maxLength: 32 }),
      success: optional(boolean()),
    },
  }),

  /** Named lists of values, one part set by the cloud and one by the device. */
  Openflow_Tag: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 32 }),
      device_value: set(string({ minLength: 1, maxLength: 64 }), { max: 255 }),
      cloud_value: set(string({ minLength: 1, maxLength: 64 }), { max: 255 }),
    },
  }),

  /** Named lists of values of the device alone. */
  Openflow_Local_Tag: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 32 }),
      values: set(string({ minLength: 1, maxLength: 64 }), { max: 1024 }),
    },
  }),

  /** Named groups of tags. */
  Openflow_Tag_Group: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 32 }),
      tags: set(string({ minLength: 1, maxLength: 32 }), { max: 128 }),
    },
  }),

  /** Sessions (plug-ins) of the flow service manager. */
  Flow_Service_Manager_Config: table({
    isRoot: true,
    columns: {
      handler: string({ minLength: 2, maxLength: 64 }),
      type: optional(enumeration("parser", "web_cat_provider", "dpi", "dpi_plugin", "dpi_dispatcher", "dpi_client")),
      if_name: string({ maxLength: 32 }),
      pkt_capt_filter: string({ maxLength: 512 }),
      plugin: string({ maxLength: 128 }),
      other_config: map(string(), string({ maxLength: 128 })),
    },
  }),

  /** Filtering rules: what to match and what to do. */
  FSM_Policy: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 32 }),
      idx: integer({ min: 0, max: 255 }),
      mac_op: optional(setOperator),
      macs: set(string({ minLength: 1, maxLength: 256 })),
      fqdn_op: optional(enumeration("in", "out", "sfr_in", "sfr_out", "sfl_in", "sfl_out", "wild_in", "wild_out")),
      fqdns: set(string({ minLength: 1, maxLength: 256 })),
      fqdncat_op: optional(setOperator),
      fqdncats: set(integer({ min: 0, max: 511 }), { max: 512 }),
      ipaddr_op: optional(setOperator),
      ipaddrs: set(string({ minLength: 1, maxLength: 48 }), { max: 64 }),
      risk_level: optional(integer({ min: 1, max: 10 })),
      risk_op: optional(enumeration("eq", "neq", "gt", "lt", "gte", "lte")),
      app_op: optional(setOperator),
      apps: set(string({ minLength: 1, maxLength: 256 })),
      log: optional(enumeration("none", "all", "blocked")),
      action: optional(enumeration("allow", "drop", "update_tag", "gatekeeper", "flush", "flush_all")),
      next: map(string(), integer(), { max: 2 }),
      policy: optional(string({ minLength: 1, maxLength: 256 })),
      redirect: set(string({ minLength: 1, maxLength: 256 }), { max: 2 }),
      other_config: map(string(), string()),
    },
  }),

  /** What flow data to collect. */
  FCM_Collector_Config: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 32 }),
      interval: integer({ min: 0, max: 3600 }),
      filter_name: optional(string({ minLength: 1, maxLength: 32 })),
      report_name: optional(string({ minLength: 1, maxLength: 32 })),
      other_config: map(string(), string(), { max: 64 }),
    },
  }),

  /** Which flows a collector or report keeps. */
  FCM_Filter: table({
    isRoot: true,
    columns: {
      name: string(),
      index: integer({ min: 0, max: 255 }),
      smac: set(string({ minLength: 1, maxLength: 64 }), { max: 64 }),
      dmac: set(string({ minLength: 1, maxLength: 64 }), { max: 64 }),
      vlanid: set(integer({ min: 1, max: 4096 }), { max: 64 }),
      src_ip: set(string({ minLength: 1, maxLength: 64 }), { max: 64 }),
      dst_ip: set(string({ minLength: 1, maxLength: 64 }), { max: 64 }),
      src_port: set(string(), { max: 64 }),
      dst_port: set(string(), { max: 64 }),
      proto: set(integer(), { max: 64 }),
      appnames: set(string({ minLength: 1, maxLength: 64 }), { max: 64 }),
      appname_op: optional(setOperator),
      apptags: set(string({ minLength: 1, maxLength: 64 }), { max: 64 }),
      apptag_op: optional(setOperator),
      smac_op: optional(rangeOperator),
      dmac_op: optional(rangeOperator),
      vlanid_op: optional(rangeOperator),
      src_ip_op: optional(rangeOperator),
      dst_ip_op: optional(rangeOperator),
      src_port_op: optional(rangeOperator),
      dst_port_op: optional(rangeOperator),
      proto_op: optional(rangeOperator),
      pktcnt: optional(integer({ min: 1, max: 4096 })),
      pktcnt_op: optional(enumeration("lt", "leq", "gt", "geq", "eq", "neq")),
      action: optional(includeExclude),
      other_config: map(string(), string(), { max: 64 }),
    },
  }),

  /** How, when and under which topic to report collected flows. */
  FCM_Report_Config: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 32 }),
      interval: integer({ min: 0, max: 3600 }),
      format: optional(enumeration("cumulative", "delta", "raw")),
      hist_interval: integer({ min: 0, max: 3600 }),
      hist_filter: optional(string({ minLength: 1, maxLength: 32 })),
      report_filter: optional(string({ minLength: 1, maxLength: 32 })),
      mqtt_topic: optional(string({ minLength: 1, maxLength: 256 })),
      other_config: map(string(), string(), { max: 64 }),
    },
  }),

  /** Groups of devices by which reports are limited. */
  Data_Report_Tags: table({
    isRoot: true,
    columns: {
      name: immutable(string({ minLength: 1, maxLength: 64 })),
      included_macs: set(string({ minLength: 1, maxLength: 32 }), { max: 8 }),
      excluded_macs: set(string({ minLength: 1, maxLength: 32 }), { max: 8 }),
      precedence: unsettable(includeExclude),
    },
  }),

  /** Which tap interface serves which inspection. */
  Dpi_Interface_Map: table({
    isRoot: true,
    columns: {
      tap_if_name: immutable(string({ maxLength: 32 })),
      tx_if_name: string({ maxLength: 32 }),
      pkt_capt_filter: string({ maxLength: 512 }),
      other_config: map(string(), string({ maxLength: 128 })),
    },
  }),

  /** Which clients belong to which access zone. */
  Network_Zone: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 1, maxLength: 64 }),
      macs: set(string({ minLength: 1, maxLength: 32 }), { max: 8 }),
      priority: integer(),
    },
  }),

  /** Services announced by multicast DNS. */
  Service_Announcement: table({
    isRoot: true,
    columns: {
      name: string({ minLength: 2, maxLength: 31 }),
      protocol: string({ minLength: 2, maxLength: 31 }),
      port: integer({ min: 1, max: 65535 }),
      txt: map(string(), string()),
    },
  }),

  /** Configuration of the `we_dpi` inspection plug-in. */
  WE_Config: table({
    isRoot: true,
    columns: {
      config: map(string(), string({ maxLength: 2048 })),
    },
  }),
};
