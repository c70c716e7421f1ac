/**
 * What brings the stored configuration about on a newly populated database, as one list of row operations in the documented
 * order: VIFs deleted, LAN, radios, VIFs, bridge ports, home access points, whole tables, uplink. Pure. What cannot be used (a radio
 * that is gone, a column that this release does not know) is left out and told; the rest stays whole.
 */

import type { OpenSyncTable } from "@opensync-ts/schema/opensync";
import { storedKeys, wholeTables } from "./keys.ts";
import { lastingVif } from "./lasting-vif.ts";
import { planBridgePorts } from "./plan-bridge-ports.ts";
import { planUplink } from "./plan-uplink.ts";
import type { SubsetValues } from "./read-subset.ts";
import { missingColumn, printable } from "./row-json.ts";
import type { RowOperation } from "./row-operations.ts";
import type { SubsetRows } from "./rows.ts";
import { readRow, type StoredRow, storedList, storedRows } from "./stored-rows.ts";
import { isHomeVif, offlineTag, type SubsetOptions } from "./subset.ts";

export interface RestorePlan {
  readonly operations: readonly RowOperation[];
  /** What is left out, and why. Empty: everything that is stored is restored. */
  readonly faults: readonly string[];
  /** What cannot be done and does no harm. */
  readonly notes: readonly string[];
}

interface HomeVif extends StoredRow {
  readonly radio: string;
}

/** `null`: there is nothing in it that would make a LAN. */
export function planRestore(stored: SubsetValues, rows: SubsetRows, options: SubsetOptions): RestorePlan | null {
  const { lanBridge, keys } = options;
  const faults: string[] = [];
  const notes: string[] = [];
  const radios = storedRows(stored, "radio_config", "Wifi_Radio_Config", "if_name", faults).filter(({ name }) => {
    const exists = hasRadio(rows, name);
    if (!exists) faults.push(`Wifi_Radio_Config ${name}: there is no such radio any more`);
    return exists;
  });
  const vifs = homeVifs(stored, rows, lanBridge, faults);
  const [lan] = storedRows(stored, "inet_config", "Wifi_Inet_Config", "if_name", faults);
  if (!lan && vifs.length === 0) return null;
  const isLeftOut = leftOut(stored, vifs);
  const homes = storedRows(stored, "inet_config_home_aps", "Wifi_Inet_Config", "if_name", faults).filter(
    ({ name }) => !isLeftOut(name),
  );
  const vlans = keys === "7.0" ? storedRows(stored, "inet_config_vlan", "Wifi_Inet_Config", "if_name", faults) : [];
  const ports = planBridgePorts({ stored, rows, lanBridge, vifs, homes, isLeftOut, keys, faults, notes });
  const operations: readonly RowOperation[] = [
    ...(vifs.length > 0 ? [deleteAll("Wifi_VIF_Config", "Wifi_VIF_Config of before")] : []),
    ...(lan ? upsertInet(rows, { ...lan, name: lanBridge }) : []),
    ...radios.map(updateRadio),
    ...vifs.flatMap(insertVif),
    ...ports,
    ...[...homes, ...vlans].flatMap((row) => upsertInet(rows, row)),
    ...wholeTables.flatMap(([key, table]) =>
      storedKeys[keys].includes(key) ? planWholeTable(key, table, stored, rows, faults) : [],
    ),
    ...planUplink({ stored, rows, lanBridge, lan: lan ?? null, faults, notes }),
  ];
  return { operations, faults, notes };
}

function hasRadio(rows: SubsetRows, name: string): boolean {
  return rows.Wifi_Radio_Config.some(({ if_name }) => if_name === name);
}

