import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newsWords } from "./news-words.ts";

describe("a document that has changed while somebody was at it", () => {
  it("is no alarm where the two do not touch: what has changed is named, and one's own stays", () => {
    const own = newsWords("you", false);
    assert.equal(own.title, "Since you began, you changed this elsewhere:");
    assert.equal(own.left, "Your changes here stay as they are:");
    assert.equal(newsWords("bob", false).title, "Since you began, bob changed this:");
  });

  it("is one where both have changed the same, and nobody is “they” to themselves", () => {
    assert.equal(newsWords("bob", true).title, "bob has changed this while you did");
    assert.doesNotMatch(Object.values(newsWords("you", true)).join(), /\b(their|they)/i);
  });
});
