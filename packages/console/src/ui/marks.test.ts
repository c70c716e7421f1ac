import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toneMarks, workMarks } from "./marks.ts";

describe("signs beside words", () => {
  for (const [name, marks] of Object.entries({ toneMarks, workMarks })) {
    it(`are told apart and are no emoji: ${name}`, () => {
      const signs = Object.values(marks);
      assert.equal(new Set(signs).size, signs.length);
      for (const sign of signs) assert.doesNotMatch(sign, /\p{Emoji_Presentation}|[\u23e9-\u23fa]/u);
    });
  }
});
