/** What WANO writes, as parts of one transaction: nothing where the rows show it already. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { Row, Write } from "@opensync-ts/schema/opensync";
import { sameColumns } from "../nm/columns.ts";
import type { Change } from "../nm/row-changes.ts";
import { attemptAtWork } from "./pipeline.ts";
import type { InetWrites, Pipeline, UplinkWrites } from "./pipeline-model.ts";
import type { WanPlan } from "./wan-config.ts";

/** What is new of an uplink; all of it (`whole`) where somebody has taken the row away. */
export function uplinkChanges(
  rows: readonly Row<"Connection_Manager_Uplink">[],
  name: string,
  columns: UplinkWrites,
  whole: Write<"Connection_Manager_Uplink">,
): readonly Change[] {
  const present = rows.find((row) => row.if_name === name);
  if (!present) return [(transaction) => transaction.insert("Connection_Manager_Uplink", { if_name: name, ...whole })];
  if (sameColumns(present, columns)) return [];
  const written = columns as Write<"Connection_Manager_Uplink">;
  return [(transaction) => transaction.update("Connection_Manager_Uplink", [["if_name", "==", name]], written)];
}

/** `base`: what the row has when it is new; of a VLAN it is insisted upon. */
export function inetChanges(
  rows: readonly Row<"Wifi_Inet_Config">[],
  name: string,
  columns: InetWrites,
  base: Write<"Wifi_Inet_Config">,
): readonly Change[] {
  if (Object.keys(columns).length === 0) return [];
  const present = rows.find((row) => row.if_name === name);
  const written = { ...(base.if_type === "vlan" ? base : {}), ...columns } as Write<"Wifi_Inet_Config">;
  if (!present) {
    return [(transaction) => transaction.insert("Wifi_Inet_Config", { if_name: name, ...base, ...written })];
  }
  if (sameColumns(present, written)) return [];
  return [(transaction) => transaction.update("Wifi_Inet_Config", [["if_name", "==", name]], written)];
}

/** Where the client is, for as long as no bridge can tell: in a bridge, NM shows what it has learned. `mac` null: there is none. */
export function clientChanges(
  rows: readonly Row<"OVS_MAC_Learning">[],
  name: string,
  mac: Mac | null,
  bridge: string,
): readonly Change[] {
  const shown = rows.filter((row) => row.ifname === name);
  const stale = shown.filter((row) => row.hwaddr !== mac);
  const changes = stale.map(
    ({ _uuid }): Change =>
      (transaction) =>
        transaction.delete("OVS_MAC_Learning", [["_uuid", "==", _uuid]]),
  );
  if (mac === null || stale.length < shown.length) return changes;
  const row = { brname: bridge, ifname: name, hwaddr: mac, vlan: 0 };
  return [...changes, (transaction) => transaction.insert("OVS_MAC_Learning", row)];
}

/** `WAN_Config.status`: of what was tried. */
export function statusChanges(
  rows: readonly Row<"WAN_Config">[],
  pipelines: readonly Pipeline[],
  { invalid }: WanPlan,
): readonly Change[] {
  const working = new Set(
    pipelines.flatMap((pipeline) => (pipeline.state === "IDLE" ? (attemptAtWork(pipeline)?.row ?? []) : [])),
  );
  const failed = new Set([...invalid.keys(), ...pipelines.flatMap((pipeline) => pipeline.failed)]);
  return rows.flatMap((row): readonly Change[] => {
    const status = !row.enable ? null : working.has(row._uuid) ? "success" : failed.has(row._uuid) ? "error" : null;
    if (row.status === status) return [];
    return [(transaction) => transaction.update("WAN_Config", [["_uuid", "==", row._uuid]], { status })];
  });
}
