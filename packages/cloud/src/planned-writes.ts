/** What a session would write to its node. */

import type { Change } from "./reconcile.ts";
import type { Refusal } from "./rows.ts";

export interface PlannedWrites {
  readonly changes: readonly Change[];
  /** What the home states and the node cannot do. */
  readonly refusals: readonly Refusal[];
}
