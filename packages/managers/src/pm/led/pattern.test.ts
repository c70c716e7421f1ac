import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePattern } from "./pattern.ts";

describe("a pattern of LED_Config", () => {
  it("is steps of a duration, a colour and a fade", () => {
    assert.deepEqual(parsePattern(" 500,255;0;16,100  1000,0;0;0,0 "), [
      { duration: 500, red: 255, green: 0, blue: 16, fade: 100 },
      { duration: 1000, red: 0, green: 0, blue: 0, fade: 0 },
    ]);
  });

  it("that is none is refused with the step and what one is", () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ["", /pattern: empty; each step is DURATION,RED;GREEN;BLUE,FADE/],
      ["500,1;2;3", /step 1 '500,1;2;3': each step is/],
      ["500,1;2;3,0 red", /step 2 'red': each step is/],
      ["500,1;2;300,0", /colours are 0 to 255/],
      ["0,1;2;3,0", /it lasts 1 to 3600000 ms/],
      ["999999999,1;2;3,0", /it lasts 1 to 3600000 ms/],
      ["100,1;2;3,200", /it fades longer than it lasts/],
      ["-5,1;2;3,0", /each step is/],
      ["1,1;1;1,0 ".repeat(1_001), /longer than 10000 characters/],
    ];
    for (const [text, message] of wrong) assert.throws(() => parsePattern(text), message);
  });

  it("is either understood or refused, whatever it is", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9,; ]{0,60}$/));
    fc.assert(
      fc.property(text, (pattern) => {
        try {
          for (const { duration, fade } of parsePattern(pattern)) assert.ok(duration > 0 && fade <= duration);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
    );
  });
});
