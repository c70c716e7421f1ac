import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostnameOf } from "./host-identity.ts";

describe("the host name of a device", () => {
  for (const [name, expected] of [
    ["tablet", "tablet"],
    ["Bob's phone", "Bobs-phone"],
    ["Zoë’s  Téléphone", "Zoes-Telephone"],
    ["-- a (b) --", "a-b"],
    ["шум", ""],
    [`${"x".repeat(62)} yz`, "x".repeat(62)],
  ] as const) {
    it(`is made of its name as phones do: ${name}`, () => assert.equal(hostnameOf(name), expected));
  }
});
