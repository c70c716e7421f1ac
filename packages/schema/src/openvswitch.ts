/**
 * The tables of Open vSwitch itself, as stock tools expect them (ovs-vswitchd.conf.db(5)).
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
} from "@opensync-ts/ovsdb/declare";

const upDown = enumeration("up", "down");
const connectionMode = enumeration("in-band", "out-of-band");

export const openvswitchTables = {
  /** The root: bridges, the manager connection, TLS files. One row. */
  Open_vSwitch: table({
    isRoot: true,
    maxRows: 1,
    columns: {
      bridges: set(reference("Bridge")),
      manager_options: set(reference("Manager")),
      ssl: optional(reference("SSL")),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
      next_cfg: integer(),
      cur_cfg: integer(),
      statistics: ephemeral(map(string(), string())),
      ovs_version: optional(string()),
      db_version: optional(string()),
      system_type: optional(string()),
      system_version: optional(string()),
      datapath_types: set(string()),
      iface_types: set(string()),
      dpdk_initialized: boolean(),
      dpdk_version: optional(string()),
    },
  }),

  /** A bridge; kept alive by `Open_vSwitch.bridges`. */
  Bridge: table({
    indexes: [["name"]],
    columns: {
      name: immutable(string()),
      datapath_type: string(),
      datapath_version: string(),
      datapath_id: ephemeral(optional(string())),
      stp_enable: boolean(),
      rstp_enable: boolean(),
      mcast_snooping_enable: boolean(),
      ports: set(reference("Port")),
      mirrors: set(reference("Mirror")),
      netflow: optional(reference("NetFlow")),
      sflow: optional(reference("sFlow")),
      ipfix: optional(reference("IPFIX")),
      controller: set(reference("Controller")),
      protocols: set(enumeration("OpenFlow10", "OpenFlow11", "OpenFlow12", "OpenFlow13", "OpenFlow14", "OpenFlow15")),
      fail_mode: optional(enumeration("standalone", "secure")),
      status: ephemeral(map(string(), string())),
      rstp_status: ephemeral(map(string(), string())),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
      flood_vlans: set(integer({ min: 0, max: 4095 }), { max: 4096 }),
      flow_tables: map(integer({ min: 0, max: 254 }), reference("Flow_Table")),
      auto_attach: optional(reference("AutoAttach")),
    },
  }),

  /** A port of a bridge; kept alive by `Bridge.ports`. */
  Port: table({
    indexes: [["name"]],
    columns: {
      name: immutable(string()),
      interfaces: set(reference("Interface"), { min: 1 }),
      trunks: set(integer({ min: 0, max: 4095 }), { max: 4096 }),
      cvlans: set(integer({ min: 0, max: 4095 }), { max: 4096 }),
      tag: optional(integer({ min: 0, max: 4095 })),
      vlan_mode: optional(enumeration("trunk", "access", "native-tagged", "native-untagged")),
      qos: optional(reference("QoS")),
      mac: optional(string()),
      bond_mode: optional(enumeration("balance-tcp", "balance-slb", "active-backup")),
      lacp: optional(enumeration("active", "passive", "off")),
      bond_updelay: integer(),
      bond_downdelay: integer(),
      bond_active_slave: optional(string()),
      bond_fake_iface: boolean(),
      fake_bridge: boolean(),
      status: ephemeral(map(string(), string())),
      rstp_status: ephemeral(map(string(), string())),
      rstp_statistics: ephemeral(map(string(), integer())),
      statistics: ephemeral(map(string(), integer())),
      protected: boolean(),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
    },
  }),

  /** A device of a port; kept alive by `Port.interfaces`. */
  Interface: table({
    indexes: [["name"]],
    columns: {
      name: immutable(string()),
      type: string(),
      options: map(string(), string()),
      ingress_policing_rate: integer({ min: 0 }),
      ingress_policing_burst: integer({ min: 0 }),
      mac_in_use: ephemeral(optional(string())),
      mac: optional(string()),
      ifindex: ephemeral(optional(integer({ min: 0, max: 4294967295 }))),
      external_ids: map(string(), string()),
      ofport: optional(integer()),
      ofport_request: optional(integer({ min: 1, max: 65279 })),
      bfd: map(string(), string()),
      bfd_status: map(string(), string()),
      cfm_mpid: optional(integer()),
      cfm_remote_mpids: ephemeral(set(integer())),
      cfm_flap_count: optional(integer()),
      cfm_fault: ephemeral(optional(boolean())),
      cfm_fault_status: ephemeral(set(string())),
      cfm_remote_opstate: ephemeral(optional(upDown)),
      cfm_health: ephemeral(optional(integer({ min: 0, max: 100 }))),
      lacp_current: ephemeral(optional(boolean())),
      lldp: map(string(), string()),
      other_config: map(string(), string()),
      statistics: ephemeral(map(string(), integer())),
      status: ephemeral(map(string(), string())),
      admin_state: ephemeral(optional(upDown)),
      link_state: ephemeral(optional(upDown)),
      link_resets: ephemeral(optional(integer())),
      link_speed: ephemeral(optional(integer())),
      duplex: ephemeral(optional(enumeration("half", "full"))),
      mtu: ephemeral(optional(integer())),
      mtu_request: optional(integer({ min: 1 })),
      error: optional(string()),
    },
  }),

  /** The connection to the cloud; the database server dials it and keeps its status here. */
  Manager: table({
    maxRows: 1,
    indexes: [["target"]],
    columns: {
      target: string(),
      max_backoff: optional(integer({ min: 1000 })),
      inactivity_probe: optional(integer()),
      connection_mode: optional(connectionMode),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
      is_connected: ephemeral(boolean()),
      status: ephemeral(map(string(), string())),
    },
  }),

  /** Files of private key, certificate and CA for TLS connections. */
  SSL: table({
    maxRows: 1,
    columns: {
      private_key: string(),
      certificate: string(),
      ca_cert: string(),
      bootstrap_ca_cert: boolean(),
      external_ids: map(string(), string()),
    },
  }),

  /** An OpenFlow controller of a bridge. */
  Controller: table({
    columns: {
      target: string(),
      max_backoff: optional(integer({ min: 1000 })),
      inactivity_probe: optional(integer()),
      connection_mode: optional(connectionMode),
      local_ip: optional(string()),
      local_netmask: optional(string()),
      local_gateway: optional(string()),
      enable_async_messages: optional(boolean()),
      controller_rate_limit: optional(integer({ min: 100 })),
      controller_burst_limit: optional(integer({ min: 25 })),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
      is_connected: ephemeral(boolean()),
      role: ephemeral(optional(enumeration("other", "master", "slave"))),
      status: ephemeral(map(string(), string())),
    },
  }),

  /** Settings of one OpenFlow table. */
  Flow_Table: table({
    columns: {
      name: optional(string()),
      flow_limit: optional(integer({ min: 0 })),
      overflow_policy: optional(enumeration("refuse", "evict")),
      groups: set(string()),
      prefixes: set(string(), { max: 3 }),
      external_ids: map(string(), string()),
    },
  }),

  /** Shaping of a port. */
  QoS: table({
    isRoot: true,
    columns: {
      type: string(),
      queues: map(integer({ min: 0, max: 4294967295 }), reference("Queue")),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
    },
  }),

  /** A queue of a `QoS`. */
  Queue: table({
    isRoot: true,
    columns: {
      dscp: optional(integer({ min: 0, max: 63 })),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
    },
  }),

  /** A port mirror of a bridge. */
  Mirror: table({
    columns: {
      name: string(),
      select_all: boolean(),
      select_src_port: set(reference("Port", "weak")),
      select_dst_port: set(reference("Port", "weak")),
      select_vlan: set(integer({ min: 0, max: 4095 }), { max: 4096 }),
      output_port: optional(reference("Port", "weak")),
      output_vlan: optional(integer({ min: 1, max: 4095 })),
      snaplen: optional(integer({ min: 14, max: 65535 })),
      statistics: ephemeral(map(string(), integer())),
      external_ids: map(string(), string()),
    },
  }),

  /** NetFlow export of a bridge. */
  NetFlow: table({
    columns: {
      targets: set(string(), { min: 1 }),
      engine_type: optional(integer({ min: 0, max: 255 })),
      engine_id: optional(integer({ min: 0, max: 255 })),
      add_id_to_interface: boolean(),
      active_timeout: integer({ min: -1 }),
      external_ids: map(string(), string()),
    },
  }),

  /** sFlow export of a bridge. */
  sFlow: table({
    columns: {
      targets: set(string(), { min: 1 }),
      sampling: optional(integer()),
      polling: optional(integer()),
      header: optional(integer()),
      agent: optional(string()),
      external_ids: map(string(), string()),
    },
  }),

  /** IPFIX export of a bridge or a collector set. */
  IPFIX: table({
    columns: {
      targets: set(string()),
      sampling: optional(integer({ min: 1, max: 4294967295 })),
      obs_domain_id: optional(integer({ min: 0, max: 4294967295 })),
      obs_point_id: optional(integer({ min: 0, max: 4294967295 })),
      cache_active_timeout: optional(integer({ min: 0, max: 4200 })),
      cache_max_flows: optional(integer({ min: 0, max: 4294967295 })),
      other_config: map(string(), string()),
      external_ids: map(string(), string()),
    },
  }),

  /** IPFIX collectors of a bridge, by id. */
  Flow_Sample_Collector_Set: table({
    isRoot: true,
    indexes: [["id", "bridge"]],
    columns: {
      id: integer({ min: 0, max: 4294967295 }),
      bridge: reference("Bridge"),
      ipfix: optional(reference("IPFIX")),
      external_ids: map(string(), string()),
    },
  }),

  /** Auto-attach (802.1Qcj) settings of a bridge. */
  AutoAttach: table({
    columns: {
      system_name: string(),
      system_description: string(),
      mappings: map(integer({ min: 0, max: 16777215 }), integer({ min: 0, max: 4095 })),
    },
  }),
};
