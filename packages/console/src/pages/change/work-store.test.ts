import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WorkStore } from "./work-store.ts";

describe("an edit", () => {
  it("is there for who goes on after their session was over, and not for who signs in after them", () => {
    const store = new WorkStore();
    store.belongTo("user:alice");
    store.change("home", { why: "guests" });
    store.belongTo("user:alice");
    assert.equal(store.get("home").why, "guests");
    store.belongTo("user:bob");
    assert.equal(store.get("home").why, "");
  });
});
