/** Says what is wrong with rows once, for as long as it stays wrong: rounds are many, and each finds the same. */

import type { Complaints } from "../complaints.ts";

export class Problems {
  readonly #complaints: Complaints;
  #known: ReadonlySet<string> = new Set();

  constructor(complaints: Complaints) {
    this.#complaints = complaints;
  }

  /** All there are now. */
  get current(): readonly string[] {
    return [...this.#known];
  }

  /** Those of this round. */
  report(problems: readonly string[]): void {
    for (const problem of problems) if (!this.#known.has(problem)) this.#complaints.say(problem);
    this.#known = new Set(problems);
  }
}
