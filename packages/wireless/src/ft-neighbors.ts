/**
 * Who hands over keys to whom for fast transition (R0KH and R1KH lists): a second pass over the tree, for it takes the
 * SSID of every access point, whoever decided on that. An access point knows those that somebody named for any of the same
 * SSID, and our own that are up, itself included.
 */

import type { Akm, ApAttributes, FtNeighbor } from "@opensync-ts/target/radio";
import type { ConfigTree, VifConfig } from "./config-tree.ts";
import { byBssid } from "./state-compare.ts";

type ApConfig = VifConfig & { readonly type: "ap" };

/** `named`: whom somebody named for this access point; `undefined`: nobody has an opinion, what it has is kept. */
export function shareFtKeys(
  tree: ConfigTree,
  named: (phy: string, vif: string) => readonly FtNeighbor[] | undefined,
): void {
  const bySsid = new Map<string, FtNeighbor[]>();
  const add = (ssid: string, neighbors: readonly FtNeighbor[]) => {
    const others = bySsid.get(ssid);
    if (others) others.push(...neighbors);
    else bySsid.set(ssid, [...neighbors]);
  };
  const aps = [...tree.values()].flatMap((phy) =>
    [...phy.vifs.values()].flatMap((vif) => (vif.type === "ap" ? [{ vif, up: phy.enabled && vif.enabled }] : [])),
  );
  for (const { vif } of aps) add(vif.ap.ssid, named(vif.phy, vif.name) ?? []);
  // Our own come last: of a BSSID that is ours and named as well, we know better.
  for (const { vif, up } of aps) if (up && usesFt(vif.ap)) add(vif.ap.ssid, ownKey(vif));
  for (const { vif } of aps) {
    if (named(vif.phy, vif.name) === undefined) continue;
    const ftNeighbors = usesFt(vif.ap) ? byBssid(bySsid.get(vif.ap.ssid) ?? []) : [];
    if (ftNeighbors.length > 0 || vif.ap.ftNeighbors.length > 0) vif.ap = { ...vif.ap, ftNeighbors };
  }
}

/** Of a vif that is down, with some drivers. */
const unknownAddress = "00:00:00:00:00:00";

function ownKey({ mac, ap: { nasIdentifier, ftEncrKey } }: ApConfig): readonly FtNeighbor[] {
  if (nasIdentifier === "" || ftEncrKey === "" || mac === unknownAddress) return [];
  return [{ bssid: mac, nasIdentifier, key: ftEncrKey }];
}

export function usesFt({ wpa }: Pick<ApAttributes, "wpa">): boolean {
  return wpa.akm.some((akm: Akm) => akm.startsWith("ft_"));
}
