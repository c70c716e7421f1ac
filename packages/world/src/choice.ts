/** Which BSS a client picks among those it hears. */

import type { Db, Dbm, Mac } from "@opensync-ts/base/units";
import type { Band } from "./spectrum.ts";

export interface Candidate {
  readonly bssid: Mac;
  readonly band: Band;
  readonly rssi: Dbm;
  /** Of the network it belongs to, among those the client knows; higher first. */
  readonly priority: number;
}

/** How a client chooses; vendors differ widely. */
export interface Habits {
  /** Looks for a better BSS only while its own is weaker than this. */
  readonly roamBelow: Dbm;
  /** And changes only for one better by this. */
  readonly roamHysteresis: Db;
  /** Probability that it stays although there is one: drivers that hold on to a link. */
  readonly stickiness: number;
  /** Added to the signal of a band: what a client thinks the band is worth. */
  readonly bandPreference: Readonly<Record<Band, Db>>;
  /** Seconds between two looks while its own is weak; grows while nothing better is found. */
  readonly scanInterval: number;
}

export const defaultHabits: Habits = {
  roamBelow: -70,
  roamHysteresis: 8,
  stickiness: 0,
  bandPreference: { "2.4G": 0, "5G": 15, "6G": 18 },
  scanInterval: 20,
};

export function score(candidate: Candidate, habits: Habits): Db {
  return candidate.rssi + habits.bandPreference[candidate.band];
}

/** The best of what is heard: network first, then signal with band preference, then address; `null` of nothing. */
export function best(candidates: readonly Candidate[], habits: Habits): Candidate | null {
  let chosen: Candidate | null = null;
  for (const candidate of candidates) {
    if (!chosen || compare(candidate, chosen, habits) > 0) chosen = candidate;
  }
  return chosen;
}

/** Where a client on `current` moves; `null`: it stays. */
export function roamTarget(current: Candidate, candidates: readonly Candidate[], habits: Habits): Candidate | null {
  if (current.rssi >= habits.roamBelow) return null;
  const target = best(
    candidates.filter(({ bssid, priority }) => bssid !== current.bssid && priority >= current.priority),
    habits,
  );
  return target && score(target, habits) >= score(current, habits) + habits.roamHysteresis ? target : null;
}

function compare(a: Candidate, b: Candidate, habits: Habits): number {
  return a.priority - b.priority || score(a, habits) - score(b, habits) || (a.bssid < b.bssid ? 1 : -1);
}
