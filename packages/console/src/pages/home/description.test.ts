import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { foldText } from "./description.ts";

describe("the number of a node's clients", () => {
  for (const [isFolded, count, words] of [
    [false, 5, "Hide the 5 clients of gateway in the map"],
    [true, 1, "Show the 1 client of gateway in the map"],
  ] as const)
    it(`is called so that what is seen stands in it: ${words}`, () =>
      assert.equal(foldText(isFolded, count, "gateway"), words));
});
