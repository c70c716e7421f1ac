/** The router of a node's LAN as the node itself finds it: the one address at which a restricted client reaches the Internet. Pure. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Datum } from "@opensync-ts/ovsdb/datum";
import type { TableReader } from "./rows.ts";

/** Ends the name of the rule that lets a zone's clients reach the router. */
export const routerRule = ".router";

/** By the interface that a default route leaves by (`Wifi_Route_State`); routers whose address is not known yet are left out. */
export function routersOf(rows: TableReader): ReadonlyMap<string, Mac> {
  const routers = new Map<string, Mac>();
  for (const { if_name, dest_addr, gateway_hwaddr } of rows("Wifi_Route_State").values()) {
    const mac = macOf(gateway_hwaddr);
    if (dest_addr === "0.0.0.0" && typeof if_name === "string" && mac) routers.set(if_name, mac);
  }
  return routers;
}

/** The one that rules of zones let pass already. */
export function ruledRouter(rows: TableReader): Mac | undefined {
  for (const { name, rule } of rows("Netfilter").values()) {
    if (typeof name !== "string" || !name.startsWith("zone.") || !name.endsWith(routerRule)) continue;
    const mac = macOf(/ -d (\S+)$/.exec(String(rule))?.[1]);
    if (mac) return mac;
  }
  return undefined;
}

const unresolved = "00:00:00:00:00:00";

function macOf(value: Datum | undefined): Mac | undefined {
  return typeof value === "string" && value !== unresolved ? parseMac(value) : undefined;
}
