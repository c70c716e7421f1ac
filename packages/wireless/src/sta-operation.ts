/**
 * What a STA vif is to do about its uplink, given the networks it should know and the link it has. Reconnecting is
 * always a disconnect first: it lets the APs of the phy move to another channel before the new association.
 */

import { isDeepStrictEqual } from "node:util";
import type { StaNetwork, StaVifState, Wpa } from "@opensync-ts/target/radio";

export type StaOperation = "connect" | "disconnect";

/** Equal as sets; the group rekey interval is the AP's business. */
export function sameNetworks(a: readonly StaNetwork[], b: readonly StaNetwork[]): boolean {
  if (a === b) return true;
  const relevant = (network: StaNetwork) => ({ ...network, wpa: { ...network.wpa, groupRekey: -1 } });
  const left = a.map(relevant);
  const right = b.map(relevant);
  const within = (network: object, list: readonly object[]) => list.some((other) => isDeepStrictEqual(network, other));
  return left.every((network) => within(network, right)) && right.every((network) => within(network, left));
}

/**
 * null: leave it alone. `apChannelChanges`: an AP of the same phy is about to change its channel, which an
 * association, or an attempt at one, would hold back.
 */
export function staOperation(
  wanted: readonly StaNetwork[],
  actual: StaVifState,
  apChannelChanges: boolean,
): StaOperation | null {
  const { status } = actual.link;
  if (status === "unknown") return null;
  if (wanted.length === 0) return status === "disconnected" ? null : "disconnect";
  switch (status) {
    case "disconnected":
      return apChannelChanges ? "disconnect" : "connect";
    case "connecting":
      if (apChannelChanges) return "disconnect";
      return sameNetworks(wanted, actual.networks) ? null : "connect";
    case "connected":
      return wanted.some((network) => linkMatches(network, actual.link)) ? null : "disconnect";
  }
}

/**
 * Whether the link is one that the network could have made. A changed key is not looked at: it shows when the link comes
 * anew. Any key management in common will do, also EAP's and the fast ones. A link of which the driver does not tell the
 * security is believed.
 */
function linkMatches(network: StaNetwork, link: StaVifState["link"]): boolean {
  const same = network.bssid === null ? network.ssid === link.ssid : network.bssid === link.bssid;
  if (!same || network.multiAp !== link.multiAp || network.bridge !== link.bridge) return false;
  return link.wpa === null || securityMatches(network.wpa, link.wpa);
}

function securityMatches(network: Wpa, link: Wpa): boolean {
  const open = !network.wpa && !network.rsn;
  if (open) return !link.wpa && !link.rsn;
  const protocol = (network.wpa && link.wpa) || (network.rsn && link.rsn);
  const cipher = network.pairwise.some((one) => link.pairwise.includes(one));
  const akm = network.akm.some((one) => link.akm.includes(one));
  const pmf = network.pmf === "optional" || (network.pmf === "disabled") === (link.pmf === "disabled");
  return protocol && cipher && akm && pmf;
}
