/**
 * An extender on a cable passes the LAN on: its uplink belongs into its LAN bridge, or clients of its access points reach
 * nobody. The node moves the port, and the address with it, when `Connection_Manager_Uplink` names the bridge. A
 * gateway's uplink stays outside, and leaves what it was put into; an uplink over Wi-Fi is put into the bridge by the node itself. Pure.
 */

import type { NodeFacts } from "./node-facts.ts";
import type { Refusal } from "./rows.ts";
import { type DesiredRow, rowId, type TableReader } from "./rows.ts";
import { bridgeOfPort } from "./wired-uplink.ts";

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

/**
 * Of a gateway whose uplink is in its LAN, or in another local network, as it was an extender before: it leaves. That network's address is not
 * to be stated until it has, or the node takes it for its own on the way out, and is cut off. Where the home states no such network, that the
 * uplink is named as a port of the LAN is what says so: somebody may have put it there by hand.
 */
export function leavingUplink(
  locals: readonly string[],
  lan: string,
  { wiredUplink, uplinkBridge: { is, named } }: NodeFacts,
): { readonly row: DesiredRow; readonly bridge: string } | undefined {
  const bridge = is !== null && locals.includes(is) ? is : named === lan ? lan : undefined;
  if (wiredUplink === undefined || bridge === undefined) return undefined;
  const key = { if_name: wiredUplink };
  const row = { id: rowId(table, key), table, key, columns: { bridge: null }, entries: {} } as const;
  return { row: { ...row, references: null, initial: {}, stated }, bridge };
}

/** Why the uplink is not known to be where it is to be yet; null: it is there. */
export function uplinkShortfall({ key, columns }: DesiredRow, rows: TableReader): string | null {
  const is = bridgeOfPort(String(key.if_name), rows);
  if (is === columns.bridge) return null;
  return columns.bridge === null
    ? `${key.if_name} is a port of ${is} still`
    : `${key.if_name} is no port of ${columns.bridge} yet`;
}
