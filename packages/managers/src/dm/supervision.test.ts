import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { managerLimits } from "../limits.ts";
import { initialService, type ServiceEvent, type ServiceState, serviceStatus, superviseStep } from "./supervision.ts";

/** Applies events, 1 ms apart unless `at` says when; returns the last step. */
function run(events: readonly (ServiceEvent & { readonly at?: number })[], from: ServiceState = initialService) {
  let now = 0;
  let result = { state: from, actions: [] as readonly unknown[] };
  for (const { at, ...event } of events) {
    now = at ?? now + 1;
    result = superviseStep(result.state, event as ServiceEvent, now);
  }
  return result;
}

const enable = { kind: "enable" } as const;
const started = { kind: "started" } as const;
const stopped = { kind: "stopped" } as const;
const timer = { kind: "timer" } as const;
const crashed = { kind: "crashed", reason: "boom" } as const;

describe("supervision of a service", () => {
  it("starts what is enabled and calls it enabled once it serves", () => {
    const starting = run([enable]);
    assert.equal(starting.state.phase, "STARTING");
    assert.deepEqual(starting.actions, [{ kind: "start" }]);
    assert.equal(serviceStatus(starting.state), null);
    assert.equal(serviceStatus(run([enable, started]).state), "enabled");
  });

  it("starts a manager that threw again after 5 s, and calls it error until then", () => {
    const stopping = run([enable, started, crashed]);
    assert.deepEqual(stopping.actions, [{ kind: "stop" }]);
    const waiting = run([stopped], stopping.state);
    assert.equal(waiting.state.phase, "WAITING");
    assert.deepEqual(waiting.actions, [{ kind: "wait", delayMs: 5_000 }]);
    assert.equal(serviceStatus(waiting.state), "error");
    const again = run([timer], waiting.state);
    assert.deepEqual(again.actions, [{ kind: "start" }]);
    assert.equal(again.state.restarts, 1);
    assert.equal(serviceStatus(run([started], again.state).state), "enabled");
  });

  it("starts a manager that could not start again after 60 s", () => {
    const waiting = run([enable, { kind: "start-failed", reason: "no radio" }, stopped]);
    assert.deepEqual(waiting.actions, [{ kind: "wait", delayMs: 60_000 }]);
  });

  it("slows a crash loop down to the long delay, and forgets it when it has been quiet long enough", () => {
    let state = initialService;
    let delay: unknown;
    for (let i = 0; i < managerLimits.crashLoopCount; i++) {
      const at = i * 10_000;
      state = run([i === 0 ? enable : timer, started, { ...crashed, at }, stopped], state).state;
      delay = state.delayMs;
    }
    assert.equal(delay, 60_000);
    assert.equal(state.recentFailures.length, managerLimits.crashLoopCount);
    const later = managerLimits.crashLoopWindowMs * 2;
    const calm = run([{ ...timer, at: later }, started, { ...crashed, at: later + 1 }, stopped], state);
    assert.equal(calm.state.delayMs, 5_000);
  });

  it("stops what is disabled, in whatever state it is", () => {
    const running = run([enable, started, { kind: "disable" }]);
    assert.deepEqual(running.actions, [{ kind: "stop" }]);
    assert.equal(serviceStatus(run([stopped], running.state).state), "disabled");
    const waiting = run([enable, started, crashed, stopped, { kind: "disable" }]);
    assert.deepEqual(waiting.actions, [{ kind: "cancel-wait" }]);
    assert.equal(serviceStatus(waiting.state), "disabled");
  });

  it("starts again at once what was disabled and enabled while it stopped", () => {
    const result = run([enable, started, { kind: "disable" }, enable, stopped]);
    assert.deepEqual(result.actions, [{ kind: "start" }]);
  });

  it("restarts on demand without calling it a failure", () => {
    const result = run([enable, started, { kind: "restart" }, stopped, started]);
    assert.equal(result.state.restarts, 0);
    assert.equal(serviceStatus(result.state), "enabled");
  });

  it("ignores what comes too late", () => {
    const idle = run([enable, started, { kind: "disable" }, stopped]).state;
    for (const event of [started, crashed, stopped, timer] as const) {
      assert.equal(superviseStep(idle, event, 99).state.phase, "STOPPED");
    }
  });
});
