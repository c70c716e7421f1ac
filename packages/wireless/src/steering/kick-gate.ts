/** What stands between a policy that wants a client moved and the move: its kick type, traffic, and times to be kept. */

import { steeringLimits } from "./limits.ts";
import type { PolicyContext } from "./policy.ts";
import type { KickSettings } from "./settings.ts";

/** Closed, why (without figures that go on changing: it is kept), and when to look again (monotonic ms; null: when something changes). */
export interface ClosedGate {
  readonly why: string;
  readonly until: number | null;
}

/** null: open. */
export function closedGate(kick: KickSettings, context: PolicyContext): ClosedGate | null {
  const { snapshot, settings, now, lastKickAt } = context;
  if (kick.ladder === null) return { why: "its kick type is none", until: null };
  const connectedAt = Math.max(...snapshot.links.map((link) => link.connectedAt));
  if (snapshot.links.length > 0 && now < connectedAt + kick.guard)
    return { why: "guard time: it has just connected", until: connectedAt + kick.guard };
  if (lastKickAt !== null && now < lastKickAt + kick.debounce)
    return { why: "debounce: it was kicked a short while ago", until: lastKickAt + kick.debounce };
  return settings.kickUponIdle ? idleGate(context) : null;
}

export function idleGate({ snapshot }: Pick<PolicyContext, "snapshot">): ClosedGate | null {
  const { ppdusPerMinute } = snapshot;
  if (ppdusPerMinute === null) return { why: "not yet observed for long enough to be called idle", until: null };
  if (ppdusPerMinute >= steeringLimits.idlePpdusPerMinute)
    return { why: `not idle: ${steeringLimits.idlePpdusPerMinute} PPDUs a minute or more`, until: null };
  return null;
}

export function seconds(ms: number): string {
  return `${Math.max(0, ms / 1_000).toFixed(1)} s`;
}
