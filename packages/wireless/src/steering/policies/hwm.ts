/** The high water mark (`hwm_2g`): a client that is well heard on 2.4 GHz goes to 5 or 6 GHz. */

import type { Db } from "@opensync-ts/base/units";
import { type CandidateList, isOpen } from "../candidates.ts";
import { isBusier } from "../capacity.ts";
import { closedGate } from "../kick-gate.ts";
import { endKick, idleKick, type KickState, tickKick } from "../kick-machine.ts";
import { type Bss, canUse, linkedOnlyTo } from "../model.ts";
import { blockLinks, isLocal, type Policy, type PolicyContext } from "../policy.ts";
import { whyDisarmed } from "./filters.ts";

/** The guide's test value, and what no signal reaches: up, whatever the signal. */
const forcedHwm = 100;

export const hwm: Policy<KickState> = {
  start: idleKick,
  on(state, event, context) {
    if (event.type !== "attempt ended") return state;
    const ceiling = context.settings.steering.backoffCeiling;
    return endKick(state, event.outcome, { policy: "hwm_2g", ceiling }, context);
  },
  tick(state, context) {
    const { settings } = context;
    // It may have come back with several links meanwhile.
    const enforcing = state.phase === "enforce" && settings.hwm !== null && !context.snapshot.mlo;
    const need = enforcing ? "under way" : needOf(context, settings.hwm);
    const gate = closedGate(settings.steering, context);
    const duringBackoff = settings.steerDuringBackoff;
    return tickKick(state, { policy: "hwm_2g", need, gate, duringBackoff }, context);
  },
  due: ({ until }) => until,
};

/** Where it goes: access points of this node. What is not known to be one of its channels is no place to be sent to. */
export function editHwm(list: CandidateList, state: KickState, { snapshot }: PolicyContext): void {
  if (state.phase !== "enforce") return;
  const isTarget = (bss: Bss) =>
    isLocal(snapshot, bss) && bss.band !== "2.4G" && canUse(snapshot.channels, bss) === "yes";
  if (!list.all.some((candidate) => isOpen(candidate) && isTarget(candidate.bss))) return;
  blockLinks(list, state.from, "hwm_2g", "its signal is good enough for a higher band");
  for (const { bss } of list.all) {
    if (isTarget(bss)) list.set(bss.bssid, "AVAILABLE", "hwm_2g", "a higher band");
    else list.set(bss.bssid, "HARD_BLOCKED", "hwm_2g", "no higher band of this node");
  }
}

function needOf({ snapshot }: PolicyContext, threshold: Db | null): string | null {
  if (threshold === null || snapshot.mlo || whyDisarmed(snapshot) !== null) return null;
  if (!linkedOnlyTo(snapshot, (bss) => isLocal(snapshot, bss) && bss.band === "2.4G")) return null;
  const targets = snapshot.bsses.filter((bss) => isLocal(snapshot, bss) && bss.band !== "2.4G" && !bss.leaving);
  const usable = targets.filter((bss) => canUse(snapshot.channels, bss) === "yes");
  if (usable.length === 0) return null;
  if (isForcedHwm(threshold)) return `hwm ${threshold} sends it up`;
  // Asked before, not during an attempt: the channel fills with whoever has just moved there.
  if (usable.every((bss) => isBusier(bss, snapshot))) return null;
  const signals = snapshot.links.map(({ snr }) => snr);
  return signals.every((snr) => snr !== null && snr > threshold)
    ? `SNR ${signals.join(" ")} dB is above ${threshold} dB`
    : null;
}

export function isForcedHwm(hwm: Db | null): boolean {
  return hwm !== null && hwm >= forcedHwm;
}
