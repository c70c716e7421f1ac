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
const list = ({ measures }: Rollup): readonly (readonly [string, Merge])[] => Object.entries(measures);
const measuresOf: Readonly<Record<RollupName, readonly (readonly [string, Merge])[]>> = {
  clients: list(rollups.clients),
  radios: list(rollups.radios),
  channels: list(rollups.channels),
  nodes: list(rollups.nodes),
};

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
      merge(measuresOf[rollup], known.row, measures);
      return;
    }
    const row: PendingRow = { location_id: location, step: minute, at: start, ...keys };
    for (const [name, how] of measuresOf[rollup]) row[name] = how === "sum" ? 0 : null;
    merge(measuresOf[rollup], row, measures);
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

function merge(
  measures: readonly (readonly [string, Merge])[],
  row: PendingRow,
  more: Readonly<Record<string, string | number | null | undefined>>,
): void {
  const isNewer = (Number(more.last_ms) || 0) >= (Number(row.last_ms) || 0);
  for (const [name, how] of measures) {
    const added = more[name];
    if (added === undefined || added === null) continue;
    const value = row[name] ?? null;
    if (how === "last" || how === "last text") {
      if (value === null || isNewer) row[name] = added;
    } else if (value === null) row[name] = added;
    else if (how === "sum") row[name] = Number(value) + Number(added);
    else row[name] = how === "min" ? Math.min(Number(value), Number(added)) : Math.max(Number(value), Number(added));
  }
}
