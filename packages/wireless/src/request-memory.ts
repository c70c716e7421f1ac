/**
 * What was asked of drivers lately. The same thing is not asked twice while a driver may still be at it, and whatever
 * is new is asked at once. Kept per phy and vif: a change to one does not repeat what others are busy with.
 */

import { isDeepStrictEqual } from "node:util";
import type { Difference, DiffResult, ObjectChange } from "./diff.ts";
import { limits } from "./limits.ts";

interface Asked {
  readonly wanted: unknown;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export class RequestMemory {
  /** By object, then attribute. */
  readonly #asked = new Map<string, Map<string, Asked>>();

  /** The changes of which some part was not asked for, or too long ago. */
  fresh(changes: readonly ObjectChange[], now: number): readonly ObjectChange[] {
    return changes.filter(({ object, differences }) => {
      const asked = this.#asked.get(object);
      return differences.some(({ attribute, wanted }) => {
        const before = asked?.get(attribute);
        return !before || now - before.at >= limits.requestMemory || !isDeepStrictEqual(before.wanted, wanted);
      });
    });
  }

  /** What does not differ any more is done, or withdrawn: should it be wanted again, it is asked for again. Held objects were not looked at. */
  retain({ changes, unverified, withheld, comingUp, postponed }: DiffResult): void {
    const held = new Set([...comingUp, ...postponed].map(({ object }) => object));
    const differing = new Set(
      [...changes, ...unverified, ...withheld].flatMap(({ object, differences }) =>
        differences.map(({ attribute }) => `${object} ${attribute}`),
      ),
    );
    for (const [object, asked] of this.#asked) {
      if (held.has(object)) continue;
      for (const attribute of asked.keys()) if (!differing.has(`${object} ${attribute}`)) asked.delete(attribute);
      if (asked.size === 0) this.#asked.delete(object);
    }
  }

  remember(changes: readonly ObjectChange[], now: number): void {
    for (const { object, differences } of changes) {
      const asked = this.#asked.get(object) ?? new Map<string, Asked>();
      this.#asked.set(object, asked);
      for (const { attribute, wanted } of differences) asked.set(attribute, { wanted, at: now });
    }
  }

  /** When this was asked for, if it was; null: not lately. */
  askedAt(object: string, { attribute, wanted }: Difference): number | null {
    const before = this.#asked.get(object)?.get(attribute);
    return before && isDeepStrictEqual(before.wanted, wanted) ? before.at : null;
  }

  /** Everything about the object, or one attribute. */
  forget(object: string, attribute?: string): void {
    if (attribute === undefined) this.#asked.delete(object);
    else this.#asked.get(object)?.delete(attribute);
  }

  clear(): void {
    this.#asked.clear();
  }
}
