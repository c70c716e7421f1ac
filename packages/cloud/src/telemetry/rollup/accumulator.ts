/** What reports add to rows, merged until it is written. Bounded: beyond, the oldest rows are dropped, and counted. */

import * as limits from "../limits.ts";
import { type Contribution, type Merge, type Rollup, type RollupName, rollups, startOf, steps } from "./rollups.ts";

/** A row as it is written; of which table its place tells. */
export type PendingRow = Record<string, string | number | null>;

export interface PendingRows {
  readonly rollup: RollupName;
  readonly rows: readonly PendingRow[];
}

interface Entry {
  readonly rollup: RollupName;
  readonly row: PendingRow;
}

const [minute] = steps;
type HowOf = Readonly<Record<string, Merge>>;
const howOf: Readonly<Record<RollupName, HowOf>> = {
  clients: rollups.clients.measures,
  radios: rollups.radios.measures,
  channels: rollups.channels.measures,
  nodes: rollups.nodes.measures,
};
const blanks: Readonly<Record<RollupName, PendingRow>> = {
  clients: blankOf(rollups.clients),
  radios: blankOf(rollups.radios),
  channels: blankOf(rollups.channels),
  nodes: blankOf(rollups.nodes),
};

/** Parsed, so that copies of it have their members in the object itself, however many. */
function blankOf({ measures }: Rollup): PendingRow {
  const values = Object.entries(measures).map(([name, how]) => [name, how === "sum" ? 0 : null]);
  return JSON.parse(JSON.stringify(Object.fromEntries(values)));
}

export class Accumulator {
  readonly #rows = new Map<string, Entry>();
  #dropped = 0;

  get size(): number {
    return this.#rows.size;
  }

  /** Rows that had to go, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  add(location: string, { rollup, at, keys, measures }: Contribution): void {
    const start = startOf(at, minute);
    let key = `${rollup} ${start} ${location}`;
    for (const value of Object.values(keys)) key += ` ${value}`;
    const known = this.#rows.get(key);
    if (known) {
      merge(howOf[rollup], known.row, measures);
      return;
    }
    const row = { ...blanks[rollup], location_id: location, step: minute, at: start, ...keys, ...measures };
    this.#rows.set(key, { rollup, row });
    this.trim(limits.bufferedRows);
  }

  /** Drops the oldest rows beyond `most`. */
  trim(most: number): void {
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= most) return;
      this.#rows.delete(oldest);
      this.#dropped++;
    }
  }

  /** Takes out the oldest rows, by table. */
  take(most: number): readonly PendingRows[] {
    const taken = new Map<RollupName, PendingRow[]>();
    let count = 0;
    for (const [key, { rollup, row }] of this.#rows) {
      if (count++ >= most) break;
      this.#rows.delete(key);
      const known = taken.get(rollup);
      if (known) known.push(row);
      else taken.set(rollup, [row]);
    }
    return [...taken].map(([rollup, rows]) => ({ rollup, rows }));
  }
}

function merge(how: HowOf, row: PendingRow, more: Readonly<Record<string, string | number | null | undefined>>): void {
  const isNewer = (Number(more.last_ms) || 0) >= (Number(row.last_ms) || 0);
  for (const name in more) {
    const added = more[name];
    if (added === undefined || added === null) continue;
    const value = row[name] ?? null;
    if (value === null) row[name] = added;
    else row[name] = merged(how[name] ?? "last", value, added, isNewer);
  }
}

function merged(how: Merge, value: string | number, added: string | number, isNewer: boolean): string | number {
  switch (how) {
    case "sum":
      return Number(value) + Number(added);
    case "min":
      return Math.min(Number(value), Number(added));
    case "max":
      return Math.max(Number(value), Number(added));
    case "last":
    case "last text":
      return isNewer ? added : value;
  }
}
