/**
 * Which state each LED shows: of all that are asked for, the one with the lowest priority number. Of `connected`,
 * `connecting` and `connectfail` only the youngest counts, as they exclude each other.
 */

import type { LedState, LedStep } from "@opensync-ts/target/platform";

/** Somebody's wish to see a state. */
export interface LedClaim {
  readonly state: LedState;
  readonly position: number;
  /** As in `LED_Config.priority`: 0 the highest, -1 not at all, -2 as the device has it. */
  readonly priority: number;
  readonly pattern: readonly LedStep[];
  /** The larger, the younger. */
  readonly order: number;
  /** For people: whose wish it is. */
  readonly by: string;
}

export interface LedShown {
  readonly state: LedState;
  readonly pattern: readonly LedStep[];
  readonly by: string;
}

const exclusive: ReadonlySet<LedState> = new Set<LedState>(["connected", "connecting", "connectfail"]);

/** One entry per LED. `priorityOf`: the device's own priorities; `null`: it does not show that state, whoever asks. */
export function chooseLeds(
  claims: readonly LedClaim[],
  count: number,
  priorityOf: (state: LedState) => number | null,
): readonly LedShown[] {
  return Array.from({ length: count }, (_, position) => {
    const here = claims.flatMap((claim) => {
      const own = priorityOf(claim.state);
      if (claim.position !== position || claim.priority === disabled || own === null) return [];
      return [{ ...claim, priority: claim.priority === asTheDeviceHasIt ? own : claim.priority }];
    });
    const youngest = here.filter(({ state }) => exclusive.has(state)).reduce(younger, null);
    const ranked = here
      .filter((claim) => !exclusive.has(claim.state) || claim === youngest)
      .sort((a, b) => a.priority - b.priority || b.order - a.order);
    return ranked[0] ?? { state: "idle", pattern: [], by: "nobody asks for anything" };
  });
}

function younger(best: LedClaim | null, claim: LedClaim): LedClaim {
  return best && best.order >= claim.order ? best : claim;
}

export const disabled = -1;
export const asTheDeviceHasIt = -2;

/** `LED_Config.priority`, also as unsigned writers have it; `null`: none. */
export function parsePriority(priority: number): number | null {
  const signed = priority >= 2 ** 31 && priority < 2 ** 32 ? priority - 2 ** 32 : priority;
  return Number.isInteger(signed) && signed >= asTheDeviceHasIt && signed < 2 ** 31 ? signed : null;
}
