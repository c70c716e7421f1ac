import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isPsk, keyIdOf, keyNameOf, keySpellings, psksOf } from "./psk.ts";

describe("key names", () => {
  it("are 'key' for 0 and 'key-N' for N", () => {
    assert.deepEqual(["key", "key-0", "key-1", "key-12"].map(keyIdOf), [0, 0, 1, 12]);
    assert.deepEqual(
      ["", "key-", "key-x", "key1", "Key", "psk", "key--1", "key-99999"].map(keyIdOf),
      Array(8).fill(null),
    );
  });

  it("come back as they went", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 65_535 }), (id) => keyIdOf(keyNameOf(id)) === id));
  });

  it("keep the configuration's spelling", () => {
    const spellings = keySpellings(
      new Map([
        ["key-0", "a"],
        ["key-01", "b"],
        ["nonsense", "c"],
      ]),
    );
    assert.deepEqual(
      [...spellings],
      [
        [0, "key-0"],
        [1, "key-01"],
      ],
    );
  });
});

describe("multi-PSK", () => {
  it("is sorted by key id", () => {
    const { value, problems } = psksOf(
      "home-ap-24",
      new Map([
        ["key-2", "second-key"],
        ["key", "first-key"],
      ]),
    );
    assert.deepEqual(value, [
      { keyId: 0, psk: "first-key" },
      { keyId: 2, psk: "second-key" },
    ]);
    assert.deepEqual(problems, []);
  });

  it("leaves out what it cannot use and says which key, never the key itself", () => {
    const { value, problems } = psksOf(
      "home-ap-24",
      new Map([
        ["guest", "password-1"],
        ["key", "password-2"],
        ["key-0", "password-3"],
        ["key-4", "short"],
      ]),
    );
    assert.deepEqual(value, [{ keyId: 0, psk: "password-2" }]);
    assert.deepEqual(
      problems.map(({ value: name }) => name),
      ["guest", "key-0", "key-4"],
    );
    assert.doesNotMatch(JSON.stringify(problems), /password|short/);
  });

  it("takes 8 to 63 octets, or 64 hexadecimal digits", () => {
    assert.equal(isPsk("12345678"), true);
    assert.equal(isPsk("pass word=#1"), true);
    assert.equal(isPsk("x".repeat(63)), true);
    assert.equal(isPsk("ab".repeat(32)), true);
    assert.equal(isPsk("x".repeat(64)), false);
    assert.equal(isPsk("1234567"), false);
    assert.equal(isPsk("12345678\nwpa=0"), false);
  });
});
