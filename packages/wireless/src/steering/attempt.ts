/** A move of a client: as it goes on, and how it ended. */

import type { Mac } from "@opensync-ts/base/units";
import type { KickSource, PolicyName } from "./policy-names.ts";
import type { Ladder } from "./settings.ts";

export type ExecutorPhase = "MEASURING" | "BLOCKING" | "REQUESTING" | "DEAUTHENTICATED" | "SETTLING";

export interface Attempt {
  readonly phase: ExecutorPhase;
  readonly policy: PolicyName;
  readonly source: KickSource;
  readonly ladder: Ladder;
  readonly startedAt: number;
  /** The next rung is due then. */
  readonly next: number;
  /** Where the client was. */
  readonly from: readonly Mac[];
  readonly requests: number;
  readonly deauths: number;
  /** Dialog token of the last BTM request. */
  readonly token: number | null;
  /** Of the last BTM response. */
  readonly status: number | null;
  /** Where it said that it would go. */
  readonly target: Mac | null;
  /** What the last request offered. */
  readonly offered: readonly Mac[];
  /** The drivers refuse it where they should. */
  readonly verified: boolean;
  readonly trail: readonly string[];
}

export interface Outcome {
  readonly policy: PolicyName;
  readonly source: KickSource;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly from: readonly Mac[];
  /** null: nobody knows. */
  readonly to: Mac | null;
  /** `left`: gone to another node, as far as can be told. `aborted`: no need any more, or something more important. */
  readonly result: "moved" | "left" | "failed" | "aborted" | "no alternatives";
  readonly reason: string;
  readonly requests: number;
  readonly deauths: number;
  readonly status: number | null;
  /** What was done, in order. */
  readonly trail: readonly string[];
}
