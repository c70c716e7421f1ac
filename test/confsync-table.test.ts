import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pagePath, withTables } from "../scripts/confsync-table.ts";

describe("docs/confsync.md", () => {
  it("shows the mapping tables as they are in the code", () => {
    const page = readFileSync(pagePath, "utf8");
    assert.equal(page, withTables(page), "out of date: run `npm run docs:confsync`");
  });
});
