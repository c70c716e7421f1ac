import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pageWith, stories } from "../examples/acl-story/story.ts";

describe("the ACL story", () => {
  it("goes as its page says", async () => {
    const page = readFileSync(join(import.meta.dirname, "../examples/acl-story/README.md"), "utf8");
    let transcript = "";
    for await (const line of stories()) transcript += `${line}\n`;
    assert.match(transcript, /asked 85, holds 64, these 21 are not enforced/);
    assert.match(transcript, /0:03:\d\d\.\d{3} <ERR> .*confsync_watchdog: not settled for 180 s: Aborting/);
    assert.equal(
      pageWith(page, transcript),
      page,
      "run 'node packages/opensync/examples/acl-story/story.ts --write' and read what has changed",
    );
  });
});
