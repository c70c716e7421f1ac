/** What is kept in persistent storage, by key: the names and contents that deployed devices use. */

/** Without `preserve`: it does not survive a factory reset. */
export const storeName = "pm_gw_offline_store";

/** The row of `Node_Config` that switches the feature on. */
export const flagKey = "gw_offline_cfg";

/** Without them, each with at least one element, there is nothing to restore a LAN from. */
export const requiredKeys = ["vif_config", "inet_config", "radio_config", "radio_if_names"] as const;

/** The home LAN: what cloudless operation is documented to restore. */
const documentedKeys = [
  ...requiredKeys,
  "inet_config_uplink",
  "inet_config_home_aps",
  "dhcp_reserved_ip",
  "port_lanbridge",
  "port_fronthauls",
  "interface_fronthauls",
] as const;

/** What release 7.0 restores beyond that; IPv6 (`ipv6_cfg`) is not built. */
const releaseKeys = [
  "inet_config_vlan",
  "igmp_config",
  "mld_config",
  "route_config",
  "openflow_config",
  "openflow_tag",
  "openflow_tag_group",
  "netfilter",
  "port_mcast",
] as const;

export type StoredKey = (typeof documentedKeys)[number] | (typeof releaseKeys)[number];

/** `documented`: the home LAN and nothing else. `7.0`: also flows, tags, packet filters, routes and multicast. */
export type KeySet = "documented" | "7.0";

export const storedKeys: Readonly<Record<KeySet, readonly StoredKey[]>> = {
  documented: documentedKeys,
  "7.0": [...documentedKeys, ...releaseKeys],
};

/** Tables that are kept as a whole, in the order in which they are restored. */
export const wholeTables = [
  ["igmp_config", "IGMP_Config"],
  ["mld_config", "MLD_Config"],
  ["route_config", "Wifi_Route_Config"],
  ["dhcp_reserved_ip", "DHCP_reserved_IP"],
  ["openflow_config", "Openflow_Config"],
  ["openflow_tag", "Openflow_Tag"],
  ["openflow_tag_group", "Openflow_Tag_Group"],
  ["netfilter", "Netfilter"],
] as const;
