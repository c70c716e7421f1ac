/** The copy of a node's tables that a session keeps: Config and State, and of them only the columns it looks at. */

import type { Client, Replica } from "@opensync-ts/ovsdb/client";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { ClaimedIdentity } from "./identity.ts";
import { stateColumns } from "./proof.ts";
import type { TableReader } from "./rows.ts";
import { profileColumns } from "./steering/profile.ts";

/** Every column that a desired row can hold must be among these, or its drift would not be seen. */
export const mirrored = {
  AWLAN_Node: {
    columns: ["id", "serial_number", "model", "firmware_version", "mqtt_settings", "mqtt_topics", "mqtt_headers"],
  },
  Wifi_VIF_Config: { columns: ["if_name", "wpa_oftags", ...stateColumns("Wifi_VIF_Config")] },
  Wifi_VIF_State: {
    columns: [
      "if_name",
      "associated_clients",
      "mac",
      "channel",
      "parent",
      "mld_addr",
      ...stateColumns("Wifi_VIF_Config"),
    ],
  },
  Wifi_Associated_Clients: { columns: ["mac", "key_id", "mld_addr", "capabilities", "wpa_key_mgmt"] },
  Wifi_Radio_Config: { columns: ["if_name", "freq_band", "vif_configs", ...stateColumns("Wifi_Radio_Config")] },
  Wifi_Radio_State: {
    columns: [
      "if_name",
      "freq_band",
      "allowed_channels",
      "channels",
      "radar",
      "hw_mode",
      ...stateColumns("Wifi_Radio_Config"),
    ],
  },
  Wifi_Inet_Config: {
    columns: ["if_name", "if_type", "NAT", "mtu", "dhcpd", "dns", ...stateColumns("Wifi_Inet_Config")],
  },
  Wifi_Inet_State: { columns: ["if_name", ...stateColumns("Wifi_Inet_Config")] },
  Wifi_Route_State: { columns: ["if_name", "dest_addr", "gateway_hwaddr"] },
  Wifi_VIF_Neighbors: { columns: ["bssid", "if_name", "channel", "op_class", "priority", "mld_addr"] },
  Band_Steering_Config: { columns: ["ifnames"] },
  Band_Steering_Clients: {
    columns: ["mac", "cs_mode", "cs_params", "cs_state", "force_kick", "sc_btm_params", ...profileColumns],
  },
  Wifi_Stats_Config: {
    columns: [
      "stats_type",
      "radio_type",
      "survey_type",
      "sampling_interval",
      "reporting_interval",
      "reporting_count",
      "report_type",
      "survey_interval_ms",
      "channel_list",
      "threshold",
    ],
  },
  DHCP_leased_IP: { columns: ["hwaddr", "inet_addr", "hostname", "fingerprint", "vendor_class"] },
  DHCP_reserved_IP: { columns: ["hw_addr", "ip_addr", "hostname"] },
  Node_Config: { columns: ["module", "key", "value", "persist"] },
  Node_State: { columns: ["module", "key", "value"] },
  WAN_Config: { columns: ["type", "priority", "enable", "os_persist", "other_config"] },
  IP_Port_Forward: {
    columns: ["protocol", "src_ifname", "src_port", "dst_port", "dst_ipaddr", "nat_loopback"],
  },
  Client_Nickname_Config: { columns: ["mac", "nickname"] },
  Client_Freeze_Config: { columns: ["mac", "source", "type", "blocked"] },
  Openflow_Tag: { columns: ["name", "cloud_value"] },
  Netfilter: { columns: ["name", "enable", "protocol", "table", "chain", "priority", "rule", "target", "status"] },
  Interface: { columns: ["name"] },
  Port: { columns: ["name", "interfaces"] },
  Bridge: { columns: ["name", "ports"] },
  Connection_Manager_Uplink: { columns: ["if_name", "if_type", "is_used", "bridge"] },
  TELOG_Config: { columns: ["mqtt_topic"] },
} as const;

export type Mirror = Replica<OpenSync, keyof typeof mirrored>;

/** Asks for the copy with one request; resolves when the first contents are in. */
export function openMirror(client: Client<OpenSync>): Promise<Mirror> {
  return client.replicate(mirrored);
}

/** For a look at what is there now: what it gives for a table without rows stays without. */
export function readerOf(mirror: Mirror): TableReader {
  return (name) => {
    const table = mirror.table(name);
    // Most tables of very many mirrors are empty: no map is made for them.
    return table.size === 0 ? noRows : (table.rows as ReadonlyMap<Uuid, Row>);
  };
}

const noRows: ReadonlyMap<Uuid, Row> = new Map();

export interface NodeDescription extends ClaimedIdentity {
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  /** Where it sends statistics (`mqtt_settings`, `topics`). */
  readonly statsTopic: string | null;
  /** `mqtt_topics`: where it sends other payloads. */
  readonly mqttTopics: ReadonlyMap<string, string>;
  /** `TELOG_Config.mqtt_topic` */
  readonly timeEventsTopic: string | null;
}

/** What `AWLAN_Node` says; all unknown while it has no row. */
export function describeNode(mirror: Mirror): NodeDescription {
  const row = mirror.table("AWLAN_Node").find(() => true);
  return {
    id: row?.id || null,
    serialNumber: row?.serial_number || null,
    model: row?.model || null,
    firmwareVersion: row?.firmware_version || null,
    statsTopic: row?.mqtt_settings.get("topics") || null,
    mqttTopics: row?.mqtt_topics ?? new Map(),
    timeEventsTopic: mirror.table("TELOG_Config").find(() => true)?.mqtt_topic || null,
  };
}
