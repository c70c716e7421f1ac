import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { heldThere, holdsOf, isOnBand } from "./holds.ts";
import type { Event } from "./roams.ts";

const start = Date.parse("2026-08-01T18:00:00Z");
const iso = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const deed = (minutes: number, details: Event["details"]): Event => ({
  ...{ id: String(minutes), at: iso(minutes), location: "l", node: null, client: "c", clientName: null },
  ...{ kind: "deed", text: "", details: { actor: "ana", ...details } },
});
const hold = (minutes: number, band: string) => deed(minutes, { band, until: iso(minutes + 30) });
const brief = (events: readonly Event[]) =>
  holdsOf(events).map(({ band, at, endedAt }) => [band, (at - start) / 60_000, (endedAt - start) / 60_000]);

describe("what was asked for of a client", () => {
  it("holds until its time is over, until somebody stops it, or until something else is asked for", () => {
    assert.deepEqual(brief([hold(0, "2.4G")]), [["2.4G", 0, 30]]);
    assert.deepEqual(brief([deed(10, { band: null }), hold(0, "2.4G")]), [["2.4G", 0, 10]]);
    assert.deepEqual(brief([hold(5, "5G"), hold(0, "2.4G")]), [
      ["5G", 5, 35],
      ["2.4G", 0, 5],
    ]);
    assert.deepEqual(brief([deed(60, { band: null }), hold(0, "2.4G")]), [["2.4G", 0, 30]]);
  });

  it("is in no other deed or event", () => {
    assert.deepEqual(brief([deed(0, { freeze: true, until: null }), { ...hold(0, "5G"), kind: "client-roamed" }]), []);
  });

  it("left it where it is, until it goes elsewhere", () => {
    const left = (events: readonly Event[], band: string, minutes: number) =>
      heldThere({ holds: holdsOf(events), events }, band, start + minutes * 60_000)?.endedAt ?? null;
    const stopped = [deed(10, { band: null }), hold(0, "2.4G")];
    assert.equal(left(stopped, "2.4G", 11), start + 600_000);
    assert.equal(left(stopped, "2.4G", 9), start + 600_000, "also where the page's clock is behind");
    assert.equal(left(stopped, "5G", 11), null, "it is elsewhere");
    assert.equal(left([hold(0, "2.4G")], "2.4G", 11), null, "it is held still");
    for (const kind of ["client-roamed", "client-disconnected"] as const) {
      assert.equal(left([{ ...deed(12, {}), kind }, ...stopped], "2.4G", 13), null, kind);
    }
  });

  it("is 5 GHz whichever half of it that is", () => {
    assert.deepEqual([isOnBand("5G", "5GL"), isOnBand("5G", "6G"), isOnBand("5G", null)], [true, false, false]);
  });
});
