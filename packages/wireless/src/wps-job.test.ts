import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type WpsJobEvent, type WpsJobState, wpsStep } from "./wps-job.ts";

const unasked: readonly WpsJobState[] = ["preparing", "scheduling"];
const asked: readonly WpsJobState[] = ["activating", "running", "interrupting"];
const decided: readonly WpsJobState[] = ["cancelling", "deactivating", "dropping"];

const step = (state: WpsJobState, event: WpsJobEvent) => {
  const next = wpsStep(state, event);
  return next && [next.state, next.result ?? null];
};

describe("a WPS job", () => {
  it("of which the driver knows nothing is over at once", () => {
    for (const state of unasked) {
      assert.deepEqual(step(state, "cancel"), ["dropping", "cancelled"]);
      assert.deepEqual(step(state, "drop"), ["dropping", "unspecified"]);
      assert.deepEqual(step(state, "walk time is up"), ["dropping", "timed-out-internally"]);
      assert.equal(step(state, "success"), null);
    }
  });

  it("that the driver was asked for is cleared away, whatever its result", () => {
    for (const state of asked) {
      assert.deepEqual(step(state, "success"), ["deactivating", "succeeded"]);
      assert.deepEqual(step(state, "overlap"), ["deactivating", "overlapped"]);
      assert.deepEqual(step(state, "pbc_timeout"), ["deactivating", "timed-out-externally"]);
      assert.deepEqual(step(state, "cancel"), ["cancelling", "cancelled"]);
      assert.deepEqual(step(state, "drop"), ["deactivating", "unspecified"]);
      assert.deepEqual(step(state, "access point has gone"), ["dropping", "interrupted"]);
    }
    assert.deepEqual(step("running", "walk time is up"), ["deactivating", "timed-out-internally"]);
  });

  it("that is released without a reason is interrupted, unless one comes or it is pressed again", () => {
    assert.deepEqual(step("running", "button is released"), ["interrupting", null]);
    assert.deepEqual(step("interrupting", "button is pressed"), ["running", null]);
    assert.deepEqual(step("interrupting", "no reason came"), ["deactivating", "interrupted"]);
    assert.deepEqual(step("interrupting", "walk time is up"), ["deactivating", "interrupted"]);
  });

  it("keeps its result once it has one", () => {
    const late: readonly WpsJobEvent[] = ["success", "overlap", "pbc_timeout", "walk time is up", "cancel", "drop"];
    for (const state of decided) {
      for (const event of late) assert.equal(step(state, event), null);
    }
    assert.deepEqual(step("cancelling", "cleared"), ["dropping", null]);
    assert.deepEqual(step("deactivating", "cleared"), ["dropping", null]);
  });
});
