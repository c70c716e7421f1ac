/** Access points that are going down (`defer_vif_down`): their clients leave at once, whatever their rows say of kicks. */

import { endKick, idleKick, type KickState, tickKick } from "../kick-machine.ts";
import { steeringLimits } from "../limits.ts";
import type { Policy } from "../policy.ts";
import { btmDeauth, type KickSettings } from "../settings.ts";
import { mustLeave, whyDisarmed } from "./filters.ts";

const policy = "defer_vif_down_deny";

export const vifDown: Policy<KickState> = {
  start: idleKick,
  on(state, event, context) {
    if (event.type !== "attempt ended") return state;
    // The access point will be gone before any longer back-off is over.
    const next = endKick(state, event.outcome, { policy, ceiling: steeringLimits.recheck }, context);
    return next.phase === "backoff" ? { ...next, failures: 0, until: context.now + steeringLimits.recheck } : next;
  },
  tick(state, context) {
    const { snapshot } = context;
    // Between two access points it is under way.
    const away = state.phase === "enforce" && snapshot.links.length === 0;
    const leaves = (mustLeave(context) || away) && whyDisarmed(snapshot) === null;
    const need = leaves ? "its access point is going down" : null;
    return tickKick(state, { policy, need, gate: null, duringBackoff: false }, context);
  },
  due: ({ until }) => until,
};

/** Requests, and before the access point goes, deauthentication. */
export function vifDownKick(client: KickSettings): KickSettings {
  const btm = { ...client.btm, target: null, disassocImminent: true, maxRetries: 2, retryInterval: 3_000 };
  return { ...client, ladder: btmDeauth, debounce: 0, guard: 0, btm };
}