/** A network goes where its radio is: without, it is left out, and no other takes its place in the list. */
function homeVifs(stored: SubsetValues, rows: SubsetRows, lanBridge: string, faults: string[]): readonly HomeVif[] {
  const radioNames = storedList(stored, "radio_if_names");
  const seen = new Set<string>();
  return storedList(stored, "vif_config").flatMap((json, index) => {
    const vif = readRow("vif_config", "Wifi_VIF_Config", "if_name", json, index, faults);
    if (!vif) return [];
    const radio = radioNames[index];
    const columns = { ...lastingVif(vif.columns), bridge: lanBridge };
    const problem =
      typeof radio !== "string"
        ? "the radio that it belongs to is not stored"
        : !hasRadio(rows, radio)
          ? `its radio ${printable(radio)} does not exist any more`
          : seen.has(vif.name)
            ? "it is stored twice"
            : !isHomeVif({ mode: null, multi_ap: null, ...columns }, lanBridge)
              ? "it is no network of the home"
              : null;
    seen.add(vif.name);
    if (problem !== null) faults.push(`Wifi_VIF_Config ${printable(vif.name)}: ${problem}`);
    return problem === null ? [{ name: vif.name, columns, radio: radio as string }] : [];
  });
}

/** Whether an interface is that of a network that is not restored. */
function leftOut(stored: SubsetValues, vifs: readonly HomeVif[]): (name: string) => boolean {
  const restored = new Set(vifs.map(({ name }) => name));
  const known = new Set(
    storedList(stored, "vif_config").map((json) => (json as { readonly if_name?: unknown } | null)?.if_name),
  );
  return (name) => known.has(name) && !restored.has(name);
}

function deleteAll(table: OpenSyncTable, part: string): RowOperation {
  return { op: "delete", part, table, where: [] };
}

function upsertInet(rows: SubsetRows, { name, columns }: StoredRow): readonly RowOperation[] {
  const row = { ...columns, if_name: name };
  const target = { part: `Wifi_Inet_Config ${printable(name)}`, table: "Wifi_Inet_Config" } as const;
  const exists = rows.Wifi_Inet_Config.some(({ if_name }) => if_name === name);
  if (exists) return [{ ...target, op: "update", where: [["if_name", name]], row }];
  return [{ ...target, op: "insert", row }];
}

function updateRadio({ name, columns }: StoredRow): RowOperation {
  const part = `Wifi_Radio_Config ${printable(name)}`;
  return { op: "update", part, table: "Wifi_Radio_Config", where: [["if_name", name]], row: columns };
}

function insertVif({ name, columns, radio }: HomeVif): readonly RowOperation[] {
  const part = `Wifi_VIF_Config ${printable(name)}`;
  return [
    { op: "insert", part, table: "Wifi_VIF_Config", row: columns, name: `vif ${name}` },
    {
      op: "link",
      part,
      table: "Wifi_Radio_Config",
      where: [["if_name", radio]],
      column: "vif_configs",
      to: { inserted: `vif ${name}` },
    },
  ];
}

function planWholeTable(
  key: (typeof wholeTables)[number][0],
  table: (typeof wholeTables)[number][1],
  stored: SubsetValues,
  rows: SubsetRows,
  faults: string[],
): readonly RowOperation[] {
  if (!stored.has(key)) return [];
  const names = new Set<unknown>();
  const inserts = storedList(stored, key).flatMap((json, index): readonly RowOperation[] => {
    const row = readRow(key, table, null, json, index, faults);
    if (!row) return [];
    const { name } = row.columns;
    const twice = table === "Netfilter" && names.has(name);
    names.add(name);
    const missing = missingColumn(table, row.columns);
    if (missing !== null || twice) {
      faults.push(`${table}, row ${index + 1} of ${key}: ${twice ? "it is stored twice" : `without ${missing}`}`);
      return [];
    }
    if (table !== "Openflow_Tag") return [{ op: "insert", part: `${table} ${index + 1}`, table, row: row.columns }];
    if (name === offlineTag) return [];
    // What the node itself has put into the tag since it booted stays.
    const device = rows.Openflow_Tag.find((tag) => tag.name === name)?.device_value ?? [];
    return [{ op: "insert", part: `${table} ${index + 1}`, table, row: { ...row.columns, device_value: device } }];
  });
  const part = `${table} of before`;
  if (table !== "Openflow_Tag") return [deleteAll(table, part), ...inserts];
  // The tag of offline mode is not the cloud's.
  const before = new Set(rows.Openflow_Tag.map((tag) => tag.name).filter((name) => name !== offlineTag));
  return [
    ...[...before].map((tag): RowOperation => ({ op: "delete", part, table, where: [["name", tag]] })),
    ...inserts,
  ];
}
