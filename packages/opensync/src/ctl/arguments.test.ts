import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { collectPair, parseDuration, parseLimit, parseMoment, parseVersion } from "./arguments.ts";

const at = parseMoment(() => Date.parse("2026-08-01T18:00:00Z"));

describe("arguments of ctl", () => {
  it("have times as people write them", () => {
    assert.deepEqual(["90s", "30m", "2h", "7d"].map(parseDuration), [90_000, 1_800_000, 7_200_000, 604_800_000]);
    for (const text of ["", "0m", "30", "1.5h", "-1m", "m", "30 m", "9999999d"]) {
      assert.throws(() => parseDuration(text), /write it as 90s, 30m/, text);
    }
  });

  it("have moments, or how long from now", () => {
    assert.equal(at("2h"), "2026-08-01T20:00:00.000Z");
    assert.equal(at("2026-08-01T18:00:00+02:00"), "2026-08-01T16:00:00.000Z");
    for (const text of ["2026-08-01", "2026-08-01T18:00:00", "tomorrow", "2026-13-01T00:00:00Z", ""]) {
      assert.throws(() => at(text), /write it as 2026-08-01T18:00:00Z/, text);
    }
  });

  it("have whole numbers, and pairs of which the last counts", () => {
    assert.deepEqual([parseVersion("7"), parseLimit("500")], [7, 500]);
    for (const text of ["0", "-1", "1.5", "x", "1e3", "99999999999"]) assert.throws(() => parseVersion(text), /whole/);
    for (const text of ["0", "501"]) assert.throws(() => parseLimit(text), /1 to 500/);
    assert.deepEqual(collectPair("a=1", collectPair("b=x=y", collectPair("a=0"))), { a: "1", b: "x=y" });
    for (const text of ["a", "=1", "", "1a=2"]) assert.throws(() => collectPair(text), /NAME=VALUE/, text);
  });
});
