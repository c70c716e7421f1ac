/** The uplink of a node in offline mode: a port of the LAN in bridge mode, and how UPnP regards it. */

import type { SubsetValues } from "./read-subset.ts";
import { printable } from "./row-json.ts";
import type { RowOperation } from "./row-operations.ts";
import type { SubsetRows } from "./rows.ts";
import { readRow, type StoredRow, storedList } from "./stored-rows.ts";
import { usedUplink } from "./subset.ts";

export interface UplinkInput {
  readonly stored: SubsetValues;
  readonly rows: Pick<SubsetRows, "Connection_Manager_Uplink" | "Wifi_Inet_Config" | "Wifi_Inet_State">;
  readonly lanBridge: string;
  /** As it is stored. */
  readonly lan: StoredRow | null;
  readonly faults: string[];
  readonly notes: string[];
}

/** Without an uplink there is nothing to do yet. A bridge without one is noted: its LAN works, and the uplink joins when it comes. */
export function planUplink(input: UplinkInput): readonly RowOperation[] {
  const { rows, lan, notes } = input;
  const uplink = usedUplink(rows);
  const isBridge = lan?.columns.ip_assign_scheme === "dhcp";
  if (uplink === null) {
    if (isBridge) notes.push("bridge mode: no wired uplink is in use yet; it joins the LAN when it is");
    return [];
  }
  return [...(isBridge ? planBridgeMode(input, uplink) : []), ...planUpnp(input, uplink)];
}

/** CM and WANO then move the uplink into the bridge. */
function planBridgeMode({ rows, lanBridge, notes }: UplinkInput, uplink: string): readonly RowOperation[] {
  const address = rows.Wifi_Inet_State.findLast(({ if_name }) => if_name === uplink)?.inet_addr ?? "0.0.0.0";
  if (address === "0.0.0.0") {
    notes.push(`bridge mode: the uplink ${printable(uplink)} has no address yet; it joins the LAN when it has`);
    return [];
  }
  return [
    {
      op: "update",
      part: `Connection_Manager_Uplink ${printable(uplink)}`,
      table: "Connection_Manager_Uplink",
      where: [["if_name", uplink]],
      row: { bridge: lanBridge },
    },
  ];
}

function planUpnp({ stored, rows, faults }: UplinkInput, uplink: string): readonly RowOperation[] {
  const [json] = storedList(stored, "inet_config_uplink");
  // Stores of older releases do not have it.
  if (json === undefined) return [];
  const row = readRow("inet_config_uplink", "Wifi_Inet_Config", null, json, 0, faults);
  const mode = row?.columns.upnp_mode;
  if (mode === undefined) return [];
  const part = `Wifi_Inet_Config ${printable(uplink)}`;
  if (!rows.Wifi_Inet_Config.some(({ if_name }) => if_name === uplink)) {
    faults.push(`${part}: the uplink has no row`);
    return [];
  }
  return [{ op: "update", part, table: "Wifi_Inet_Config", where: [["if_name", uplink]], row: { upnp_mode: mode } }];
}
