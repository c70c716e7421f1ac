/** What a session is doing, what it has done, and what it tells. */

import type { RowStatus } from "./row-status.ts";

/**
 * | state       | meaning                                                        | left by                        |
 * |-------------|----------------------------------------------------------------|--------------------------------|
 * | `MIRRORING` | the first copy of the tables is on its way                     | its arrival                    |
 * | `HELD`      | of no home, or in quarantine: served, not written              | a change of its identity or of the home |
 * | `WRITING`   | a transaction is on its way, or its effect back to the mirror  | both, refusal                  |
 * | `WAITING`   | a transaction was refused; a pause                             | the end of the pause           |
 * | `VERIFYING` | all is written; some State rows do not show it yet             | any change, a deadline         |
 * | `SETTLED`   | all is written and proven                                      | any change                     |
 * | `UNSETTLED` | nothing to write now, but some rows failed; their reasons say why | any change, a deadline      |
 * | `CLOSED`    | the connection is gone                                         |                                |
 */
export type SessionState =
  | "MIRRORING"
  | "HELD"
  | "WRITING"
  | "WAITING"
  | "VERIFYING"
  | "SETTLED"
  | "UNSETTLED"
  | "CLOSED";

/** Since the session began. */
export interface SessionCounters {
  /** Row changes the node accepted: 0 for a node that was as stated. */
  readonly writes: number;
  readonly transactions: number;
  /** Transactions the node refused (a guard that no longer held, a constraint). */
  readonly refused: number;
}

export type SessionEvent =
  | { readonly kind: "state"; readonly from: SessionState; readonly to: SessionState; readonly reason: string }
  | { readonly kind: "written"; readonly changes: readonly string[] }
  | { readonly kind: "row"; readonly row: RowStatus }
  /** Radios that are not as they were told are others now. */
  | { readonly kind: "radios" }
  /** A radio has gone to another channel, on or off the air, or listens for radar. */
  | { readonly kind: "air" }
  /** It does not answer who looks at it, or is heard of again. */
  | { readonly kind: "silence"; readonly isSilent: boolean };
