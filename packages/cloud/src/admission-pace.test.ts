import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { paced } from "./admission-pace.ts";
import * as limits from "./limits.ts";

describe("how many are served at once", () => {
  it("becomes more, one by one, while turns are short, up to the most", () => {
    let present = limits.firstAtOnce;
    for (let turn = 0; turn < 100; turn++) present = paced(present, 0, 64);
    assert.equal(present, 64);
  });

  it("is half with each long turn, but never nobody", () => {
    assert.equal(paced(64, limits.longTurnMs, 64), 32);
    assert.equal(paced(limits.leastAtOnce, 10_000, 64), limits.leastAtOnce);
    assert.equal(paced(1, 10_000, 1), 1);
  });

  it("stays where turns are neither short nor long", () => assert.equal(paced(20, limits.shortTurnMs, 64), 20));
});
