/** What can be on the flash of a gateway, as seen from outside: what is in force now, or what was until a moment ago. */

import { second } from "../cloudless-home.ts";

/** Saved for certain: the debounce and a little more. */
const savedWithin = 20 * second;

export class StoredGuess {
  #candidates: Set<string> | null = new Set();
  #inForce: { readonly text: string; readonly since: number } | null = null;

  /** Configurations, one of which is stored. `null`: nobody knows, the flash was not well. */
  get candidates(): ReadonlySet<string> | null {
    return this.#candidates && new Set(this.#candidates);
  }

  /** It is in force, and kept. `null`: nothing is, for now. */
  follow(text: string | null, now: number): void {
    if (text === null) {
      this.#inForce = null;
      return;
    }
    if (this.#inForce?.text !== text) this.#inForce = { text, since: now };
    this.#candidates?.add(text);
  }

  /** PM serves and has nothing left to store: what has been in force for long enough is on the flash, and nothing else. */
  settle(now: number): void {
    if (this.#inForce && now - this.#inForce.since > savedWithin) this.#candidates = new Set([this.#inForce.text]);
  }

  erased(): void {
    this.#candidates = new Set();
    this.#inForce = null;
  }

  unknown(): void {
    this.#candidates = null;
  }
}
