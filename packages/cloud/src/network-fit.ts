/** Of a network, what an access point can hold: its filter and its keys. The rest is refused, with what it means for people. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import { byNumber, type Network } from "./home.ts";
import type { RadioLimits } from "./node-limits.ts";
import type { Refusal } from "./rows.ts";
import { type RowId, rowId } from "./rows.ts";

/** `stated`: where the home does. */
export function fittingNetwork(
  network: Network,
  ifName: string,
  limits: RadioLimits,
  stated: string,
): { readonly network: Network; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = [];
  const refuse = (column: string, where: string, reason: string) => {
    const id = `${rowId("Wifi_VIF_Config", { if_name: ifName })} ${column}` as RowId;
    refusals.push({ id, stated: `${stated}.${where}`, reason });
  };
  const { security, acl } = network;
  const keys = byNumber(security.keys);
  const most = limits.keys ?? keys.length;
  if (keys.length > most) {
    const left = keys.slice(most).map(({ id }) => id);
    refuse("wpa_psks", "security.keys", `${ifName} holds ${most} of ${keys.length} keys; left out there: ${few(left)}`);
  }
  const macs = [...new Set<Mac>(acl?.macs)];
  const room = limits.acl ?? macs.length;
  if (macs.length > room) {
    const meaning = acl?.policy === "allow" ? "not let in there" : "not kept out there";
    refuse(
      "mac_list",
      "acl.macs",
      `${ifName} holds ${room} of ${macs.length} addresses; ${meaning}: ${few(macs.slice(room))}`,
    );
  }
  return {
    network: {
      ...network,
      security: { ...security, keys: keys.length > most ? keys.slice(0, most) : security.keys },
      ...(acl && { acl: { ...acl, macs: macs.slice(0, room) } }),
    },
    refusals,
  };
}

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : names.join(", ");
}
