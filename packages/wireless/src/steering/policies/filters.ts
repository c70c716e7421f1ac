/** Policies without a memory: what is in scope at all, what a station can use, and access points that are going down. */

import type { CandidateList } from "../candidates.ts";
import { canUse } from "../model.ts";
import { isLocal, linkedBssids, type PolicyContext } from "../policy.ts";

/** Only BSSs of the group are touched, and none whose own ACL keeps the client out. */
export function editBssFilter(list: CandidateList, { snapshot }: PolicyContext): void {
  for (const { bss } of list.all)
    if (bss.vif !== null && snapshot.closedBy.includes(bss.vif))
      list.set(bss.bssid, "OUT_OF_SCOPE", "bss_filter", "its own ACL refuses the client");
  if (snapshot.members.length === 0) return;
  const members = new Set(snapshot.members);
  for (const { bss } of list.all)
    if (!members.has(bss.bssid)) list.set(bss.bssid, "OUT_OF_SCOPE", "bss_filter", "not of the group");
}

/** A station that is not to be steered at all may be where it likes. */
export function editDisarm(list: CandidateList, { snapshot }: PolicyContext): void {
  const why = whyDisarmed(snapshot);
  if (why !== null) for (const { bss } of list.all) list.set(bss.bssid, "AVAILABLE", "disarm", why);
}

export function whyDisarmed({ backhaul, disarmed }: PolicyContext["snapshot"]): string | null {
  if (backhaul) return "it is a backhaul link";
  return disarmed ? "its link address is the row's, its device's address is another" : null;
}

export function editChanCap(list: CandidateList, { snapshot }: PolicyContext): void {
  for (const { bss } of list.all) {
    if (canUse(snapshot.channels, bss) !== "no") continue;
    const reason = `${bss.control} MHz is none of its channels`;
    list.set(bss.bssid, "OUT_OF_SCOPE", "chan_cap", reason);
  }
}

/** Access points that go down, and those of other nodes: what stays up here is nearest. */
export function editDeferDeny(list: CandidateList, context: PolicyContext): void {
  if (!leavingHere(context)) return;
  for (const { bss } of list.all) {
    if (bss.leaving) list.set(bss.bssid, "HARD_BLOCKED", "defer_vif_down_deny", `${bss.vif} is going down`);
    else if (bss.vif === null)
      list.set(bss.bssid, "HARD_BLOCKED", "defer_vif_down_deny", "an access point of this node takes over");
  }
}

export function editDeferAllow(list: CandidateList, context: PolicyContext): void {
  if (!leavingHere(context)) return;
  for (const { bss } of list.all)
    if (isLocal(context.snapshot, bss)) list.set(bss.bssid, "AVAILABLE", "defer_vif_down_allow", "stays up");
}

/** The station is on an access point that is going down. */
export function mustLeave({ snapshot }: PolicyContext): boolean {
  const linked = linkedBssids(snapshot);
  return linked.length > 0 && snapshot.bsses.some(({ bssid, leaving }) => leaving && linked.includes(bssid));
}

/** While one of ours is going down, nobody is to go there. */
function leavingHere({ snapshot }: PolicyContext): boolean {
  return snapshot.bsses.some((bss) => bss.leaving && isLocal(snapshot, bss));
}
