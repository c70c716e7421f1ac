/**
 * A mutator for radios that send one beacon for several BSSIDs (`ow_mbss_prefer_nonhidden`): of each group, the access point
 * that sends it should be one that is seen. Stations that do not know of multiple BSSIDs find no other.
 */

import type { ApConfig, ConfigTree, PhyConfig } from "./config-tree.ts";
import type { WirelessState } from "./contract.ts";
import type { Mutator } from "./mutators.ts";

/** Only access points that have a role already are given one: others are of radios that know of none. */
export const mbssPreferNonhidden: Mutator = {
  name: "ow_mbss_prefer_nonhidden",
  mutate(tree: ConfigTree, { state }): void {
    for (const phy of tree.values()) {
      for (const group of groupsOf(phy, state.vifs)) assignRoles(phy, group);
    }
  },
};

/** Access points by group, in order of name. */
function groupsOf(phy: PhyConfig, states: WirelessState["vifs"]): Iterable<readonly ApConfig[]> {
  const groups = new Map<number, ApConfig[]>();
  for (const vif of phy.vifs.values()) {
    const state = states.get(vif.name);
    if (vif.type !== "ap" || state?.type !== "ap" || state.ap.mbssMode === "none") continue;
    const group = groups.get(state.ap.mbssGroup);
    if (group) group.push(vif);
    else groups.set(state.ap.mbssGroup, [vif]);
  }
  return groups.values();
}

function assignRoles(phy: PhyConfig, group: readonly ApConfig[]): void {
  const enabled = group.filter((vif) => phy.enabled && vif.enabled);
  const sender = enabled.find(({ ap }) => !ap.ssidHidden) ?? enabled[0];
  for (const vif of group) {
    const mbssMode = vif === sender ? "tx_vap" : enabled.includes(vif) ? "non_tx_vap" : "none";
    vif.ap = { ...vif.ap, mbssMode };
  }
}
