/**
 * What of a location's document holds at a time: keys that have expired and policies that are off or out of their hours are not in
 * it. Pure; so expiry and schedules need one timer, set to `until`.
 */

import type { Home, Network } from "../home.ts";
import { instantMs } from "./instant.ts";
import { holdingAt } from "./schedule.ts";

export interface DocumentNow {
  /** Every policy in it is in force. A network none of whose keys holds is switched off. */
  readonly home: Home;
  /** When it has to be asked for again (ms since the Unix epoch); null: it holds for good. */
  readonly until: number | null;
}

/** `now`: ms since the Unix epoch. */
export function documentAt(document: Home, now: number): DocumentNow {
  let until: number | null = null;
  const change = (at: number | null) => {
    if (at !== null && (until === null || at < until)) until = at;
  };
  const networks = document.networks.map((network): Network => {
    const keys = network.security.keys.filter(({ expires }) => {
      if (expires === undefined) return true;
      const end = instantMs(expires);
      if (end <= now) return false;
      change(end);
      return true;
    });
    if (keys.length === network.security.keys.length) return network;
    const enabled = network.enabled && keys.length > 0;
    return { ...network, enabled, security: { ...network.security, keys } };
  });
  const policies = document.policies?.filter(({ enabled, schedule }) => {
    if (!enabled) return false;
    const { holds, until } = holdingAt(schedule, now);
    change(until);
    return holds;
  });
  const home = { ...document, networks, ...(policies && { policies }) };
  return { home, until };
}
