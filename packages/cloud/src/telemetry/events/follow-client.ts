/**
 * Where a client is, by what nodes report of it: it connects, leaves, roams. Reports of two nodes come at different times, and in any order;
 * hence a client that has left somewhere is waited for a little before that is told. Pure.
 */

import type { Band } from "@opensync-ts/telemetry/names";
import * as limits from "../limits.ts";

export interface Place {
  readonly node: string;
  readonly band: Band;
  readonly ssid: string;
}

export interface Followed {
  readonly place: Place;
  /** Since when it is, or was, there. Times: ms since 1970. */
  readonly since: number;
  /** When it was last reported there. */
  readonly seenAt: number;
  /** It has left; perhaps for elsewhere. */
  readonly leftAt: number | null;
  /** Of a client of several links: the bands on which it is linked. */
  readonly links: readonly Band[];
}

/** One record of a report. */
export interface Sighting {
  readonly place: Place;
  readonly at: number;
  readonly connected: boolean;
  /** One link of several. */
  readonly multiLink: boolean;
  /** When it came and went last within the time of the report; null: it did not. */
  readonly connectedAt: number | null;
  readonly disconnectedAt: number | null;
  /** Connected during the report's time, ms. */
  readonly durationMs: number;
}

export type Movement =
  /** `told`: it came just now, and was not there already when it was first heard of. */
  | { readonly kind: "arrived"; readonly at: number; readonly place: Place; readonly told: boolean }
  | {
      readonly kind: "roamed";
      readonly at: number;
      readonly place: Place;
      readonly from: Place;
      readonly since: number;
      readonly leftAt: number;
    }
  | {
      readonly kind: "left";
      readonly at: number;
      readonly place: Place;
      readonly since: number;
      readonly silent: boolean;
    };

export interface Followup {
  /** Undefined: it is gone, and forgotten. */
  readonly state: Followed | undefined;
  readonly movements: readonly Movement[];
}

export function follow(known: Followed | undefined, sighting: Sighting): Followup {
  return sighting.connected ? seen(known, sighting) : missed(known, sighting);
}

/** What time alone tells: a departure that was waited for, or silence. */
export function pass(known: Followed, now: number): Followup {
  const { leftAt, seenAt } = known;
  if (leftAt !== null && now - leftAt >= limits.departureMs)
    return { state: undefined, movements: [left(known, leftAt)] };
  if (leftAt === null && now - seenAt >= limits.silenceMs) {
    return { state: undefined, movements: [left(known, seenAt, true)] };
  }
  return { state: known, movements: [] };
}

function seen(known: Followed | undefined, sighting: Sighting): Followup {
  const { place, at, connectedAt, disconnectedAt, multiLink } = sighting;
  if (known && isSame(known.place, place, multiLink)) return seenThere(known, sighting);
  const since = connectedAt ?? at - sighting.durationMs;
  const links = multiLink ? [place.band] : [];
  if (!known) {
    const state = { place, since, seenAt: at, leftAt: null, links };
    return { state, movements: [{ kind: "arrived", at: since, place, told: connectedAt !== null }] };
  }
  // It was there before it was where it is known to be: the report is an old one, or it came and went.
  const isOld =
    known.leftAt === null ? since < known.since || at < known.seenAt - limits.departureMs : since < known.since;
  if (
    isOld ||
    (disconnectedAt !== null && connectedAt !== null && disconnectedAt > connectedAt && known.since >= connectedAt)
  ) {
    return { state: known, movements: [] };
  }
  const state: Followed = { place, since, seenAt: at, leftAt: null, links };
  const leftAt = Math.min(known.leftAt ?? since, since);
  if (since - leftAt <= limits.roamMs) {
    return { state, movements: [{ kind: "roamed", at: since, place, from: known.place, since: known.since, leftAt }] };
  }
  return { state, movements: [left(known, leftAt), { kind: "arrived", at: since, place, told: true }] };
}

function seenThere(known: Followed, { place, at, connectedAt, disconnectedAt, multiLink }: Sighting): Followup {
  const links = multiLink ? [...new Set([...known.links, place.band])] : known.links;
  const seenAt = Math.max(known.seenAt, at);
  const gone = known.leftAt ?? (multiLink ? null : disconnectedAt);
  const isBack = connectedAt !== null && gone !== null && connectedAt > known.since && connectedAt >= gone;
  if (isBack) {
    const state = { ...known, place, since: connectedAt, seenAt, leftAt: null, links };
    return { state, movements: [left(known, gone), { kind: "arrived", at: connectedAt, place, told: true }] };
  }
  // A report from before it left says nothing new.
  const leftAt = known.leftAt !== null && at <= known.leftAt ? known.leftAt : null;
  return { state: { ...known, place: { ...place, band: known.place.band }, seenAt, leftAt, links }, movements: [] };
}

function missed(known: Followed | undefined, sighting: Sighting): Followup {
  const { place, at, connectedAt, multiLink } = sighting;
  const leftAt = sighting.disconnectedAt ?? at;
  if (!known || !isSame(known.place, place, multiLink)) {
    // It came and went between two reports.
    const isVisit = connectedAt !== null && connectedAt <= leftAt && sighting.disconnectedAt !== null;
    if (!isVisit || (known && connectedAt < known.since)) return { state: known, movements: [] };
    const visit = seen(known, { ...sighting, connected: true, disconnectedAt: null });
    return { state: visit.state && { ...visit.state, leftAt }, movements: visit.movements };
  }
  if (known.leftAt !== null || leftAt < known.since) return { state: known, movements: [] };
  const links = known.links.filter((band) => band !== place.band);
  if (multiLink && links.length > 0) return { state: { ...known, links }, movements: [] };
  return { state: { ...known, links, leftAt }, movements: [] };
}

/** Links of one client to one node are one place. */
function isSame(a: Place, b: Place, multiLink: boolean): boolean {
  return a.node === b.node && (multiLink || (a.band === b.band && a.ssid === b.ssid));
}

function left({ place, since }: Followed, at: number, silent = false): Movement {
  return { kind: "left", at: Math.max(at, since), place, since, silent };
}
