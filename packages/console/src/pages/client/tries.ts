/** What the cloud tried with a client: moves to a better place, and what somebody asked for. Pure. */

import { bandText } from "../../ui/words.ts";
import { figuresText, resultText } from "./attempt-words.ts";
import { type Hold, isOnBand } from "./holds.ts";
import { type Deed, isOfTheCloud, type Roam } from "./roams.ts";
import { type Explanation, spotText } from "./why-there.ts";

export interface Try {
  readonly id: string;
  /** ms since 1970. */
  readonly at: number;
  /** `5 GHz at gateway → 2.4 GHz at gateway` */
  readonly way: string;
  readonly outcome: string;
  readonly figures: string | null;
}

export interface TriesInput {
  readonly attempts: Explanation["attempts"];
  readonly holds: readonly Hold[];
  /** The newest first. */
  readonly roams: readonly Pick<Roam, "at" | "from" | "to">[];
  /** Where it is; null: not known. */
  readonly band: string | null;
  /** ms since 1970. */
  readonly now: number;
  readonly moment: (at: number) => string;
}

/** The newest first. */
export function triesOf(input: TriesInput): readonly Try[] {
  const moves = input.attempts.map((attempt): Try => {
    const { askedAt, from, to } = attempt;
    const way = `${spotText(from)} → ${spotText(to)}`;
    const told = { outcome: resultText(attempt), figures: figuresText(attempt) };
    return { id: `${askedAt} ${attempt.result}`, at: Date.parse(askedAt), way, ...told };
  });
  return [...moves, ...input.holds.map((hold) => ofHold(hold, input))].sort((a, b) => b.at - a.at);
}

function ofHold(hold: Hold, { roams, band, now, moment }: TriesInput): Try {
  const { at, until, endedAt } = hold;
  const went = roams.findLast(
    (roam) =>
      roam.at >= at && roam.at <= endedAt && isOnBand(hold.band, roam.to.band) && !isOnBand(hold.band, roam.from.band),
  );
  const isStopped = endedAt < until;
  const isOver = isStopped || endedAt <= now;
  const outcome = went
    ? `It went at ${moment(went.at)}.`
    : isOver || band === null
      ? "It is not known to have gone."
      : isOnBand(hold.band, band)
        ? "It is there."
        : "It has not gone yet.";
  const stopped = isStopped ? ` Stopped at ${moment(endedAt)}.` : "";
  return {
    ...{ id: `hold ${at}`, at },
    way: went ? `${spotText(went.from)} → ${spotText(went.to)}` : `→ ${bandText(hold.band)}`,
    outcome: `You asked for ${bandText(hold.band)} only until ${moment(until)}. ${outcome}${stopped}`,
    figures: null,
  };
}

/** Where there is no try: what nodes have told may be of one that is no longer kept. */
export function noTriesText(deeds: readonly Pick<Deed, "type">[]): string {
  return deeds.some(({ type }) => isOfTheCloud(type))
    ? "Why the cloud wished it to move is no longer kept; what its nodes did is below."
    : "It has not been asked to move.";
}
