import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstView, searchOf, type View, viewFrom } from "./view.ts";

describe("the Workbench's address", () => {
  for (const view of [
    firstView,
    { part: "tables", table: "Wifi_VIF_Config", filter: "ssid=Home enabled" },
    { part: "messages", table: firstView.table, filter: "update" },
    { part: "checks", table: firstView.table, filter: "" },
  ] satisfies View[]) {
    it(`opens the same view again: ${JSON.stringify(searchOf(view))}`, () =>
      assert.deepEqual(viewFrom(searchOf(view)), view));
  }

  it("is short where all is as at first", () =>
    assert.deepEqual(
      Object.values(searchOf(firstView)).filter((value) => value !== undefined),
      [],
    ));

  it("may say anything, and is shown as far as it can be", () => {
    assert.deepEqual(viewFrom({ part: "secrets", table: { a: 1 }, filter: null }), firstView);
    assert.equal(viewFrom({ filter: 6 }).filter, "6");
    assert.equal(viewFrom({ filter: "x".repeat(5_000) }).filter.length, 200);
  });
});
