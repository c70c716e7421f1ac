/** Which step of cooling a device needs, by its averaged temperatures. */

import type { ThermalStep } from "@opensync-ts/target/platform";
import { pmLimits } from "../limits.ts";

/** Averages the last samples of each source. */
export class MovingAverage {
  readonly #samples: (number | null)[][];

  constructor(sources: number) {
    this.#samples = Array.from({ length: sources }, () => []);
  }

  /** °C by source; `null` where it could not be read. Returns the averages; `null`: none of the last could be read. */
  add(readings: readonly (number | null)[]): readonly (number | null)[] {
    return this.#samples.map((samples, index) => {
      samples.push(readings[index] ?? null);
      if (samples.length > pmLimits.thermalSamples) samples.shift();
      const known = samples.filter((sample) => sample !== null);
      return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length;
    });
  }
}

/**
 * One step hotter when any source has reached the threshold of the next; one cooler when all that can be read are 3 °C below
 * that of the present one. Where nothing can be read nothing is known, and the step stays.
 */
export function nextStep(steps: readonly ThermalStep[], step: number, averages: readonly (number | null)[]): number {
  const known = averages.flatMap((average, source) => (average === null ? [] : [{ average, source }]));
  const threshold = (of: number, source: number) => steps[of]?.above[source] ?? Number.POSITIVE_INFINITY;
  if (step + 1 < steps.length && known.some(({ average, source }) => average >= threshold(step + 1, source))) {
    return step + 1;
  }
  const cooler = ({ average, source }: (typeof known)[number]) =>
    average < threshold(step, source) - pmLimits.thermalHysteresis;
  return step > 0 && known.length > 0 && known.every(cooler) ? step - 1 : step;
}

/**
 * What `thermal_tx_chainmask` has to be. It takes the place of `tx_chainmask`, which therefore limits it. In step 0, where
 * nothing is to be cooled, it appears only to undo what was set before.
 */
export function chainmaskOf(
  step: number,
  ofStep: number | undefined,
  row: { readonly tx_chainmask: number | null; readonly thermal_tx_chainmask: number | null },
): number | null {
  if (ofStep === undefined) return null;
  if (step === 0 && row.thermal_tx_chainmask === null) return null;
  const asked = row.tx_chainmask ?? 0;
  if (asked <= 0) return ofStep;
  // One chain is the least, of those that are asked for.
  return ofStep & asked || asked & -asked;
}

/** The last step is in force, and it is not enough. */
export function isTooHot(steps: readonly ThermalStep[], step: number, averages: readonly (number | null)[]): boolean {
  if (step === 0 || step < steps.length - 1) return false;
  const above = steps[step]?.above ?? [];
  return averages.some((average, source) => average !== null && average >= (above[source] ?? Number.POSITIVE_INFINITY));
}
