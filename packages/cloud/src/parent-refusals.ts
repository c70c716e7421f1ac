/**
 * Whom an extender hangs on. On a cable that is where its plug is, and there is nothing to write. On Wi-Fi it joins the
 * backhaul, which only the gateway offers (`backhaul-rows.ts`): so that is its parent, pinned or not. Another parent would have to offer one first, and
 * a station that is pinned (`Wifi_VIF_Config.parent`, `Wifi_Credential_Config.bssid`) to a node without one would never come back. Pure.
 */

import type { Home, HomeNode } from "./home.ts";
import type { Refusal } from "./rows.ts";
import { rowId } from "./rows.ts";

export function parentRefusals({ nodes }: Home, { id, uplink, parent }: HomeNode): readonly Refusal[] {
  const above = nodes.find((node) => node.id === parent);
  if (uplink !== "wifi" || !above || above.role === "gateway") return [];
  const stated = `nodes[${nodes.findIndex((node) => node.id === id)}].parent`;
  const reason = `extenders on Wi-Fi hang on the gateway, as '${above.id}' offers no backhaul: leave 'parent' out, or put '${id}' on a cable`;
  return [{ id: rowId("Wifi_VIF_Config", { if_name: "bhaul-sta" }), stated, reason }];
}
