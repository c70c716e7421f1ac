/** The rows that are saved and restored, as one snapshot. */

import type { Change, Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import type { KeySet } from "./keys.ts";

/** With the columns that matter: others (counters, states) change all the time. */
export const subsetTables = {
  Wifi_VIF_Config: {},
  Wifi_VIF_State: { columns: ["if_name", "mld_if_name"] },
  Wifi_Inet_Config: {},
  Wifi_Inet_State: { columns: ["if_name", "inet_addr"] },
  Wifi_Radio_Config: {},
  DHCP_reserved_IP: {},
  Connection_Manager_Uplink: {
    columns: ["if_name", "if_type", "is_used", "has_L2", "has_L3", "loop", "eth_client", "bridge"],
  },
  Bridge: { columns: ["name", "ports"] },
  Port: { columns: ["name", "interfaces", "tag", "vlan_mode", "other_config"] },
  Interface: { columns: ["name", "ofport_request"] },
  Openflow_Config: {},
  Openflow_Tag: {},
  Openflow_Tag_Group: {},
  IGMP_Config: {},
  MLD_Config: {},
  Wifi_Route_Config: {},
  Netfilter: {},
  Node_State: {},
} as const;

export type SubsetTable = keyof typeof subsetTables;
export type SubsetView = Replica<OpenSync, SubsetTable>;
export type SubsetRows = { readonly [T in SubsetTable]: readonly Row<T>[] };

export function snapshotOf(view: SubsetView): SubsetRows {
  const tables = Object.keys(subsetTables) as SubsetTable[];
  return Object.fromEntries(
    tables.map((table) => [table, [...view.table(table).rows.values()]]),
  ) as unknown as SubsetRows;
}

/** Tables that are looked at, but not saved. */
const beside: ReadonlySet<SubsetTable> = new Set(["Wifi_Inet_State", "Bridge", "Node_State"]);
/** Tables that only the key set of a release saves. */
const releaseTables: ReadonlySet<SubsetTable> = new Set([
  "Openflow_Config",
  "Openflow_Tag",
  "Openflow_Tag_Group",
  "IGMP_Config",
  "MLD_Config",
  "Wifi_Route_Config",
  "Netfilter",
]);
const unsaved: { readonly [T in SubsetTable]?: ReadonlySet<string> } = {
  Connection_Manager_Uplink: new Set(["has_L2", "has_L3", "loop", "eth_client", "bridge"]),
  Openflow_Tag: new Set(["device_value"]),
};

/** Whether something that is saved may differ after this change. */
export function concernsSubset(
  {
    table,
    kind,
    changed,
  }: { readonly table: SubsetTable } & Pick<Change<unknown>, "kind"> & {
      readonly changed: ReadonlySet<string>;
    },
  keys: KeySet,
): boolean {
  if (beside.has(table) || (keys === "documented" && releaseTables.has(table))) return false;
  const irrelevant = unsaved[table];
  return !irrelevant || kind !== "modify" || [...changed].some((column) => !irrelevant.has(column));
}

/** Whether it is about uplinks and ports, which offline mode looks after. */
export function concernsUplinks({ table }: { readonly table: SubsetTable }): boolean {
  return table === "Connection_Manager_Uplink" || table === "Bridge" || table === "Wifi_Inet_State";
}
