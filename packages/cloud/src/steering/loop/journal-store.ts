/** The journal of one location's decisions in the store: append only, bounded by age and by number, and to be played again. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import { sql } from "kysely";
import type { Store, StoreTransaction } from "../../store/store.ts";
import * as limits from "../limits.ts";
import { explain } from "../optimiser/explain.ts";
import { type JournalEntry, type Replay, replay } from "../optimiser/journal.ts";
import type { SteeringMode } from "./settings.ts";

/** What is asked of the journal. Times are ms since 1970, from `from` on and before `to`. */
export interface JournalQuestion {
  readonly from?: number;
  readonly to?: number;
  /** Entries that tell more of it than that it stays. */
  readonly client?: Mac;
  /** Older than the entry of this number: the last one of the page before. */
  readonly before?: number;
  readonly limit?: number;
}

export interface ToldEntry {
  readonly number: number;
  readonly at: number;
  readonly mode: SteeringMode;
  readonly macs: readonly Mac[];
  /** For people, line by line. */
  readonly text: string;
  readonly entry: JournalEntry;
}

export async function appendEntry(
  transaction: StoreTransaction,
  location: string,
  number: number,
  mode: SteeringMode,
  entry: JournalEntry,
): Promise<void> {
  const macs = [...new Set(entry.decisions.flatMap(({ kind, mac }) => (kind === "stay" ? [] : [mac])))];
  await transaction
    .insertInto("steering_journal")
    .values({
      ...{ location_id: location, number, at: new Date(entry.at), mode },
      ...{ macs: JSON.stringify(macs), entry: JSON.stringify(entry) },
    })
    .execute();
  // Numbers have no gaps, so that the oldest ones are known by theirs.
  await transaction
    .deleteFrom("steering_journal")
    .where("location_id", "=", location)
    .where("number", "<=", number - limits.journalEntries)
    .execute();
}

/** Entries of before this time. */
export async function pruneJournal(transaction: StoreTransaction, location: string, before: Date): Promise<void> {
  await transaction
    .deleteFrom("steering_journal")
    .where("location_id", "=", location)
    .where("at", "<", before)
    .execute();
}

/** The newest first. Rejects with `StoreUnavailable`. */
export async function readJournal(
  store: Store,
  location: string,
  { from, to, client, before, limit = limits.journalPage }: JournalQuestion = {},
): Promise<readonly ToldEntry[]> {
  const rows = await store.run("read the journal of steering", (transaction) => {
    let query = transaction.selectFrom("steering_journal").selectAll().where("location_id", "=", location);
    if (from !== undefined) query = query.where("at", ">=", new Date(from));
    if (to !== undefined) query = query.where("at", "<", new Date(to));
    if (before !== undefined) query = query.where("number", "<", before);
    if (client !== undefined) query = query.where(sql<boolean>`jsonb_exists(macs, ${client})`);
    return query.orderBy("number", "desc").limit(Math.min(limit, limits.journalPage)).execute();
  });
  return rows.map(({ number, at, mode, macs, entry }) => ({
    ...{ number, at: at.getTime(), mode: mode as SteeringMode },
    macs: macs.flatMap((each) => parseMac(each) ?? []),
    text: textOf(entry, client),
    entry: entry as JournalEntry,
  }));
}

/** An entry that is damaged is told, too: that it is. */
function textOf(entry: unknown, client: Mac | undefined): string {
  try {
    return explain(entry as JournalEntry, client);
  } catch {
    return "an entry that cannot be read; play the journal again to see what is wrong with it";
  }
}

/** Plays all entries in order, some at a time. `entry` of a fault is the entry's number. */
export async function replayJournal(store: Store, location: string): Promise<Replay> {
  let played = 0;
  const faults: Replay["faults"][number][] = [];
  let last: { readonly number: number; readonly entry: unknown } | undefined;
  for (;;) {
    const rows = await store.run("read the journal of steering", (transaction) =>
      transaction
        .selectFrom("steering_journal")
        .select(["number", "entry"])
        .where("location_id", "=", location)
        .where("number", ">", last?.number ?? 0)
        .orderBy("number")
        .limit(limits.journalPage)
        .execute(),
    );
    // With the one before, so that it is seen whether they follow each other.
    const part = last ? [last, ...rows] : rows;
    const known = last ? 1 : 0;
    const result = replay(part.map(({ entry }) => entry));
    faults.push(
      ...result.faults
        .filter(({ entry }) => entry >= known)
        .map(({ entry, fault }) => ({ entry: part[entry]?.number ?? 0, fault })),
    );
    played += rows.length;
    last = rows.at(-1) ?? last;
    if (rows.length < limits.journalPage) return { played, faults };
  }
}
