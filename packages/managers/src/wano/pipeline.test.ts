import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { advancePipeline, initialPipeline, type Observation, pluginTimeoutMs } from "./pipeline.ts";

const nothing: Observation = { now: 0, up: false, carrier: false, addressed: false };

describe("a WAN interface", () => {
  it("goes from INIT to IDLE as the interface comes up, gets a cable and an address", () => {
    let step = advancePipeline(initialPipeline, nothing);
    assert.equal(step.pipeline.state, "IF_ENABLE");
    assert.equal(step.writes[0]?.uplink?.has_L2, false);
    step = advancePipeline(step.pipeline, { ...nothing, up: true });
    assert.equal(step.pipeline.state, "IF_CARRIER");
    step = advancePipeline(step.pipeline, { ...nothing, up: true, carrier: true });
    assert.equal(step.pipeline.state, "PLUGIN_RUN");
    assert.deepEqual(step.writes, [{ uplink: { has_L2: true }, inet: { enable: false, ip_assign_scheme: "dhcp" } }]);
    step = advancePipeline(step.pipeline, { ...nothing, up: true, carrier: true, addressed: true });
    assert.equal(step.pipeline.state, "IDLE");
    assert.equal(step.writes[0]?.uplink?.has_L3, true);
  });

  it("says that there is no address when the time is over, and takes a late one all the same", () => {
    const waiting = { ...nothing, up: true, carrier: true };
    const running = advancePipeline(initialPipeline, waiting);
    assert.equal(running.wakeAt, pluginTimeoutMs);
    const late = advancePipeline(running.pipeline, { ...waiting, now: pluginTimeoutMs });
    assert.deepEqual(late.writes, [{ uplink: { has_L3: false } }]);
    assert.equal(late.wakeAt, null);
    const found = advancePipeline(late.pipeline, { ...waiting, now: 20_000, addressed: true });
    assert.equal(found.pipeline.state, "IDLE");
  });

  it("starts again when the cable is pulled", () => {
    const idle = { ...nothing, up: true, carrier: true, addressed: true };
    const pulled = advancePipeline(advancePipeline(initialPipeline, idle).pipeline, { ...idle, carrier: false });
    assert.equal(pulled.pipeline.state, "IF_CARRIER");
    assert.deepEqual(pulled.writes[0]?.uplink, { has_L2: false, has_L3: null });
  });
});
