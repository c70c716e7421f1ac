/**
 * Whether a node bears what was written to it. One that leaves again and again right after a version was written to it is not given
 * that version any more: it would reboot for ever. An extender leaves for reasons of its own, too (it changes its link, its parent
 * reboots), so it takes more than two or three. Pure.
 *
 * | state     | `wrote`  | `left`, soon after a write       | `settledFor` long enough | another version holds |
 * |-----------|----------|----------------------------------|--------------------------|-----------------------|
 * | untested  | suspect  |                                  | trusted                  | untested              |
 * | suspect   | suspect  | suspect once more, or tripped    | trusted                  | untested              |
 * | trusted   |          |                                  |                          | untested              |
 * | tripped   |          |                                  |                          | untested              |
 */

import * as limits from "./limits.ts";

export type Breaker =
  | { readonly kind: "untested" }
  /** `writtenAt`: clock ms of the last write; `departures`: how often it has left since the first. */
  | { readonly kind: "suspect"; readonly writtenAt: number; readonly departures: number }
  /** It has stayed for a while with this version. */
  | { readonly kind: "trusted" }
  | { readonly kind: "tripped" };

export const untested: Breaker = { kind: "untested" };
export const trusted: Breaker = { kind: "trusted" };

/** The node has accepted a transaction, or is gone without an answer to one. */
export function wrote(breaker: Breaker, now: number): Breaker {
  switch (breaker.kind) {
    case "untested":
      return { kind: "suspect", writtenAt: now, departures: 0 };
    case "suspect":
      return { ...breaker, writtenAt: now };
    case "trusted":
    case "tripped":
      return breaker;
  }
}

/** The node has shown all that is stated, for `ms` without a break. */
export function settledFor(breaker: Breaker, ms: number): Breaker {
  return breaker.kind !== "tripped" && ms >= limits.breakerTrustMs ? trusted : breaker;
}

/** The node's connection has ended. */
export function left(breaker: Breaker, now: number): Breaker {
  if (breaker.kind !== "suspect" || now - breaker.writtenAt > limits.breakerSuspicionMs) return breaker;
  const departures = breaker.departures + 1;
  return departures >= limits.breakerDisconnects ? { kind: "tripped" } : { ...breaker, departures };
}
