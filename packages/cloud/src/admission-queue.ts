/**
 * Who of those that come at the same time is served now, who waits, and who is sent away. A storm of nodes that all come back at once is then
 * as many short works in a row, not one long one. Pure.
 *
 * Whoever is known goes before strangers, but every so often a stranger has its turn, or a large storm would keep new nodes out.
 * Within a rank addresses take turns: one that opens a thousand connections waits for itself.
 */

export interface Caller {
  /** Where it calls from, without the port. */
  readonly address: string;
  /** It has proven to be a node of ours. */
  readonly known: boolean;
}

export interface QueueLimits {
  /** Served at once, at first. */
  readonly concurrent: number;
  /** Waiting at once. */
  readonly waiting: number;
  /** Of so many that are let in while both wait, one is a stranger. */
  readonly strangersTurn: number;
}

export type Entry =
  | { readonly kind: "admitted" }
  /** `instead`: who waited until now and is sent away in its place. */
  | { readonly kind: "waiting"; readonly instead: Caller | undefined }
  | { readonly kind: "refused" };

/** Callers of one rank that wait, by address; the address whose turn is next comes first. */
type Rank = Map<string, Caller[]>;

export class AdmissionQueue {
  readonly #limits: QueueLimits;
  readonly #served = new Set<Caller>();
  readonly #known: Rank = new Map();
  readonly #strangers: Rank = new Map();
  #waiting = 0;
  /** Served at once. */
  #concurrent: number;
  /** Known callers let in since the last stranger, while strangers waited. */
  #inRow = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.#concurrent = limits.concurrent;
  }

  get concurrent(): number {
    return this.#concurrent;
  }

  /** So many are served at once from now on; returns who is served then. */
  setConcurrent(concurrent: number): readonly Caller[] {
    this.#concurrent = concurrent;
    return this.#fill();
  }

  get served(): number {
    return this.#served.size;
  }

  get waiting(): number {
    return this.#waiting;
  }

  enter(caller: Caller): Entry {
    if (this.#waiting === 0 && this.#served.size < this.#concurrent) {
      this.#served.add(caller);
      return { kind: "admitted" };
    }
    const instead = this.#waiting < this.#limits.waiting ? undefined : this.#whoYieldsTo(caller);
    if (instead === null) return { kind: "refused" };
    if (instead) this.#remove(instead);
    const rank = this.#rankOf(caller);
    const group = rank.get(caller.address);
    if (group) group.push(caller);
    else rank.set(caller.address, [caller]);
    this.#waiting++;
    return { kind: "waiting", instead };
  }

  /** The caller is done, or has gone while it waited. Returns who is served from now on. */
  leave(caller: Caller): readonly Caller[] {
    if (!this.#served.delete(caller)) this.#remove(caller);
    return this.#fill();
  }

  #fill(): readonly Caller[] {
    const admitted: Caller[] = [];
    while (this.#served.size < this.#concurrent) {
      const next = this.#next();
      if (!next) break;
      this.#served.add(next);
      admitted.push(next);
    }
    return admitted;
  }

  #next(): Caller | undefined {
    const strangersTurn = this.#strangers.size > 0 && this.#inRow >= this.#limits.strangersTurn - 1;
    const rank = this.#known.size > 0 && !strangersTurn ? this.#known : this.#strangers;
    const [turn] = rank;
    if (!turn) return undefined;
    const [address, group] = turn;
    this.#inRow = rank === this.#known && this.#strangers.size > 0 ? this.#inRow + 1 : 0;
    const next = group.shift();
    rank.delete(address);
    if (group.length > 0) rank.set(address, group);
    this.#waiting--;
    return next;
  }

  /** Who waits with less right than the caller; null: nobody. The one who came last of an address goes, it has waited least. */
  #whoYieldsTo(caller: Caller): Caller | null {
    const stranger = crowd(this.#strangers);
    if (caller.known && stranger) return stranger.at(-1) ?? null;
    const rank = this.#rankOf(caller);
    const crowded = crowd(rank);
    const own = rank.get(caller.address)?.length ?? 0;
    // One of an address that would still have as many waiting as the caller's then has.
    return crowded && crowded.length > own + 1 ? (crowded.at(-1) ?? null) : null;
  }

  #remove(caller: Caller): void {
    const rank = this.#rankOf(caller);
    const group = rank.get(caller.address);
    const index = group?.indexOf(caller) ?? -1;
    if (!group || index < 0) return;
    group.splice(index, 1);
    if (group.length === 0) rank.delete(caller.address);
    this.#waiting--;
  }

  #rankOf({ known }: Caller): Rank {
    return known ? this.#known : this.#strangers;
  }
}

/** Those of the address of which most wait. */
function crowd(rank: Rank): readonly Caller[] | undefined {
  let crowded: readonly Caller[] | undefined;
  for (const group of rank.values()) if (!crowded || group.length > crowded.length) crowded = group;
  return crowded;
}
