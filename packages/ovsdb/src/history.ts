/**
 * The last transactions of a database, so that a client that was away for a while is told what it missed instead of everything
 * (`monitor_cond_since`, ovsdb-server(7) §4.1.15).
 *
 * Identities of transactions are random and begin anew with every start of the server: a file holds neither them nor
 * ephemeral columns, so nobody can tell a client of an earlier life what it missed.
 */

import type { Random } from "@opensync-ts/base/random";
import type { Datum, Delta, Uuid } from "./datum.ts";
import { isAtomMap } from "./datum-ops.ts";
import { mergeDeltas } from "./delta.ts";
import { historyLimits } from "./limits.ts";

export interface HistoryOptions {
  /** Where the identities of transactions come from. */
  readonly random: Random;
  readonly limits?: Partial<HistoryLimits>;
}

/** Defaults in `limits.ts`. */
export interface HistoryLimits {
  readonly maxTransactions: number;
  /** About so much memory may the transactions hold on to. */
  readonly maxBytes: number;
}

/** The database between two transactions, named by the one that led to it. */
interface Moment {
  readonly id: Uuid;
  next: { readonly delta: Delta; readonly bytes: number; readonly moment: Moment } | undefined;
}

/**
 * ```ts
 * const history = new TransactionHistory({ random });
 * engine.onCommit(({ delta }) => history.add(delta)); // before whoever sends `history.lastId`
 * ```
 */
export class TransactionHistory {
  readonly #random: Random;
  readonly #limits: HistoryLimits;
  /** Oldest first; at least the present one. */
  readonly #moments = new Map<Uuid, Moment>();
  #present: Moment;
  #bytes = 0;

  constructor({ random, limits }: HistoryOptions) {
    this.#random = random;
    this.#limits = { ...historyLimits, ...limits };
    this.#present = this.#newMoment();
  }

  /** Names the present state: that of the last transaction, or of the beginning. */
  get lastId(): Uuid {
    return this.#present.id;
  }

  /** Takes note of a transaction and names it. The oldest ones are forgotten beyond the limits. */
  add(delta: Delta): Uuid {
    const moment = this.#newMoment();
    const bytes = sizeOf(delta);
    this.#present.next = { delta, bytes, moment };
    this.#present = moment;
    this.#bytes += bytes;
    this.#forget();
    return moment.id;
  }

  /** All that happened after the transaction `id`, as if it were one transaction; undefined when that is not known (any more). */
  since(id: string): Delta | undefined {
    const moment = this.#moments.get(id as Uuid);
    if (!moment) return undefined;
    const deltas: Delta[] = [];
    for (let { next } = moment; next; { next } = next.moment) deltas.push(next.delta);
    return mergeDeltas(deltas);
  }

  /** Forgets everything, e.g. because rows of another schema follow. */
  clear(): void {
    this.#moments.clear();
    this.#bytes = 0;
    this.#present = this.#newMoment();
  }

  #newMoment(): Moment {
    const moment: Moment = { id: this.#random.uuid() as Uuid, next: undefined };
    this.#moments.set(moment.id, moment);
    return moment;
  }

  #forget(): void {
    const { maxTransactions, maxBytes } = this.#limits;
    for (const { id, next } of this.#moments.values()) {
      if (!next || (this.#moments.size - 1 <= maxTransactions && this.#bytes <= maxBytes)) return;
      this.#moments.delete(id);
      this.#bytes -= next.bytes;
    }
  }
}

/** About what a change's own objects take: the row's version with its fields, the set of columns, the entries of maps. */
const bytesPerChange = 400;
const bytesPerAtom = 8;

/** How much memory a delta holds on to, roughly: it must be cheap rather than exact. */
function sizeOf(delta: Delta): number {
  let bytes = 0;
  for (const changes of delta.values()) {
    for (const { old, new: now, changed } of changes.values()) {
      bytes += bytesPerChange;
      for (const column of changed) {
        if (old) bytes += sizeOfDatum(old[column] as Datum);
        if (now) bytes += sizeOfDatum(now[column] as Datum);
      }
    }
  }
  return bytes;
}

function sizeOfDatum(datum: Datum): number {
  if (typeof datum === "string") return bytesPerAtom + datum.length;
  if (typeof datum !== "object" || datum === null) return bytesPerAtom;
  let bytes = bytesPerAtom;
  if (isAtomMap(datum)) {
    for (const [key, value] of datum) bytes += sizeOfDatum(key) + sizeOfDatum(value);
  } else {
    for (const atom of datum as readonly Datum[]) bytes += sizeOfDatum(atom);
  }
  return bytes;
}
