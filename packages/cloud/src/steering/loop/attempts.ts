/** What became of the moves of one client that the journal tells of. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { Result } from "../optimiser/outcome.ts";
import type { Snapshot } from "../optimiser/snapshot.ts";
import type { ToldEntry } from "./journal-store.ts";

/** Times are ms since 1970, figures Mbit/s as far as the client wants them; what is not known is null. */
export interface Attempt {
  readonly askedAt: number;
  readonly endedAt: number | null;
  readonly from: Spot;
  readonly to: Spot;
  /** `under way`: it is not over; `recommended`: nobody was asked, as the mode is to recommend only. */
  readonly result: Result | "under way" | "recommended";
  readonly before: number;
  readonly predicted: number;
  readonly after: number | null;
}

export interface Spot {
  readonly bssid: Mac;
  /** Null: an access point that is not known any more. */
  readonly node: string | null;
  readonly band: string | null;
  readonly channel: number | null;
}

/** `entries`: the newest first; so are the attempts. An entry that is damaged tells of none. */
export function attemptsOf(entries: readonly ToldEntry[], mac: Mac): readonly Attempt[] {
  const attempts: Attempt[] = [];
  for (const told of entries) {
    try {
      attempts.push(...attemptsIn(told, mac));
    } catch {
      // `text` of the entry says so.
    }
  }
  const ended = new Set(attempts.flatMap(({ endedAt, askedAt }) => (endedAt === null ? [] : [askedAt])));
  return attempts.filter(({ endedAt, askedAt }) => endedAt !== null || !ended.has(askedAt));
}

function attemptsIn({ entry, mode }: ToldEntry, mac: Mac): readonly Attempt[] {
  return entry.decisions.flatMap((decision): readonly Attempt[] => {
    if (decision.mac !== mac) return [];
    if (decision.kind === "outcome") {
      const { move, result, scoreAfter } = decision;
      return [
        {
          ...{ askedAt: move.askedAt, endedAt: entry.at, result },
          ...{ from: spotOf(move.from, entry.snapshot), to: spotOf(move.to, entry.snapshot) },
          ...{ before: move.scoreBefore, predicted: move.scorePredicted, after: scoreAfter },
        },
      ];
    }
    if (decision.kind !== "move") return [];
    const { present, target } = decision;
    return [
      {
        ...{ askedAt: entry.at, endedAt: null, result: mode === "on" ? "under way" : "recommended" },
        ...{ from: spotOf(present.bssid, entry.snapshot), to: spotOf(target.bssid, entry.snapshot) },
        ...{ before: present.scoreMbps, predicted: target.scoreMbps, after: null },
      },
    ];
  });
}

export function spotOf(bssid: Mac, { bsses }: Pick<Snapshot, "bsses">): Spot {
  const bss = bsses.find((each) => each.bssid === bssid);
  return { bssid, node: bss?.node ?? null, band: bss?.band ?? null, channel: bss?.channel ?? null };
}
