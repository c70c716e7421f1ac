/** Whether the cloud moves a client, and to which bands it can be held, in words. Pure. */

import { bandText } from "../../ui/words.ts";
import type { Device } from "../clients/client-list.ts";
import { isOnBand } from "./holds.ts";
import { type Explanation, ruleName, stayText } from "./why-there.ts";

const holdBands = ["2.4G", "5G", "6G"] as const;
export type HoldBand = (typeof holdBands)[number];

/** Bands that it can be held to: those it has, as far as known, that its key opens. 2.4 GHz unless it is known not to have it. */
export function holdChoices(
  known: Pick<Explanation, "bands" | "bandsComplete" | "closed"> | undefined,
): readonly HoldBand[] {
  if (!known) return ["2.4G"];
  const { bands, bandsComplete, closed } = known;
  return holdBands.filter((band) => {
    if (closed.some((each) => isOnBand(band, each))) return false;
    return bands.some((each) => isOnBand(band, each)) || (band === "2.4G" && !bandsComplete);
  });
}

export interface MovesInput {
  readonly explanation: Explanation | undefined;
  /** `unknown`: its node is not heard of. */
  readonly where: "here" | "away" | "unknown" | "loading";
  /** What it is held to. */
  readonly band: Device["band"];
  /** ms since 1970. */
  readonly now: number;
  readonly moment: (at: number) => string;
}

export interface Moves {
  readonly text: string;
  /** Because of moves before; that can be taken back. */
  readonly isLeftAlone: boolean;
}

export function movesOf(input: MovesInput): Moves {
  const { explanation, now, moment } = input;
  const { notBefore = null, failures = 0, blocked = [] } = explanation ?? {};
  const next = notBefore === null ? 0 : Date.parse(notBefore);
  if (next > now) return { text: `It is not asked to move before ${moment(next)}.`, isLeftAlone: true };
  if (failures > 0 || blocked.length > 0) {
    return { text: "Some moves failed before, so it is left alone there for a while.", isLeftAlone: true };
  }
  return { text: openText(input), isLeftAlone: false };
}

const elsewhere = {
  here: null,
  away: "It is not connected.",
  unknown: "Where it is now is not known.",
  loading: "Loading …",
} as const;

function openText({ explanation, where, band, moment }: MovesInput): string {
  if (!explanation) return elsewhere[where] ?? "The cloud has not seen enough of it to move it.";
  const { mode, policies, candidates, decision } = explanation;
  if (mode === "off") return "Moving clients is switched off here.";
  if (mode === "recommend") return "The cloud only recommends here, and moves nobody.";
  if (policies.some(({ action }) => action.kind === "unsteered")) return "A rule says that nobody moves it.";
  if (band?.only) {
    const until = band.until === null ? "" : ` until ${moment(Date.parse(band.until))}`;
    return `It is held to ${bandText(band.prefer)}${until}: the cloud moves it within that band only.`;
  }
  const rule = policies.find(({ action }) => action.kind === "band" && action.only);
  if (rule) {
    return `Held to ${bandText(rule.action.prefer)} by ${ruleName(rule)}: the cloud moves it within that band only.`;
  }
  // Why it is not moved from where it was says nothing of where it will be.
  if (elsewhere[where] !== null) return elsewhere[where];
  const present = candidates.find(({ isPresent }) => isPresent);
  if (present?.snrDb === null) return "It is not moved before it is known how well it is heard where it is.";
  // What would keep it from moving keeps it from nothing while there is nothing to gain.
  if (present && !candidates.some(({ fit }) => fit)) return "No other place would be a gain for it at present.";
  if (decision.kind === "stay" && decision.why !== null) return `It is not moved: ${stayText(decision.why)}.`;
  return "Nothing keeps the cloud from moving it to a better place.";
}
