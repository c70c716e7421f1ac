import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { downLook, lookOf, unknownLook, weakLook } from "./line-looks.ts";

describe("lines of the map", () => {
  const line = { isDown: false, isUnknown: false, isWeak: false };

  it("look another way each where they are weak, not known, or not there, without their colour", () => {
    assert.deepEqual(lookOf(line).dashes, []);
    assert.equal(lookOf({ ...line, isWeak: true }), weakLook);
    assert.equal(lookOf({ ...line, isWeak: true, isUnknown: true }), unknownLook);
    assert.equal(lookOf({ ...line, isUnknown: true, isDown: true }), downLook);
    assert.deepEqual([weakLook.sign, unknownLook.sign, downLook.sign], [null, "?", "×"]);
    // Dashes are many times as long as dots.
    const [dash = 0, dot = 0] = [weakLook.dashes[0], unknownLook.dashes[0]];
    assert.ok(dash > 10 * dot);
  });
});
