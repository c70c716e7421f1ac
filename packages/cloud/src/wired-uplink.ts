/** Which uplink a node uses, as `Connection_Manager_Uplink` says. */

import type { TableReader } from "./rows.ts";

/** Name of the uplink in use, where that is a cable; undefined: there is none, or it is no cable. */
export function wiredUplinkOf(rows: TableReader): string | undefined {
  const names = [...rows("Connection_Manager_Uplink").values()]
    .filter(({ if_type, is_used }) => if_type === "eth" && is_used === true)
    .map(({ if_name }) => if_name)
    .filter((name) => typeof name === "string" && name !== "");
  // More than one only while the node changes from one to another: then neither is certain.
  return names.length === 1 ? (names[0] as string) : undefined;
}
