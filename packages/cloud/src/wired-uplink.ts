/** Which cable a node uses as its uplink, as `Connection_Manager_Uplink` says, and in which bridge it is. */

import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { TableReader } from "./rows.ts";

/**
 * Name of the uplink in use, where that is a cable; undefined: there is none, or it is no cable. A node that is here and uses none came by the one that
 * is named as a port of a bridge, and has not put it there.
 */
export function wiredUplinkOf(rows: TableReader): string | undefined {
  const uplinks = [...rows("Connection_Manager_Uplink").values()];
  const used = uplinks.filter(({ is_used }) => is_used === true);
  const found = used.length > 0 ? used : uplinks.filter(({ bridge }) => typeof bridge === "string" && bridge !== "");
  const names = found.flatMap(({ if_type, if_name }) => (if_type === "eth" && if_name ? [if_name] : []));
  // More than one only while the node changes from one to another: then neither is certain.
  return names.length === 1 ? (names[0] as string) : undefined;
}

/** Name of the bridge that an interface is a port of; null: of none. */
export function bridgeOfPort(ifName: string, rows: TableReader): string | null {
  for (const { name, ports } of rows("Bridge").values()) {
    const isPort =
      Array.isArray(ports) && (ports as readonly Uuid[]).some((uuid) => rows("Port").get(uuid)?.name === ifName);
    if (isPort && typeof name === "string") return name;
  }
  return null;
}

/** The bridge that the uplink is a port of, and the one that it is to be a port of; null: none. */
export function uplinkBridgeOf(ifName: string | undefined, rows: TableReader) {
  if (ifName === undefined) return { is: null, named: null };
  const row = [...rows("Connection_Manager_Uplink").values()].find(({ if_name }) => if_name === ifName);
  const named = typeof row?.bridge === "string" && row.bridge !== "" ? row.bridge : null;
  return { is: bridgeOfPort(ifName, rows), named };
}
