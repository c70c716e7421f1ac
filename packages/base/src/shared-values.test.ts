import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SharedValues } from "./shared-values.ts";

describe("shared values", () => {
  const fresh = () => ({});

  it("are one object for one key", () => {
    const values = new SharedValues<object>(2);
    const a = values.share("a", fresh);
    assert.equal(values.share("a", fresh), a);
    assert.notEqual(values.share("b", fresh), a);
  });

  it("are bounded, and the one asked for the longest time ago goes first", () => {
    const values = new SharedValues<object>(2);
    const a = values.share("a", fresh);
    const b = values.share("b", fresh);
    values.share("a", fresh);
    values.share("c", fresh);
    assert.equal(values.size, 2);
    assert.equal(values.share("a", fresh), a);
    assert.notEqual(values.share("b", fresh), b);
  });

  it("are not there when they could not be made", () => {
    const values = new SharedValues<object>(2);
    const fail = () => {
      throw new Error("no");
    };
    assert.throws(() => values.share("a", fail), /no/);
    assert.equal(values.size, 0);
  });
});
