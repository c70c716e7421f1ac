/** Moves and the counts of days in the store, and the indicators of a stretch of time from them. */

import { parseMac } from "@opensync-ts/base/units";
import type { Store, StoreTransaction } from "../../store/store.ts";
import { type Indicators, moveFigures } from "../indicators/indicators.ts";
import { type JudgedMove, latestMs, returnMs } from "../indicators/judge.ts";
import * as limits from "../limits.ts";
import { type DayCounts, dayText, type JudgedRecord, type RecordedMove } from "./records.ts";
import { countsForm, judgedForm } from "./saved-forms.ts";

export async function saveMove(
  transaction: StoreTransaction,
  location: string,
  { at, mac, from, to, class: name }: RecordedMove,
  judged: JudgedMove | null,
): Promise<void> {
  const row = { judged: JSON.stringify(judged) };
  await transaction
    .insertInto("steering_moves")
    .values({
      ...{ location_id: location, mac, asked_at: new Date(at), from_bssid: from, to_bssid: to, class: name },
      ...row,
    })
    .onConflict((conflict) => conflict.columns(["location_id", "mac", "asked_at"]).doUpdateSet(row))
    .execute();
}

export async function saveDay(
  transaction: StoreTransaction,
  location: string,
  day: string,
  counts: DayCounts,
): Promise<void> {
  const row = { counts: JSON.stringify(counts) };
  await transaction
    .insertInto("steering_days")
    .values({ location_id: location, day, ...row })
    .onConflict((conflict) => conflict.columns(["location_id", "day"]).doUpdateSet(row))
    .execute();
}

/** Of before this time. */
export async function pruneRecords(transaction: StoreTransaction, location: string, before: number): Promise<void> {
  await transaction
    .deleteFrom("steering_moves")
    .where("location_id", "=", location)
    .where("asked_at", "<", new Date(before))
    .execute();
  await transaction
    .deleteFrom("steering_days")
    .where("location_id", "=", location)
    .where("day", "<", dayText(before))
    .execute();
}

/** Moves that are still to be judged, and the counts of the day that goes on. */
export async function loadRecords(
  store: Store,
  location: string,
  now: number,
): Promise<{ readonly open: readonly RecordedMove[]; readonly day: string; readonly counts: DayCounts }> {
  const day = dayText(now);
  return store.run("read the records of steering", async (transaction) => {
    const moves = await transaction
      .selectFrom("steering_moves")
      .selectAll()
      .where("location_id", "=", location)
      .where("asked_at", ">", new Date(now - latestMs - returnMs))
      .orderBy("asked_at")
      .limit(limits.openMoves)
      .execute();
    const row = await transaction
      .selectFrom("steering_days")
      .select("counts")
      .where("location_id", "=", location)
      .where("day", "=", day)
      .executeTakeFirst();
    const counts = countsForm.safeParse(row?.counts);
    return {
      open: moves.flatMap(({ mac: text, asked_at, from_bssid, to_bssid, class: name, judged }): RecordedMove[] => {
        const [mac, from, to] = [parseMac(text), parseMac(from_bssid), parseMac(to_bssid)];
        return mac && from && to && judged === null ? [{ mac, from, to, at: asked_at.getTime(), class: name }] : [];
      }),
      day,
      counts: counts.success ? counts.data : { clients: [], forced: 0, btm: {} },
    };
  });
}

/**
 * From `from` on and before `to` (ms since 1970); what is counted by days is of all days (UTC) that it touches. `open`: of moves that the
 * store does not know the end of yet. Rejects with `StoreUnavailable`.
 */
export async function readIndicators(
  store: Store,
  location: string,
  from: number,
  to: number,
  open: readonly JudgedRecord[],
): Promise<Indicators> {
  const [moves, days] = await store.run("read the records of steering", async (transaction) => [
    await transaction
      .selectFrom("steering_moves")
      .select(["mac", "asked_at", "judged"])
      .where("location_id", "=", location)
      .where("asked_at", ">=", new Date(from))
      .where("asked_at", "<", new Date(to))
      .orderBy("asked_at", "desc")
      .limit(limits.movesKept)
      .execute(),
    await transaction
      .selectFrom("steering_days")
      .select("counts")
      .where("location_id", "=", location)
      .where("day", ">=", dayText(from))
      .where("day", "<=", dayText(Math.max(from, to - 1)))
      .limit(limits.movesKept)
      .execute(),
  ]);
  const live = new Map(open.map(({ move, judged }) => [`${move.mac} ${move.at}`, judged]));
  const judged = moves.map((row) => {
    const stored = judgedForm.safeParse(row.judged);
    return (stored.success && stored.data) || live.get(`${row.mac} ${row.asked_at.getTime()}`) || unknownMove;
  });
  const counts = days.flatMap((row) => {
    const read = countsForm.safeParse(row.counts);
    return read.success ? [read.data] : [];
  });
  const clientDays = counts.reduce((sum, { clients }) => sum + clients.length, 0);
  const forced = counts.reduce((sum, each) => sum + each.forced, 0);
  return {
    ...moveFigures(judged),
    btmAcceptance: acceptance(counts),
    forcedDeauthsPerClientDay: clientDays > 0 ? forced / clientDays : null,
  };
}

const unknownMove: JudgedMove = { success: null, harm: null, pingPong: null, tookMs: null, offlineMs: null };

function acceptance(counts: readonly DayCounts[]): Indicators["btmAcceptance"] {
  const sums = new Map<string, [number, number]>();
  for (const { btm } of counts) {
    for (const [name, [all, accepted]] of Object.entries(btm)) {
      const [sumAll, sumAccepted] = sums.get(name) ?? [0, 0];
      sums.set(name, [sumAll + all, sumAccepted + accepted]);
    }
  }
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, [all, accepted]]) => [name, { of: all, share: all > 0 ? accepted / all : null }]));
}
