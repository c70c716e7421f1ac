/** That the circuit breaker has taken a version back: written down as why the version that holds instead was made, and read from there. Pure. */

import * as limits from "./limits.ts";

/** Who takes a version back that a node cannot bear. */
export const breakerActor = "circuit breaker";

export interface TakenBack {
  /** The version that a node could not bear, and the one that holds again. */
  readonly version: number;
  readonly to: number;
  readonly node: string;
  readonly reason: string;
}

/** `version 7: gateway left 5 times …` */
export function whyTakenBack({ version, node, reason }: Omit<TakenBack, "to">): string {
  return `version ${version}: ${node} ${reason}`.slice(0, limits.whyLength);
}

/** Undefined: this version was made by somebody else. */
export function takenBackOf(held: {
  readonly author: string;
  readonly why: string | null;
  readonly restores: number | null;
}): TakenBack | undefined {
  const { author, why, restores: to } = held;
  const [, version, node, reason] = /^version (\d+): (\S+) (.*)$/s.exec(why ?? "") ?? [];
  if (author !== breakerActor || to === null || !node || reason === undefined) return undefined;
  return { version: Number(version), to, node, reason };
}
