/** When somebody asked for one band only, for a client: out of the deeds among its events. Pure. */

import type { Happening as Event } from "../../ui/happenings.ts";

/** Times are ms since 1970. */
export interface Hold {
  readonly band: string;
  readonly actor: string;
  readonly at: number;
  /** Until when it was asked for. */
  readonly until: number;
  /** When it ended: by then, or because somebody stopped it or asked for something else. */
  readonly endedAt: number;
}

/** The newest first. */
export function holdsOf(events: readonly Event[]): readonly Hold[] {
  const holds: Hold[] = [];
  // From the newest on: what ends a hold is known before it.
  let next = Number.POSITIVE_INFINITY;
  for (const { kind, at: when, details } of events.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))) {
    const { band, actor, until } = details;
    if (kind !== "deed" || band === undefined) continue;
    const at = Date.parse(when);
    if (typeof band === "string" && typeof until === "string") {
      const end = Date.parse(until);
      holds.push({ band, actor: String(actor), at, until: end, endedAt: Math.min(end, next) });
    }
    next = at;
  }
  return holds;
}

/** That what is asked for and where something is are the same band: 5 GHz may be split. */
export function isOnBand(asked: string, band: string | null): boolean {
  return band?.startsWith(asked) === true;
}

/** The hold that has ended, and left it where it is; null: none, or it has gone elsewhere since. `band`: where it is. */
export function heldThere(
  { holds, events }: { readonly holds: readonly Hold[]; readonly events: readonly Event[] },
  band: string | null,
  now: number,
): Hold | null {
  const [last] = holds;
  // Who stopped it has done so already, whatever the page's `now` is.
  if (!last || (last.endedAt > now && last.endedAt === last.until) || !isOnBand(last.band, band)) return null;
  const going = ["client-roamed", "client-connected", "client-disconnected"];
  const hasGone = events.some(({ kind, at }) => going.includes(kind) && Date.parse(at) > last.endedAt);
  return hasGone ? null : last;
}
