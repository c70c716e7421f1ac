/** `LED_Config.pattern` of the state `cloud`: steps separated by spaces, each `duration,red;green;blue,fade`. */

import type { LedStep } from "@opensync-ts/target/platform";
import { pmLimits } from "../limits.ts";

/** Times in ms, colours 0 to 255. Throws a `RangeError` that says which step is wrong and what one is. */
export function parsePattern(text: string): readonly LedStep[] {
  if (text.length > pmLimits.patternLength) {
    throw new RangeError(`pattern: longer than ${pmLimits.patternLength} characters`);
  }
  const steps = text.split(" ").filter((part) => part !== "");
  if (steps.length === 0) throw new RangeError(`pattern: empty; ${form}`);
  if (steps.length > pmLimits.patternSteps) throw new RangeError(`pattern: more than ${pmLimits.patternSteps} steps`);
  return steps.map((step, index) => parseStep(step, `pattern: step ${index + 1} '${step.slice(0, shown)}'`));
}

const form = "each step is DURATION,RED;GREEN;BLUE,FADE, in ms and 0 to 255";
const shown = 40;

function parseStep(step: string, where: string): LedStep {
  const match = /^(\d{1,9}),(\d{1,3});(\d{1,3});(\d{1,3}),(\d{1,9})$/.exec(step);
  if (!match) throw new RangeError(`${where}: ${form}`);
  const [duration = 0, red = 0, green = 0, blue = 0, fade = 0] = match.slice(1).map(Number);
  if (duration < 1 || duration > pmLimits.patternStepMs) {
    throw new RangeError(`${where}: it lasts 1 to ${pmLimits.patternStepMs} ms`);
  }
  if (fade > duration) throw new RangeError(`${where}: it fades longer than it lasts`);
  if (Math.max(red, green, blue) > 255) throw new RangeError(`${where}: colours are 0 to 255`);
  return { duration, red, green, blue, fade };
}
