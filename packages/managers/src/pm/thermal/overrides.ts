/**
 * `Node_Config` of the module `TM` changes the device's table of cooling: `SPFAN_state<N>_wifi<i>_temp` (°C from which step N
 * holds), `SPFAN_state<N>_wifi<i>_txchainmask`, `SPFAN_state<N>_fanrpm`.
 */

import type { ThermalStep } from "@opensync-ts/target/platform";
import { pmLimits } from "../limits.ts";
import { type Setting, settingName } from "../node-config.ts";

export const thermalModule = "TM";

export interface ThermalTable {
  /** As `Thermal.sources`. */
  readonly sources: readonly string[];
  readonly steps: readonly ThermalStep[];
  readonly hasFan: boolean;
}

export interface OverriddenTable {
  readonly steps: readonly ThermalStep[];
  /** Settings that cannot be, each with what to do; they are left out. */
  readonly problems: readonly string[];
}

export function isThermalKey(key: string): boolean {
  return /^SPFAN_state\d{1,3}_(?:(?:[A-Za-z0-9.-]+)_(?:temp|txchainmask)|fanrpm)$/.test(key);
}

export function overrideTable(table: ThermalTable, settings: ReadonlyMap<string, Setting>): OverriddenTable {
  const problems: string[] = [];
  const steps = table.steps.map((step) => ({
    above: [...step.above],
    txChainmasks: new Map(step.txChainmasks),
    fanRpm: step.fanRpm,
  }));
  for (const [key, { value }] of [...settings].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      applySetting(table, steps, key, value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(`${settingName(thermalModule, key)}: ${error.message}`);
    }
  }
  for (const [source, name] of table.sources.entries()) {
    const rises = steps.every(
      ({ above }, step) => step < 2 || (above[source] ?? 0) >= (steps[step - 1]?.above[source] ?? 0),
    );
    if (rises) continue;
    problems.push(
      `${settingName(thermalModule, `SPFAN_state*_${name}_temp`)}: the thresholds do not rise from step to step; those of the device stand`,
    );
    for (const [step, { above }] of steps.entries()) {
      const own = table.steps[step]?.above[source];
      if (own !== undefined) above[source] = own;
    }
  }
  return { steps, problems };
}

interface MutableStep {
  readonly above: number[];
  readonly txChainmasks: Map<string, number>;
  fanRpm: number | null;
}

/** Throws a `RangeError` that says what is wrong. */
function applySetting(table: ThermalTable, steps: readonly MutableStep[], key: string, value: string): void {
  const [, number, name = "", what] = /^SPFAN_state(\d{1,3})_(?:(.+)_(temp|txchainmask)|fanrpm)$/.exec(key) ?? [];
  if (!isThermalKey(key) || number === undefined) {
    throw new RangeError(
      "not known; there are SPFAN_state<N>_wifi<i>_temp, SPFAN_state<N>_wifi<i>_txchainmask and SPFAN_state<N>_fanrpm",
    );
  }
  const step = steps[Number(number)];
  if (!step) throw new RangeError(`this device has the steps 0 to ${steps.length - 1}`);
  switch (what) {
    case "temp": {
      const source = table.sources.indexOf(name);
      if (source < 0) throw new RangeError(`there is no temperature '${name}'; there are ${table.sources.join(", ")}`);
      if (Number(number) === 0) throw new RangeError("step 0 holds at any temperature");
      step.above[source] = whole(value, 1, pmLimits.maxTemperature, "°C");
      break;
    }
    case "txchainmask": {
      const radios = new Set(table.steps.flatMap(({ txChainmasks }) => [...txChainmasks.keys()]));
      if (!radios.has(name))
        throw new RangeError(`there is no radio '${name}' to cool; there are ${[...radios].join(", ")}`);
      step.txChainmasks.set(name, whole(value, 1, pmLimits.maxChainmask, ""));
      break;
    }
    default:
      if (!table.hasFan) throw new RangeError("this device has no fan");
      step.fanRpm = whole(value, 0, pmLimits.maxFanRpm, "rpm");
  }
}

function whole(text: string, least: number, most: number, unit: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`'${text.slice(0, 40)}' must be a whole number from ${least} to ${most} ${unit}`.trimEnd());
}
