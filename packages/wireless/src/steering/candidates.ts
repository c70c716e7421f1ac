/**
 * The candidates of one station: every BSS it could be on, and what policies think of it. The first policy that has a say on a
 * candidate decides; the others see what it said.
 */

import type { Mac } from "@opensync-ts/base/units";
import type { Bss } from "./model.ts";

/**
 * `HARD_BLOCKED`: refused, and moved away from. `SOFT_BLOCKED`: refused only. `OUT_OF_SCOPE`: not touched. `NONE`:
 * nobody has decided yet.
 */
export type Preference = "NONE" | "AVAILABLE" | "HARD_BLOCKED" | "SOFT_BLOCKED" | "OUT_OF_SCOPE";

export interface Candidate {
  readonly bss: Bss;
  readonly preference: Preference;
  /** The policy that decided, `default` where none did. */
  readonly by: string;
  readonly reason: string;
}

interface Entry {
  readonly bss: Bss;
  preference: Preference;
  by: string;
  reason: string;
}

export class CandidateList {
  readonly #entries: ReadonlyMap<Mac, Entry>;

  constructor(bsses: readonly Bss[]) {
    this.#entries = new Map(bsses.map((bss) => [bss.bssid, { bss, preference: "NONE", by: "", reason: "" }]));
  }

  get all(): readonly Candidate[] {
    return [...this.#entries.values()];
  }

  get(bssid: Mac): Candidate | undefined {
    return this.#entries.get(bssid);
  }

  /** True where `by` was the first to decide. */
  set(bssid: Mac, preference: Exclude<Preference, "NONE">, by: string, reason: string): boolean {
    const entry = this.#entries.get(bssid);
    if (entry?.preference !== "NONE") return false;
    entry.preference = preference;
    entry.by = by;
    entry.reason = reason;
    return true;
  }

  /** What nobody has decided is available. */
  finish(): void {
    for (const bssid of this.#entries.keys()) this.set(bssid, "AVAILABLE", "default", "no policy objects");
  }
}

/** Undecided, or decided for. */
export function isOpen({ preference }: Candidate): boolean {
  return preference === "NONE" || preference === "AVAILABLE";
}
