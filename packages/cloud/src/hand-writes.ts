/** What people have written into a node's rows by hand, as far as somebody may ask who that was, and what stood there before. */

import * as limits from "./limits.ts";
import type { Plain } from "./workbench/plain.ts";

export interface HandWrite {
  readonly table: string;
  /** What the row is called: `wifi0`. */
  readonly row: string;
  readonly column: string;
  readonly before: Plain;
  readonly after: Plain;
  /** `ana` */
  readonly name: string;
  /** Wall clock, ms. */
  readonly at: number;
}

export interface RememberedWrite extends HandWrite {
  /** What stood there before somebody wrote what is not followed. */
  readonly origin: Plain;
}

export class HandWrites {
  /** By place; the newest is last. */
  readonly #writes = new Map<string, RememberedWrite>();

  /** `isFollowed`: what stood there until now was so. Returns what forgets it again, where it was not written after all. */
  add(write: HandWrite, isFollowed: boolean): () => void {
    const place = placeOf(write);
    const former = this.#writes.get(place);
    const isChain = former !== undefined && !isFollowed && same(former.after, write.before);
    const added = { ...write, origin: isChain ? former.origin : write.before };
    this.#writes.delete(place);
    this.#writes.set(place, added);
    for (const oldest of this.#writes.keys()) {
      if (this.#writes.size <= limits.handWrites) break;
      this.#writes.delete(oldest);
    }
    return () => {
      if (this.#writes.get(place) !== added) return;
      this.#writes.delete(place);
      if (former) this.#writes.set(place, former);
    };
  }

  /** Who wrote that this stands there; undefined: nobody of whom is known. */
  of(table: string, row: string, column: string, value: Plain): RememberedWrite | undefined {
    const write = this.#writes.get(placeOf({ table, row, column }));
    return write && same(write.after, value) ? write : undefined;
  }

  /** Who wrote that this no longer stands there. */
  endOf(table: string, row: string, column: string, value: Plain): RememberedWrite | undefined {
    const write = this.#writes.get(placeOf({ table, row, column }));
    return write && same(write.before, value) && !same(write.after, value) ? write : undefined;
  }
}

function placeOf({ table, row, column }: Pick<HandWrite, "table" | "row" | "column">): string {
  return `${table} ${row} ${column}`;
}

function same(a: Plain, b: Plain): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
