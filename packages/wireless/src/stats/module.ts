/**
 * Statistics modules of third parties. A module is made in two phases (`OSW_MODULE`): `init` builds what it needs and talks to
 * nobody; `attach` connects it to the bus. All modules have been built before the first one is attached.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { StatsBus } from "./contract.ts";

export interface StatsModuleDefinition<State> {
  /** Names it in the log. */
  readonly name: string;
  readonly init: (tools: StatsModuleTools) => State;
  /** The result, if any, undoes it. */
  readonly attach: (state: State, stats: StatsBus) => (() => void) | undefined;
}

export interface StatsModuleTools {
  readonly clock: Clock;
  readonly log: Log;
}

/** A definition whose state is its own business. */
export interface StatsModule {
  readonly name: string;
  /** Builds it; the result attaches it. */
  readonly init: (tools: StatsModuleTools) => (stats: StatsBus) => (() => void) | undefined;
}

export function defineStatsModule<State>(definition: StatsModuleDefinition<State>): StatsModule {
  const { name, init, attach } = definition;
  return {
    name,
    init: (tools) => {
      const state = init(tools);
      return (stats) => attach(state, stats);
    },
  };
}

/** One that throws is left out, with a line that says so. The result detaches all of them, the last one first. */
export function startStatsModules(
  modules: readonly StatsModule[],
  { stats, clock, log }: StatsModuleTools & { readonly stats: StatsBus },
): () => void {
  const guarded = <T>(name: string, phase: string, step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      log.error(`osw: stats: module ${name}: ${phase} failed: ${messageOf(error)}`);
      return undefined;
    }
  };
  const built = modules.map(({ name, init }) => ({ name, attach: guarded(name, "init", () => init({ clock, log })) }));
  const attached = built.map(({ name, attach }) => ({ name, detach: guarded(name, "attach", () => attach?.(stats)) }));
  return () => {
    for (const { name, detach } of attached.toReversed()) guarded(name, "detach", () => detach?.());
  };
}
