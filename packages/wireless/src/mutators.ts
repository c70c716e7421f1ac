/**
 * Mutators turn what is into what is wanted. They run in the order they are given, each on the result of those
 * before: opinions first (`ow_conf`), rules that bend them after, the limits of the hardware last.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { type ConfigTree, configTreeOf } from "./config-tree.ts";
import type { Limitation, WirelessState } from "./contract.ts";

export interface Mutator {
  readonly name: string;
  /**
   * Edits `tree` in place. Must depend on its arguments, own opinions and own memory only, and do the same again when
   * called again with nothing new: it is called to compare, to verify and just to look. What it asks for must come to
   * rest when the state does, or confsync never settles.
   */
  mutate(tree: ConfigTree, context: MutatorContext): void;
  /** Cancels timers and stops listening. */
  stop?(): void;
}

/** For mutators that remember: rules that wait for a time, or hear of events. */
export interface MutatorTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: Pick<WirelessState, "phys" | "vifs" | "stations" | "events">;
  /** From now on it edits the tree in another way, though no phy or vif has changed. */
  readonly invalidate: () => void;
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
  const context: MutatorContext = { state, limit: (limitation) => addLimitation(limitations, limitation) };
  for (const mutator of mutators) mutator.mutate(tree, context);
  return { tree, limitations };
}

/** Of limits to one attribute that follow each other, people are told what was asked first and what is held last. */
function addLimitation(limitations: Limitation[], limitation: Limitation): void {
  const { phy, vif, attribute } = limitation;
  const index = limitations.findIndex((one) => one.phy === phy && one.vif === vif && one.attribute === attribute);
  const first = limitations[index];
  if (!first) limitations.push(limitation);
  else if (first.asked === limitation.holds) limitations.splice(index, 1);
  else {
    const notEnforced = [...first.notEnforced, ...limitation.notEnforced];
    limitations[index] = { ...limitation, asked: first.asked, notEnforced };
  }
}

/** The mutators of one wireless core at work. */
export class MutatorChain {
  readonly #clock: Clock;
  readonly #state: Pick<WirelessState, "phys" | "vifs">;
  readonly #mutators: readonly Mutator[];
  readonly #onInvalid: () => void;
  #building = 0;
  #later: Timer | undefined;

  /** `onInvalid`: `build` gives something else from now on. */
  constructor(options: {
    clock: Clock;
    state: Pick<WirelessState, "phys" | "vifs">;
    mutators: readonly Mutator[];
    onInvalid: () => void;
  }) {
    this.#clock = options.clock;
    this.#state = options.state;
    this.#mutators = options.mutators;
    this.#onInvalid = options.onInvalid;
  }

  build(): BuiltConfig {
    this.#building++;
    try {
      return buildConfig(this.#state, this.#mutators);
    } finally {
      this.#building--;
    }
  }

  /** What somebody wants while the tree is being built (an observer of a mutator, say) is for the next one. */
  invalidate(): void {
    if (this.#building === 0) this.#onInvalid();
    else
      this.#later ??= this.#clock.setTimer(0, () => {
        this.#later = undefined;
        this.#onInvalid();
      });
  }

  stop(): void {
    this.#later?.cancel();
    for (const mutator of this.#mutators) mutator.stop?.();
  }
}
