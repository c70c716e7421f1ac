import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LedState } from "@opensync-ts/target/platform";
import { chooseLeds, type LedClaim, parsePriority } from "./choice.ts";

/** The device's priorities; what is not here it does not show. */
const own = new Map<LedState, number>([
  ["hwerror", 1],
  ["locate", 5],
  ["connectfail", 20],
  ["connecting", 21],
  ["connected", 22],
]);

/** `STATE[@POSITION][:PRIORITY]`, oldest first. */
function claims(text: string): readonly LedClaim[] {
  return text.split(" ").flatMap((each, order) => {
    const [, state, position, priority] = /^(\w+)(?:@(\d+))?(?::(-?\d+))?$/.exec(each) ?? [];
    if (!state) return [];
    return [
      {
        state: state as LedState,
        position: Number(position ?? 0),
        priority: Number(priority ?? -2),
        pattern: [],
        order,
        by: "",
      },
    ];
  });
}

describe("the state of an LED", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["is idle where nobody asks for anything", "", "idle"],
    ["is the one with the lowest priority number", "locate:7 upgrading:3 hwerror:9", "locate"],
    ["is the device's choice where rows leave it to the device", "connected locate", "locate"],
    ["follows a row's own priority", "connected:0 locate", "connected"],
    ["is not one that is switched off", "hwerror:-1 locate", "locate"],
    ["is the younger of two of the same priority", "hwerror:3 locate:3", "locate"],
    ["is connected when that came last", "connecting connected", "connected"],
    ["is connecting when that came last, although it ranks lower", "connected:0 connecting:9", "connecting"],
    ["is not excluded by one that is switched off", "connected connecting:-1", "connected"],
    ["is not one that the device does not show", "locate iotalarm:0", "locate"],
  ];
  for (const [name, asked, expected] of cases) {
    it(name, () => {
      const [led] = chooseLeds(claims(asked), 1, (state) => own.get(state) ?? null);
      assert.equal(led?.state, expected);
    });
  }

  it("is each LED's own", () => {
    const chosen = chooseLeds(claims("connected locate@1 connecting@2"), 3, (state) => own.get(state) ?? null);
    assert.deepEqual(
      chosen.map(({ state }) => state),
      ["connected", "locate", "connecting"],
    );
  });
});

describe("a priority", () => {
  it("is also understood as unsigned writers have it, and nothing else is", () => {
    assert.deepEqual([0, 7, -1, -2, 4294967295, 4294967294].map(parsePriority), [0, 7, -1, -2, -1, -2]);
    assert.deepEqual([-3, 1.5, 2 ** 31, 2 ** 32, Number.NaN].map(parsePriority), [null, null, null, null, null]);
  });
});
