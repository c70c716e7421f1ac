/** What can go wrong in a driver, switched on and off while it runs. */

import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import type { Random } from "@opensync-ts/base/random";
import type { ApAttributes } from "@opensync-ts/target/radio";

export interface Faults {
  /** Keeps only so many ACL entries per vif, reports those, and says nothing of it in its capabilities. */
  readonly aclLimit: number | null;
  /** Probability (0 to 1) that a configuration request has no effect. */
  readonly ignoreRequests: number;
  /** Probability (0 to 1) that a state that was asked for is never reported. */
  readonly loseReports: number;
  /** Milliseconds by which reports come later. */
  readonly reportDelay: number;
  /** Attributes of access points that requests do not change. */
  readonly unsupported: readonly (keyof ApAttributes)[];
  /** Reported for every access point instead of the truth. */
  readonly wrong: Partial<ApAttributes>;
}

export const noFaults: Faults = {
  aclLimit: null,
  ignoreRequests: 0,
  loseReports: 0,
  reportDelay: 0,
  unsupported: [],
  wrong: {},
};

export class FaultSwitch {
  readonly #random: Random;
  readonly #events = new Emitter<{ change: Faults }>();
  #faults: Faults;

  constructor(random: Random, faults: Partial<Faults> = {}) {
    this.#random = random;
    this.#faults = { ...noFaults, ...faults };
  }

  get current(): Faults {
    return this.#faults;
  }

  /** Switches these faults; the others stay as they are. */
  set(faults: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...faults };
    this.#events.emit("change", this.#faults);
  }

  /** Everything works again. */
  clear(): void {
    this.set(noFaults);
  }

  onChange(listener: (faults: Faults) => void): Unsubscribe {
    return this.#events.on("change", listener);
  }

  /** Draws whether something of this probability happens now; certain and impossible things draw nothing. */
  strikes(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.#random.next() < probability;
  }
}
