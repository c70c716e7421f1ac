/**
 * An extender on a cable passes the LAN on: its uplink belongs into its LAN bridge, or clients of its access points reach
 * nobody. The node moves the port, and the address with it, when `Connection_Manager_Uplink` names the bridge. A
 * gateway's uplink stays outside; an uplink over Wi-Fi is put into the bridge by the node itself. Pure.
 */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { NodeFacts } from "./node-facts.ts";
import type { Refusal } from "./rows.ts";
import { type DesiredRow, rowId, type TableReader } from "./rows.ts";

const table = "Connection_Manager_Uplink";
const stated = "nodes";

export interface UplinkRows {
  readonly rows: readonly DesiredRow[];
  readonly refusals: readonly Refusal[];
}

/** Of an extender. */
export function uplinkRows(bridge: string, { wiredUplink, backhaul }: NodeFacts): UplinkRows {
  if (wiredUplink === undefined) return { rows: [], refusals: [] };
  const key = { if_name: wiredUplink };
  const id = rowId(table, key);
  if (!backhaul.bridges.has(bridge)) {
    const reason = `the node has no bridge ${bridge} that its uplink could lead into; name the one it has in 'lan'`;
    return { rows: [], refusals: [{ id, stated, reason }] };
  }
  const columns = { bridge };
  return { rows: [{ id, table, key, columns, entries: {}, references: null, initial: {}, stated }], refusals: [] };
}

/** Why the uplink is not known to be in its bridge yet; null: it is there. */
export function uplinkShortfall({ key, columns }: DesiredRow, rows: TableReader): string | null {
  const row = [...rows("Bridge").values()].find(({ name }) => name === columns.bridge);
  const ports = Array.isArray(row?.ports) ? (row.ports as readonly Uuid[]) : [];
  const isPort = ports.some((uuid) => rows("Port").get(uuid)?.name === key.if_name);
  return isPort ? null : `${key.if_name} is no port of ${columns.bridge} yet`;
}
