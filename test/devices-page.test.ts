import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pagePath, withTables } from "../scripts/device-table.ts";

describe("docs/devices.md", () => {
  it("shows the device classes as they are", () => {
    const page = readFileSync(pagePath, "utf8");
    assert.equal(page, withTables(page), "out of date: run `npm run docs:devices`");
  });
});
