import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { type LiveObject, Lives, nextLife } from "./life-cycle.ts";

function rig(request: () => boolean = () => true) {
  const clock = new VirtualClock();
  const log = Log.create({ name: "OW", sink: nullSink, wallTime: () => 0 });
  const lives = new Lives({ clock, log, turn: (step) => step() });
  let requests = 0;
  const object: LiveObject = {
    label: "phy wifi0",
    request: () => {
      requests++;
      return request();
    },
    life: "INVALID",
    requestedAt: 0,
    reportedAt: null,
  };
  return { clock, lives, object, requests: () => requests };
}

describe("the life of a reported object", () => {
  it("is requested when it changes, valid when reported, processed when compared", () => {
    const { lives, object } = rig();
    lives.changed(object);
    assert.equal(object.life, "REQUESTED");
    assert.equal(lives.idle, false);
    lives.report(object, () => assert.equal(object.life, "VALID"));
    assert.equal(object.life, "PROCESSED");
    assert.equal(lives.idle, true);
  });

  it("is requested again after the report when it changed meanwhile, once for many changes", () => {
    const { lives, object, requests } = rig();
    lives.changed(object);
    lives.changed(object);
    lives.changed(object);
    assert.equal(object.life, "REQUESTED_AND_INVALIDATED");
    assert.equal(requests(), 1);
    lives.report(object, () => {});
    assert.equal(object.life, "REQUESTED");
    assert.equal(requests(), 2);
  });

  it("takes a report only when it was requested", () => {
    assert.equal(nextLife("PROCESSED", "reported"), null);
    assert.equal(nextLife("INVALID", "reported"), null);
    assert.equal(nextLife("VALID", "reported"), null);
    assert.equal(nextLife("REQUESTED", "reported"), "VALID");
    assert.equal(nextLife("REQUESTED_AND_INVALIDATED", "reported"), "VALID");
  });

  it("stays invalid, and busy, while what it belongs to is not there", () => {
    const { lives, object } = rig(() => false);
    lives.changed(object);
    assert.equal(object.life, "INVALID");
    assert.equal(lives.idle, false);
  });

  it("is requested again after a minute, whatever else is", async () => {
    const { clock, lives, object, requests } = rig();
    const other: LiveObject = { ...object, label: "phy wifi1", request: () => true };
    lives.changed(other);
    await clock.advance(10_000);
    lives.changed(object);
    await clock.advance(59_999);
    assert.equal(requests(), 1);
    await clock.advance(1);
    assert.equal(requests(), 2);
  });

  it("is requested again each minute a driver owes the report", async () => {
    const { clock, lives, object, requests } = rig();
    lives.changed(object);
    await clock.advance(59_999);
    assert.equal(requests(), 1);
    await clock.advance(1);
    assert.equal(requests(), 2);
    await clock.advance(60_000);
    assert.equal(requests(), 3);
    lives.report(object, () => {});
    await clock.advance(600_000);
    assert.equal(requests(), 3);
  });
});
