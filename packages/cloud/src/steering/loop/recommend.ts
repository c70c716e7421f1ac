/** Decisions that are told, and not carried out. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { OptimiserPolicy } from "../optimiser/policy.ts";
import type { OptimiserState } from "../optimiser/state.ts";

/** Nobody has been asked: what was recommended is not repeated before the time of rest is over. */
export function withoutMoves(state: OptimiserState, now: number, { restMs }: OptimiserPolicy): OptimiserState {
  return {
    clients: state.clients.map((client) =>
      client.move === null ? client : { ...client, move: null, notBefore: Math.max(client.notBefore, now + restMs) },
    ),
  };
}

/** As if nothing had ever gone wrong with a client. What is under way stays so. */
export function withoutBackoff(state: OptimiserState, mac: Mac): OptimiserState {
  return {
    clients: state.clients.map((client) =>
      client.mac === mac ? { ...client, failures: 0, notBefore: 0, blocked: [] } : client,
    ),
  };
}
