/** What those who watch steering share: the home, its nodes, and where to tell what must not be. */

import type { Mac } from "@opensync-ts/base/units";
import type { Explanation } from "@opensync-ts/wireless/steering/explanation";
import type { ClientSettings } from "@opensync-ts/wireless/steering/settings";
import type { Steering } from "@opensync-ts/wireless/steering/steering";
import type { LiveHome, LiveNode } from "../../../bench/steering/live-home.ts";

export interface WatchedNode {
  readonly node: LiveNode;
  readonly steering: Steering;
  /** Until when a fault of its drivers is to blame; bounds count from then on. 0: never. Monotonic ms. */
  excusedUntil(): number;
  /** When an access point of it was last told to go up or down. */
  switchedAt(): number;
}

export interface WatchedHome {
  readonly home: LiveHome;
  readonly nodes: readonly WatchedNode[];
  readonly clients: readonly Mac[];
  settingsOf(client: Mac): ClientSettings;
  /** When its row was last written. */
  settledAt(client: Mac): number;
  broken(words: string): void;
}

/** Of the one group that each node has. */
export function explanationOf({ steering }: WatchedNode, client: Mac): Explanation | null {
  return steering.explain(client)[0] ?? null;
}

/** By client, or by node and client: what is remembered of each. */
export class Memory<Value> {
  readonly #values = new Map<string, Value>();
  readonly #make: () => Value;

  constructor(make: () => Value) {
    this.#make = make;
  }

  of(...key: readonly string[]): Value {
    const name = key.join(" ");
    const value = this.#values.get(name) ?? this.#make();
    this.#values.set(name, value);
    return value;
  }
}
