/** Which rows are the home LAN's. */

import type { Row } from "@opensync-ts/schema/opensync";
import type { KeySet } from "./keys.ts";
import type { SubsetRows } from "./rows.ts";

export interface SubsetOptions {
  /** `TARGET_LAN_BRIDGE_NAME` */
  readonly lanBridge: string;
  readonly keys: KeySet;
}

/** The tag by which others see that the node is without its cloud, and what it then holds. */
export const offlineTag = "offline_mode";
export const offlineTagValue = " ";

/** An access point for clients. Links between nodes are not brought up without the cloud, whatever bridge they are in. */
export function isHomeVif(
  vif: Pick<Row<"Wifi_VIF_Config">, "bridge" | "mode" | "multi_ap">,
  lanBridge: string,
): boolean {
  const backhaul = vif.mode === "sta" || vif.multi_ap === "backhaul_sta" || vif.multi_ap === "backhaul_bss";
  return vif.bridge === lanBridge && !backhaul;
}

/** Nothing keeps the table from naming an interface twice: the row that came last counts. */
export function lanInterface(rows: SubsetRows, lanBridge: string): Row<"Wifi_Inet_Config"> | undefined {
  return rows.Wifi_Inet_Config.findLast(({ if_name }) => if_name === lanBridge);
}

/** The wired uplink in use; `null` where there is none, or more than one. */
export function usedUplink(rows: Pick<SubsetRows, "Connection_Manager_Uplink">): string | null {
  const used = rows.Connection_Manager_Uplink.filter((row) => row.is_used === true && row.if_type === "eth");
  return used.length === 1 && used[0] ? used[0].if_name : null;
}

/** Whether the tag says that offline mode has been entered since the node booted. */
export function isTagged(rows: Pick<SubsetRows, "Openflow_Tag">): boolean {
  return rows.Openflow_Tag.some((tag) => tag.name === offlineTag && tag.device_value.includes(offlineTagValue));
}
