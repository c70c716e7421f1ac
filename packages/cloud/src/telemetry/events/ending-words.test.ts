import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventOf } from "./location-events.ts";

describe("the end of a node's connection", () => {
  for (const [raw, words] of [
    [
      "connection ended: ssl:127.0.0.1:1: no response to inactivity probe after 30 seconds, disconnecting",
      "it no longer answered",
    ],
    ["connection ended: transaction: no answer within 10000 ms", "it no longer answered"],
    ["connection ended: ssl:127.0.0.1:1: read ECONNRESET", "the connection broke"],
    ["connection ended: ssl:127.0.0.1:1: closed by the peer", "it ended the connection"],
    ["the node has connected anew", "it has connected anew"],
    ["something new", "something new"],
  ] as const) {
    it(`is an event in words where it is '${raw}', which is kept`, () => {
      const event = eventOf({ kind: "disconnected", node: "gw", reason: raw });
      assert.deepEqual([event?.text, event?.details], [`gw: left the cloud: ${words}`, { reason: words, raw }]);
    });
  }
});
