/** Roams of a client: from where to where, what it gained, and who did it. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { bandText } from "../../ui/words.ts";
import { type Hold, isOnBand } from "./holds.ts";
import { type Explanation, type HoldingPolicy, ruleName } from "./why-there.ts";

export type Event = AnswerTo<"GET /locations/:location/events">["items"][number];
export type Deed = AnswerTo<"GET /locations/:location/steering/clients/:mac/events">["items"][number];
export type Series = AnswerTo<"GET /locations/:location/series/clients/:mac">;

export interface Place {
  readonly node: string;
  readonly band: string;
}

export interface Roam {
  /** ms since 1970. */
  readonly at: number;
  readonly from: Place;
  readonly to: Place;
  /** How long it was away, ms; null: not known. */
  readonly awayMs: number | null;
  /** dB that it is heard better there; null: not known. */
  readonly gainDb: number | null;
  readonly by: "the cloud" | "its node" | "itself" | "not known yet";
  /** `you asked for 2.4 GHz`; null: for a better place, or not known. */
  readonly because: string | null;
}

/** Who was asked has this long to go. */
const cloudMs = 180_000;
const nodeMs = 30_000;
/** Nodes tell within this time what they did. */
const toldMs = 150_000;
/** The SNR before and after is looked for this far away. */
const nearMs = 1_800_000;

export interface RoamsInput {
  /** Of kind `client-roamed`. */
  readonly events: readonly Event[];
  readonly series: Pick<Series, "points" | "step"> | undefined;
  readonly deeds: readonly Deed[];
  readonly attempts: Explanation["attempts"];
  /** What was asked for of it, and the rules that hold for it now. */
  readonly holds: readonly Hold[];
  readonly policies: readonly HoldingPolicy[];
  /** ms since 1970. */
  readonly now: number;
}

/** The newest first. */
export function roamsOf({ events, series, ...known }: RoamsInput): readonly Roam[] {
  return events
    .flatMap((event): readonly Roam[] => {
      const { kind, node, details } = event;
      const { fromNode, fromBand, band, ms } = details;
      if (kind !== "client-roamed" || node === null) return [];
      if (typeof fromNode !== "string" || typeof fromBand !== "string" || typeof band !== "string") return [];
      const at = Date.parse(event.at);
      const from = { node: fromNode, band: fromBand };
      const to = { node, band };
      const [before, after] = [snrNear(series, from, at, "before"), snrNear(series, to, at, "after")];
      return [
        {
          ...{ at, from, to, awayMs: typeof ms === "number" && ms > 0 ? ms : null },
          gainDb: before === null || after === null ? null : after - before,
          ...causeOf({ at, from, to, ...known }),
        },
      ];
    })
    .sort((a, b) => b.at - a.at);
}

function snrNear(series: RoamsInput["series"], place: Place, at: number, side: "before" | "after"): number | null {
  if (!series) return null;
  const stepMs = series.step * 1000;
  let best: { readonly away: number; readonly snr: number } | undefined;
  for (const point of series.points) {
    const snr = point.values.snrDb;
    if (snr === null || snr === undefined || point.node !== place.node || point.band !== place.band) continue;
    const begin = Date.parse(point.at);
    // A point is of its whole step, which the roam may lie in.
    const away = side === "before" ? at - begin : begin + stepMs - at;
    if (away < 0 || away > nearMs + stepMs) continue;
    if (!best || away < best.away) best = { away, snr };
  }
  return best?.snr ?? null;
}

const asking = /KICK|BTM(_RETRY)?$|STEERING_ATTEMPT/;

/** That a node did what the cloud had asked it for. */
export function isOfTheCloud(type: string): boolean {
  return /^CLIENT_(BTM(_RETRY)?|DIRECTED_KICK|SPECULATIVE_KICK|STEERING_STARTED)$/.test(type);
}

type Cause = Pick<Roam, "at" | "from" | "to"> & Omit<RoamsInput, "events" | "series">;

function causeOf({ at, from, to, deeds, attempts, holds, policies, now }: Cause): Pick<Roam, "by" | "because"> {
  const asked = attempts.some(({ askedAt, to: target, result }) => {
    const since = at - Date.parse(askedAt);
    return (
      result !== "recommended" && target.node === to.node && target.band === to.band && since >= 0 && since <= cloudMs
    );
  });
  if (asked) return { by: "the cloud", because: null };
  const isHeld = holds.some(
    ({ band, at: since, endedAt }) =>
      since - 2000 <= at && at <= endedAt && isOnBand(band, to.band) && !isOnBand(band, from.band),
  );
  if (isHeld) return { by: "the cloud", because: `you asked for ${bandText(to.band)}` };
  const own = deeds.filter(({ node }) => node === from.node);
  const requests = own.filter(({ type, at: when }) => {
    const since = at - Date.parse(when);
    return asking.test(type) && since >= -2000 && since <= nodeMs;
  });
  if (requests.some(({ type }) => isOfTheCloud(type))) {
    const rule = policies.find(({ action }) => action.kind === "band" && isOnBand(action.prefer ?? "?", to.band));
    return { by: "the cloud", because: rule ? `${ruleName(rule)} asks for ${bandText(to.band)}` : null };
  }
  if (requests.length > 0) return { by: "its node", because: null };
  // What its node did comes a while after the roam itself.
  const hasTold = own.some(({ at: when }) => Date.parse(when) >= at - 2000);
  return { by: hasTold || now - at > toldMs ? "itself" : "not known yet", because: null };
}
