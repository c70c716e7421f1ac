/**
 * Mutators turn what is into what is wanted. They run in the order they are given, each on the result of those
 * before: opinions first (`ow_conf`), rules that bend them after, the limits of the hardware last.
 */

import { type ConfigTree, configTreeOf } from "./config-tree.ts";
import type { Limitation, WirelessState } from "./contract.ts";

export interface Mutator {
  readonly name: string;
  /** Edits `tree` in place. Must depend on its arguments and own opinions only, or confsync may never settle. */
  mutate(tree: ConfigTree, context: MutatorContext): void;
}

export interface MutatorContext {
  readonly state: Pick<WirelessState, "phys" | "vifs">;
  /** Says that something asked for is not going to be. */
  limit(limitation: Limitation): void;
}

export interface BuiltConfig {
  readonly tree: ConfigTree;
  readonly limitations: readonly Limitation[];
}

/**
 * Mutators named in `ordering` come first, in that order; the others keep theirs. Unknown names mean nothing.
 * (`OSW_CONF_MUTATOR_ORDERING`.)
 */
export function orderMutators(mutators: readonly Mutator[], ordering: readonly string[]): readonly Mutator[] {
  const named = ordering.flatMap((name) => mutators.filter((mutator) => mutator.name === name));
  return [...new Set([...named, ...mutators])];
}

export function buildConfig(state: Pick<WirelessState, "phys" | "vifs">, mutators: readonly Mutator[]): BuiltConfig {
  const tree = configTreeOf(state);
  const limitations: Limitation[] = [];
  const context: MutatorContext = { state, limit: (limitation) => limitations.push(limitation) };
  for (const mutator of mutators) mutator.mutate(tree, context);
  return { tree, limitations };
}
