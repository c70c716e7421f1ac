import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptyLog, formatLog, noteCondition, parseLog, withoutEvent } from "./outages.ts";

describe("the log of outages", () => {
  it("notes transitions only, and one outage at a time", () => {
    const lost = noteCondition(emptyLog, { LINK: false, IPALL_ROUTER: true, IPALL_INTERNET: true }, 100);
    assert.deepEqual(lost.events, [{ timestamp: 100, type: "IPALL_ROUTER", connected: false }]);
    assert.equal(noteCondition(lost, { IPALL_ROUTER: true, LINK: true }, 110), lost);
    assert.equal(noteCondition(lost, { LINK: false, IPALL_INTERNET: false }, 115), lost);
    const back = noteCondition(lost, { IPALL_ROUTER: false }, 120);
    assert.deepEqual(back.events.at(-1), { timestamp: 120, type: "IPALL_ROUTER", connected: true });
    assert.equal(back.open, null);
    assert.equal(back.counter, 2);
  });

  it("says nothing while everything works", () => {
    assert.equal(noteCondition(emptyLog, { LINK: false, IPALL_ROUTER: false, NTP: false }, 1), emptyLog);
  });

  it("keeps the last 64, no two alike", () => {
    let log = emptyLog;
    for (let i = 0; i < 100; i++) log = noteCondition(log, { LINK: i % 2 === 0 }, 1_000);
    assert.equal(log.events.length, 64);
    assert.equal(log.counter, 100);
    assert.equal(new Set(log.events.map((event) => JSON.stringify(event))).size, 64);
  });

  it("comes back from storage as it was; what is no event in it is left out", () => {
    const log = noteCondition(noteCondition(emptyLog, { NTP: true }, 5), { NTP: false }, 9);
    assert.deepEqual(parseLog(formatLog(log)), log);
    const event = { timestamp: 5, type: "LINK", connected: true };
    const mixed = { counter: 7, events: [event, { ...event, type: "X" }, { ...event, timestamp: 0 }, null, 3] };
    assert.deepEqual(parseLog(JSON.stringify(mixed)), { counter: 7, events: [event], open: null });
    const lost = { ...event, connected: false };
    assert.equal(parseLog(JSON.stringify({ counter: 1, events: [lost] })).open, "LINK");
    assert.equal(parseLog(JSON.stringify({ counter: 1, events: [], open: "NTP" })).open, "NTP");
    assert.equal(parseLog(JSON.stringify({ counter: 1, events: [lost], open: "?" })).open, null);
    for (const text of ["", "[]", "null", '{"events":3}', "x".repeat(40_000)]) assert.throws(() => parseLog(text));
  });

  it("forgets an event that somebody removed, and knows none that it does not have", () => {
    const log = noteCondition(emptyLog, { LINK: true }, 5);
    const without = withoutEvent(log, { timestamp: 5, type: "LINK", connected: false });
    assert.deepEqual(without.events, []);
    // Who has read of the loss still gets to know its end.
    assert.deepEqual(noteCondition(without, { LINK: false }, 9).events, [
      { timestamp: 9, type: "LINK", connected: true },
    ]);
    assert.equal(withoutEvent(log, { timestamp: 6, type: "LINK", connected: false }), log);
  });
});
