/**
 * `AWLAN_Node.led_config`, deprecated: `state` with `priority`, or with `clear`, adds a state to those set before, or takes it
 * away; `mode` (and `pattern`, whose value says nothing) stands for one state alone. An empty map takes all away.
 */

import { type LedState, ledStates } from "@opensync-ts/target/platform";
import { asTheDeviceHasIt, parsePriority } from "./choice.ts";

/** Priorities of the states that are set. */
export type LegacyStates = ReadonlyMap<LedState, number>;

const modes: ReadonlyMap<string, LedState> = new Map([
  ["off", "connected"],
  ["breathe", "connecting"],
  ["pattern", "optimize"],
]);

/** Throws a `RangeError` that says what is wrong with the map. */
export function applyLegacyConfig(states: LegacyStates, config: ReadonlyMap<string, string>): LegacyStates {
  if (config.size === 0) return new Map();
  const name = config.get("state");
  if (name === undefined) return modeOf(config);
  const state = ledStates.find((each) => each === name);
  if (!state) throw new RangeError(`AWLAN_Node led_config: state '${short(name)}' is none of ${ledStates.join(", ")}`);
  const left = new Map([...states].filter(([each]) => each !== state));
  const clear = config.get("clear") ?? "false";
  if (clear !== "false" && clear !== "0") return left;
  const text = config.get("priority");
  const priority = text === undefined || text === "" ? asTheDeviceHasIt : parsePriority(Number(text));
  if (priority === null) {
    throw new RangeError(
      `AWLAN_Node led_config: priority '${short(text ?? "")}' must be a whole number from 0, -1 (not at all) or -2 (the default)`,
    );
  }
  return left.set(state, priority);
}

function modeOf(config: ReadonlyMap<string, string>): LegacyStates {
  const mode = config.get("mode") ?? (config.has("pattern") ? "pattern" : undefined);
  const state = modes.get(mode ?? "");
  if (state) return new Map([[state, asTheDeviceHasIt]]);
  const known = [...modes.keys()].join(", ");
  throw new RangeError(
    mode === undefined
      ? "AWLAN_Node led_config: there is neither state nor mode; give a state of LED_Config"
      : `AWLAN_Node led_config: mode '${short(mode)}' is none of ${known}`,
  );
}

function short(text: string): string {
  return text.slice(0, 40);
}
