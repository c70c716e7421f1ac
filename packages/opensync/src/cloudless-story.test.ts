import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { steps } from "./testing/cloudless-flow.ts";
import { pageFile, pageWith, story } from "./testing/cloudless-story.ts";

describe("the life of a gateway that can do without its cloud", () => {
  it("has the seventeen steps, in their order", () => {
    assert.deepEqual(
      steps.map(({ number }) => number),
      Array.from({ length: 17 }, (_, index) => index + 1),
    );
  });

  it("goes as its page says, each step asserted", async () => {
    const page = readFileSync(pageFile, "utf8");
    let transcript = "";
    for await (const line of story()) transcript += `${line}\n`;
    assert.equal(
      pageWith(page, transcript),
      page,
      "run 'node packages/opensync/src/testing/cloudless-story.ts --write' and read what has changed",
    );
  });
});
