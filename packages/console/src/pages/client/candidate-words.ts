/** What the table of candidates says of each. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";
import { bandText, dbText, mbpsText } from "../../ui/words.ts";

export type Candidate = AnswerTo<"GET /locations/:location/steering/clients/:mac">["candidates"][number];

/** Less than where it is, and by more than a guess is good for. */
export function isSlower(other: Candidate, present: Candidate | undefined): boolean {
  const [here, there] = [present?.capacityMbps ?? null, other.capacityMbps];
  return here !== null && there !== null && there < here * 0.95;
}

/** In plain words: why it is not moved there. `present`: where it is. */
export function verdictText(candidate: Candidate, bandsComplete: boolean, present?: Candidate): string {
  const { isPresent, fit, why, band } = candidate;
  if (isPresent) return "It is here.";
  if (why === "cannot use the band" && !bandsComplete) return "It has never been seen to use this band.";
  if (fit) return "Better: it would be moved here.";
  if (why === "no better" && isSlower(candidate, present)) return "It would be slower.";
  const words: Readonly<Record<string, string>> = {
    "no better": "Not enough of a gain.",
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
  return words[why ?? ""] ?? why ?? "Compared as soon as its node has reported how well it is heard where it is.";
}

/** How it is known how well it is heard. */
export function heardText({ snrDb, heardBy, isPresent }: Candidate): string {
  if (snrDb === null) return isPresent ? "not reported yet" : "unknown";
  const by: Readonly<Record<string, string>> = {
    link: isPresent ? "measured" : "measured when it was here",
    beacon: "measured by it",
    probe: "heard when it looked around",
    "other band": "worked out from another band",
  };
  return `${dbText(snrDb)} (${by[heardBy ?? ""] ?? "estimated"})`;
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
