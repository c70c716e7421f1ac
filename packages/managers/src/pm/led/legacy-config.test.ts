import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyLegacyConfig, type LegacyStates } from "./legacy-config.ts";

/** The states after maps like `state=locate,priority=3`, one after the other. */
function after(...maps: readonly string[]): string {
  const states = maps.reduce<LegacyStates>((before, text) => {
    const pairs = text.split(",").filter((each) => each !== "");
    return applyLegacyConfig(before, new Map(pairs.map((each) => each.split("=", 2) as [string, string])));
  }, new Map());
  return [...states].map(([state, priority]) => `${state}:${priority}`).join(" ");
}

describe("the deprecated led_config of AWLAN_Node", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["sets a state with the device's priority", ["state=locate"], "locate:-2"],
    ["sets a state with a priority of its own", ["state=locate,priority=3"], "locate:3"],
    ["adds a state to those before", ["state=connected", "state=locate"], "connected:-2 locate:-2"],
    ["clears a state", ["state=connected", "state=locate", "state=locate,clear=true"], "connected:-2"],
    ["does not clear with false", ["state=locate,clear=false"], "locate:-2"],
    ["takes modes of old", ["mode=off"], "connected:-2"],
    ["has one mode at a time", ["state=locate", "mode=breathe"], "connecting:-2"],
    ["takes a pattern of old for optimize", ["pattern=7"], "optimize:-2"],
    ["clears all with an empty map", ["state=locate", ""], ""],
  ];
  for (const [name, maps, expected] of cases) it(name, () => assert.equal(after(...maps), expected));

  it("that makes no sense is refused", () => {
    assert.throws(() => after("state=party"), /state 'party' is none of idle, error, connected/);
    assert.throws(() => after("state=locate,priority=high"), /priority 'high' must be a whole number/);
    assert.throws(() => after("mode=disco"), /mode 'disco' is none of off, breathe, pattern/);
    assert.throws(() => after("colour=red"), /there is neither state nor mode/);
  });
});
