import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { joined, keptLines, type Line, lineOf, namedText } from "./watch.ts";

const at = "2026-08-01T18:00:00.000Z";
const event = { id: "e1", at, location: "L", kind: "node-disconnected", text: "gateway disconnected" };
const deed = { at, location: "L", action: "simulation.uplink", target: "node 'gateway': cable", actor: "user:ana" };

describe("what happens in a simulated home", () => {
  it("is a line of each event of this home, and of each deed of the simulation", () => {
    assert.deepEqual(lineOf("event", event, "L"), { id: "e1", at, text: "gateway disconnected", tone: "bad" });
    const told = lineOf("change", deed, "L");
    assert.deepEqual([told?.text, told?.tone], ["ana: Internet connection: node 'gateway': cable", "deed"]);
    const none = [
      lineOf("event", event, "another"),
      lineOf("change", { ...deed, action: "version.apply" }, "L"),
      lineOf("node", { location: "L", kind: "row" }, "L"),
      lineOf("event", null, "L"),
      lineOf("event", "text", "L"),
    ];
    assert.deepEqual(
      none,
      none.map(() => undefined),
    );
  });

  it("is told with the names of clients", () => {
    const names = new Map([["02:00:00:00:01:02", "phone"]]);
    assert.equal(namedText("ana: sent for a walk: client 02:00:00:00:01:02", names), "ana: sent for a walk: phone");
    assert.equal(namedText("02:00:00:00:01:03: connected", names), "02:00:00:00:01:03: connected");
  });

  it("is told once, the newest first, and not without end", () => {
    const line = (n: number): Line => ({ id: `${n}`, at: new Date(n * 1000).toISOString(), text: "", tone: "plain" });
    assert.deepEqual(
      joined([line(1), line(3)], [line(2), line(3)]).map(({ id }) => id),
      ["3", "2", "1"],
    );
    const many = joined(
      [],
      Array.from({ length: 500 }, (_, n) => line(n)),
    );
    assert.deepEqual([many.length, many[0]?.id], [keptLines, "499"]);
  });
});
