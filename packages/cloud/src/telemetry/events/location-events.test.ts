import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventOf } from "./location-events.ts";

describe("what the controller tells of nodes, as events", () => {
  it("is in words of people who need not know its parts", () => {
    const from = { node: "gw", peer: "ssl:192.0.2.1:4000" };
    for (const [kind, expected] of [
      ["redirected", "gw: the redirector sent it to its cloud"],
      ["connected", "gw: connected to the cloud"],
    ] as const) {
      assert.equal(eventOf({ kind, ...from })?.text, expected);
    }
  });
});
