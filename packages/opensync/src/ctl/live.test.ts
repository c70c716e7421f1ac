import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { wordsOf } from "./live.ts";

const at = "2026-08-01T18:00:00.123Z";

describe("live events in words", () => {
  const cases: [string, object, string | undefined][] = [
    ["event", { at, kind: "roamed", text: "tv: roamed" }, "2026-08-01T18:00:00Z  roamed  tv: roamed"],
    [
      "alert",
      { raisedAt: at, clearedAt: null, kind: "node-offline", text: "ap: offline" },
      "2026-08-01T18:00:00Z  alert node-offline  ap: offline",
    ],
    [
      "alert",
      { raisedAt: at, clearedAt: at, kind: "radar", text: "ap: radar" },
      "2026-08-01T18:00:00Z  alert radar  over: ap: radar",
    ],
    [
      "change",
      { at, actor: "user:alice", action: "version.apply", target: "version 2" },
      "2026-08-01T18:00:00Z  change  user:alice: version.apply version 2",
    ],
    [
      "change",
      { at, actor: "user:alice", action: "version.edit", target: "version 3", details: ["a", "b", "c", "d", "e", "f"] },
      "2026-08-01T18:00:00Z  change  user:alice: version.edit version 3: a; b; c; d; and 2 more",
    ],
    [
      "caller",
      { at, peer: "192.0.2.1:7", reason: "in no home" },
      "2026-08-01T18:00:00Z  caller  192.0.2.1:7: in no home",
    ],
    ["node", { at, kind: "connected" }, undefined],
    ["event", { at, kind: "deed", text: "alice changed the home" }, undefined],
    ["hello", {}, undefined],
  ];
  for (const [kind, data, words] of cases) {
    it(`are ${words ?? "nothing"} for ${kind}`, () => assert.equal(wordsOf({ kind, data, id: undefined }), words));
  }

  it("are left out where others are asked for", () => {
    const event = { kind: "event", data: { at, kind: "roamed", text: "x" }, id: undefined };
    assert.equal(wordsOf(event, "left"), undefined);
    assert.ok(wordsOf(event, "roamed"));
    const deed = { kind: "event", data: { at, kind: "deed", text: "x" }, id: undefined };
    assert.ok(wordsOf(deed, "deed"));
  });
});
