/** What the table of candidates says of each. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { durationText } from "../../ui/time.ts";
import { bandText, dbText, mbpsText, rateText } from "../../ui/words.ts";

export type Candidate = AnswerTo<"GET /locations/:location/steering/clients/:mac">["candidates"][number];

/** Less than where it is, and by more than a guess is good for. */
export function isSlower(other: Candidate, present: Candidate | undefined): boolean {
  const [here, there] = [present?.capacityMbps ?? null, other.capacityMbps];
  return here !== null && there !== null && there < here * 0.95;
}

/** Where it is it has all that it wants: more elsewhere is no gain. */
export function hasEnough(present: Candidate | undefined, wantsMbps: number): boolean {
  return (present?.scoreMbps ?? 0) >= wantsMbps;
}

/** What of all that it wants it would have, and has: `30 instead of 25 Mbit/s of what it wants`; null: not known. */
export function gainText(other: Candidate, present: Candidate | undefined): string | null {
  const [here, there] = [present?.scoreMbps ?? null, other.scoreMbps];
  if (here === null || there === null) return null;
  return `${rateText(there)} instead of ${mbpsText(here)} of what it wants`;
}

export interface Compared {
  readonly bandsComplete: boolean;
  /** Bands that it is held to; empty: none. */
  readonly allowed: readonly string[];
  readonly wantsMbps: number | null;
  /** Where it is. */
  readonly present?: Candidate | undefined;
}

/** In plain words: why it is not moved there. */
export function verdictText(candidate: Candidate, { bandsComplete, allowed, wantsMbps, present }: Compared): string {
  const { isPresent, fit, why, band } = candidate;
  if (isPresent) return "It is here.";
  if (why === "cannot use the band" && !bandsComplete) return "It has never been seen to use this band.";
  if (fit) return "Better: it would be moved here.";
  if (why === "no better") {
    if (isSlower(candidate, present)) return "It would be slower.";
    if (wantsMbps !== null && hasEnough(present, wantsMbps))
      return `No gain: it wants some ${mbpsText(wantsMbps)}, and has them where it is.`;
    const figures = gainText(candidate, present);
    return figures === null ? "Not enough of a gain." : `Not enough of a gain: ${figures}.`;
  }
  if (why === "band not allowed" && allowed.length > 0) return `It is held to ${allowed.map(bandText).join(" or ")}.`;
  const words: Readonly<Record<string, string>> = {
    "would be full": "The air here would be full with it.",
    "too weak": "Too weak where it stands.",
    "signal unknown": "Nobody has heard it here yet.",
    "cannot use the band": "It does not have this band.",
    "its key does not open the band": `Its key does not open ${bandText(band)}, where only the network’s first key works.`,
    "band not allowed": "A rule keeps it off this band.",
    "did not work out before": "It was tried, and did not work out.",
    "no way to the gateway": "This node has no known way to the Internet.",
    "not claimed": "This node is not one of this home's.",
    "another network": "Another network.",
  };
  if (why === "signal unknown" && candidate.measured !== null) return "Not heard here of late.";
  return words[why ?? ""] ?? why ?? "Compared as soon as its node has reported how well it is heard where it is.";
}

/** How well it is heard, how that is known, and how old it is. `now`: ms since 1970. */
export function heardText({ snrDb, heardBy, isPresent, measured }: Candidate, now: number): string {
  const ago = measured && agoText(now - Date.parse(measured.at));
  if (snrDb === null) {
    if (isPresent)
      return measured ? `not heard yet; ${dbText(measured.snrDb)} when it was here ${ago}` : "not heard yet";
    return measured ? `${dbText(measured.snrDb)} ${ago}, which is too old to count` : "unknown";
  }
  const by: Readonly<Record<string, string>> = {
    link: isPresent ? "measured" : "measured when it was here",
    earlier: "measured when it was here before",
    beacon: "measured by it",
    probe: "heard when it looked around",
    "other band": "worked out from another band",
  };
  const how = by[heardBy ?? ""] ?? "estimated";
  if (measured === null || (isPresent && heardBy === "link")) return `${dbText(snrDb)} (${how})`;
  const age = heardBy === "other band" ? `; ${dbText(measured.snrDb)} measured ${ago}` : `, ${ago}`;
  return `${dbText(snrDb)} (${how}${age})`;
}

/** What is asked now and then is not known to the second. */
function agoText(ms: number): string {
  return ms < 60_000 ? "less than a minute ago" : `${durationText(ms)} ago`;
}

/** Shares of the widest bar, 0 to 1: what it could have, and of that what it wants. Null: unknown. */
export function barOf(
  { capacityMbps, scoreMbps }: Candidate,
  most: number,
): { readonly capacity: number; readonly score: number } | null {
  if (capacityMbps === null || most <= 0) return null;
  return { capacity: Math.min(1, capacityMbps / most), score: Math.min(1, (scoreMbps ?? 0) / most) };
}

export function mostOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((most, { capacityMbps }) => Math.max(most, capacityMbps ?? 0), 0);
}

/** Its throughput is estimated, also where it is: of the link rate, what reaches a device while others use the air, too. */
export function boundText({ capacityMbps, bottleneck, freePercent }: Candidate): string {
  if (capacityMbps === null) return "–";
  const where = bottleneck === null || bottleneck === 0 ? "its own link" : "the link between the nodes";
  const air = freePercent === null ? "" : `; ${Math.round(freePercent)} % of the air left`;
  return `some ${mbpsText(capacityMbps)}; ${where} gives no more${air}`;
}
