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

  it("has radios that are not as they were told, with who wrote that, and their end", () => {
    const text = "its 5 GHz radio is not as it was told: channel 99 asked for, 36 is on; ana wrote that by hand";
    const radio = { kind: "radio", node: "gw", ifName: "wifi1", band: "5G", text, writer: "ana" } as const;
    const { kind, node, text: told, details } = eventOf({ ...radio, isOver: false }) ?? {};
    assert.deepEqual([kind, node, told], ["radio-differs", "gw", `gw: ${text}`]);
    assert.deepEqual(details, { ifName: "wifi1", band: "5G", note: text, writer: "ana" });
    assert.equal(eventOf({ ...radio, isOver: true })?.kind, "radio-agrees");
  });
});
