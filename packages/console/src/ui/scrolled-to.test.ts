import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moreBeyond, scrolledTo } from "./scrolled-to.ts";

describe("a row of links", () => {
  for (const [title, row, expected] of [
    ["stays where the chosen one is seen", { scrolled: 40, room: 300, begin: 0, end: 90 }, 40],
    ["goes on to one that is beyond its end", { scrolled: 0, room: 300, begin: 280, end: 380 }, 180],
    ["goes back to one that is before its beginning", { scrolled: 200, room: 300, begin: -80, end: 20 }, 20],
  ] as const) {
    it(title, () => assert.equal(scrolledTo(row), expected));
  }

  for (const [scrolled, width, expected] of [
    [0, 300, "none"],
    [0, 301, "none"],
    [0, 500, "end"],
    [100, 500, "both"],
    [200, 500, "start"],
  ] as const) {
    it(`of ${width} px in 300, scrolled by ${scrolled}, has more beyond: ${expected}`, () =>
      assert.equal(moreBeyond({ scrolled, room: 300, width }), expected));
  }
});
