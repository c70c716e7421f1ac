import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Mbo, mboElement, readMbo } from "./mbo.ts";
import { hex, octets } from "./testing/hex.ts";

const cases: readonly (readonly [string, Mbo])[] = [
  ["", {}],
  ["01 01 40", { cellularAware: true }],
  ["01 01 00", { cellularAware: false }],
  ["02 00", { nonPreferred: [{ channels: [], preference: 255, reason: 0 }] }],
  [
    "02 05 51 01 06 00 03 02 04 73 24 01 02",
    {
      nonPreferred: [
        { opClass: 81, channels: [1, 6], preference: 0, reason: 3 },
        { opClass: 115, channels: [36], preference: 1, reason: 2 },
      ],
    },
  ],
  ["03 01 01", { cellularData: "available" }],
  ["03 01 03 04 01 02", { cellularData: "incapable", associationDisallowed: 2 }],
  ["05 01 00", { cellularPreference: "exclude" }],
  ["05 01 01 06 01 05", { cellularPreference: "avoid", transitionReason: 5 }],
  ["05 01 ff 08 02 2c 01", { cellularPreference: "recommend", associationRetryDelay: 300 }],
  ["07 01 06", { transitionRejection: 6 }],
  // A value or a length that an attribute does not have, and an attribute of OCE.
  ["05 01 02", { others: [{ id: 5, body: octets("02") }] }],
  ["08 01 02", { others: [{ id: 8, body: octets("02") }] }],
  ["02 02 51 01", { others: [{ id: 2, body: octets("51 01") }] }],
  ["65 01 0a", { others: [{ id: 0x65, body: octets("0a") }] }],
];

describe("the element of Multiband", () => {
  for (const [text, value] of cases) {
    it(`has the attributes ${text || "(none)"}`, () => {
      const body = octets(`50 6f 9a 16 ${text}`);
      assert.deepEqual(readMbo(body), value);
      assert.equal(hex(mboElement(value)), hex([221, body.length, ...body]));
    });
  }

  it("is told from those of other vendors, and of other types", () => {
    for (const text of ["", "50 6f 9a", "50 6f 9a 09 01", "00 50 f2 16"])
      assert.equal(readMbo(octets(text)), undefined);
  });
});
