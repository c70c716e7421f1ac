import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type GwOffline,
  type GwOfflineEvent,
  type GwOfflineStatus,
  initialGwOffline,
  type Setting,
  type StoreState,
  statusOf,
  step,
} from "./machine.ts";

const on: GwOffline = { ...initialGwOffline, status: "ready", enabled: true, store: "complete" };
const states: Readonly<Record<string, GwOffline>> = {
  "not configured": initialGwOffline,
  disabled: { ...initialGwOffline, status: "disabled" },
  enabled: { ...on, status: "enabled", store: "none" },
  "enabled, monitoring": { ...on, status: "enabled", store: "none", monitoring: true },
  ready: on,
  "ready, monitoring": { ...on, monitoring: true },
  active: { ...on, status: "active", offline: true },
  "active, monitoring": { ...on, status: "active", offline: true, monitoring: true },
  "active in part": { ...on, status: "error", offline: true },
  error: { ...on, status: "error", store: "unusable" },
  "error, monitoring": { ...on, status: "error", monitoring: true },
};
/** The store has refused something: they matter where it is tried again. */
const refused: typeof states = {
  "error with a whole store": { ...on, status: "error" },
  "not erased": { ...initialGwOffline, status: "error" },
};

const cfg = (value: Setting, store: StoreState = "complete"): GwOfflineEvent => ({ kind: "cfg", value, store });
const mon = (value: Setting): GwOfflineEvent => ({ kind: "mon", value });
const trigger = (value: Setting): GwOfflineEvent => ({ kind: "trigger", value });

type Outcome = readonly [status: GwOfflineStatus | null, ...effects: readonly string[]];

/** By event, the outcome from each state; states that are left out stay as they are, without effects. */
const table: readonly (readonly [GwOfflineEvent, Readonly<Record<string, Outcome>>])[] = [
  [
    cfg("on", "complete"),
    {
      "not configured": ["ready", "keep flag"],
      disabled: ["ready", "keep flag"],
      enabled: ["ready", "keep flag"],
      "enabled, monitoring": ["ready", "keep flag", "arm"],
      ready: ["ready", "keep flag"],
      "ready, monitoring": ["ready", "keep flag", "arm"],
      active: ["active", "keep flag"],
      "active, monitoring": ["active", "keep flag", "arm"],
      "active in part": ["error", "keep flag"],
      error: ["ready", "keep flag"],
      "error, monitoring": ["ready", "keep flag", "arm"],
    },
  ],
  [
    cfg("on", "none"),
    {
      "not configured": ["enabled", "keep flag"],
      disabled: ["enabled", "keep flag"],
      enabled: ["enabled", "keep flag"],
      "enabled, monitoring": ["enabled", "keep flag", "arm"],
      ready: ["enabled", "keep flag"],
      "ready, monitoring": ["enabled", "keep flag", "arm"],
      active: ["active", "keep flag"],
      "active, monitoring": ["active", "keep flag", "arm"],
      "active in part": ["error", "keep flag"],
      error: ["enabled", "keep flag"],
      "error, monitoring": ["enabled", "keep flag", "arm"],
    },
  ],
  [
    cfg("on", "unusable"),
    {
      "not configured": ["error", "keep flag"],
      disabled: ["error", "keep flag"],
      enabled: ["error", "keep flag"],
      "enabled, monitoring": ["error", "keep flag", "arm"],
      ready: ["error", "keep flag"],
      "ready, monitoring": ["error", "keep flag", "arm"],
      active: ["active", "keep flag"],
      "active, monitoring": ["active", "keep flag", "arm"],
      "active in part": ["error", "keep flag"],
      error: ["error", "keep flag"],
      "error, monitoring": ["error", "keep flag", "arm"],
    },
  ],
  [cfg("off"), Object.fromEntries(Object.keys(states).map((name) => [name, ["disabled", "erase"]]))],
  // The store is kept.
  [cfg("invalid"), Object.fromEntries(Object.keys(states).map((name) => [name, ["error"]]))],
  [
    { kind: "found", store: "none" },
    { ready: ["enabled"], "ready, monitoring": ["enabled"] },
  ],
  [
    { kind: "found", store: "complete" },
    { enabled: ["ready"], "enabled, monitoring": ["ready"] },
  ],
  [
    mon("on"),
    {
      enabled: ["enabled", "arm"],
      "enabled, monitoring": ["enabled", "arm"],
      ready: ["ready", "arm"],
      "ready, monitoring": ["ready", "arm"],
      active: ["active", "arm"],
      "active, monitoring": ["active", "arm"],
      "active in part": ["error", "arm"],
      error: ["error", "arm"],
      "error, monitoring": ["error", "arm"],
    },
  ],
  [mon("off"), {}],
  [
    mon("invalid"),
    {
      "not configured": ["error"],
      disabled: ["error"],
      enabled: ["error"],
      "enabled, monitoring": ["error"],
      ready: ["error"],
      "ready, monitoring": ["error"],
    },
  ],
  [
    trigger("on"),
    {
      "not configured": [null, "ignored"],
      disabled: ["disabled", "ignored"],
      enabled: ["enabled", "ignored"],
      "enabled, monitoring": ["enabled", "ignored"],
      ready: ["ready", "restore"],
      "ready, monitoring": ["active"],
      error: ["error", "ignored"],
      "error, monitoring": ["error", "ignored"],
    },
  ],
  [trigger("off"), { active: ["ready"], "active, monitoring": ["ready", "arm"], "active in part": ["ready"] }],
  [
    trigger("invalid"),
    {
      ...Object.fromEntries(Object.keys(states).map((name) => [name, ["error"] as const])),
      "active, monitoring": ["error", "arm"],
    },
  ],
  [
    { kind: "changed" },
    {
      "enabled, monitoring": ["enabled", "arm"],
      "ready, monitoring": ["ready", "arm"],
      "error, monitoring": ["error", "arm"],
    },
  ],
  [
    { kind: "due" },
    {
      "enabled, monitoring": ["enabled", "save"],
      "ready, monitoring": ["ready", "save"],
      "error, monitoring": ["error", "save"],
    },
  ],
  [
    { kind: "saved" },
    { "enabled, monitoring": ["ready"], "ready, monitoring": ["ready"], "error, monitoring": ["ready"] },
  ],
  [
    { kind: "not saved" },
    { "enabled, monitoring": ["error"], "ready, monitoring": ["error"], "error, monitoring": ["error"] },
  ],
  ...(["restored", "resumed"] as const).flatMap((kind): (typeof table)[number][] => [
    [{ kind, whole: true }, whenEnabled(["active"])],
    [{ kind, whole: false }, whenEnabled(["error"])],
  ]),
  [{ kind: "in force" }, whenEnabled(["active"])],
  ...(["not restored", "store failed"] as const).map((kind): (typeof table)[number] => [
    { kind },
    Object.fromEntries(Object.keys(states).flatMap((name) => (name.startsWith("active") ? [] : [[name, ["error"]]]))),
  ]),
  [{ kind: "stored" }, { "error with a whole store": ["ready"], "not erased": ["disabled"] }],
  [
    { kind: "again" },
    {
      error: ["error", "keep flag"],
      "error with a whole store": ["error", "keep flag"],
      "error, monitoring": ["error", "keep flag", "save"],
      "not erased": ["error", "erase"],
    },
  ],
];

function whenEnabled(outcome: Outcome): Readonly<Record<string, Outcome>> {
  return Object.fromEntries(
    Object.entries(states).flatMap(([name, state]) => (state.enabled ? [[name, outcome] as const] : [])),
  );
}

describe("the status of cloudless operation", () => {
  for (const [event, outcomes] of table) {
    it(`goes from each state by ${JSON.stringify(event)} as the table says`, () => {
      const all = event.kind === "stored" || event.kind === "again" ? { ...states, ...refused } : states;
      for (const [name, state] of Object.entries(all)) {
        const next = step(state, event);
        const unchanged: Outcome = [statusOf(state)];
        assert.deepEqual([statusOf(next.state), ...next.effects], outcomes[name] ?? unchanged, name);
      }
    });
  }

  it("is error for as long as a setting is neither true nor false, and then what it was", () => {
    const wrong = step(on, mon("invalid")).state;
    assert.equal(statusOf(wrong), "error");
    assert.deepEqual(step(wrong, trigger("on")).effects, ["ignored"]);
    const both = step(wrong, trigger("invalid")).state;
    assert.equal(statusOf(step(both, mon("off")).state), "error");
    assert.equal(statusOf(step(step(both, mon("off")).state, trigger("off")).state), "ready");
  });

  it("keeps what is stored when the feature's own setting is wrong", () => {
    const wrong = step(on, cfg("invalid")).state;
    assert.deepEqual([wrong.enabled, wrong.store], [false, "complete"]);
    assert.equal(step(wrong, cfg("off")).state.store, "none");
  });

  it("serves a second outage after the first", () => {
    const events = [trigger("on"), { kind: "restored", whole: true }, trigger("off"), trigger("on")] as const;
    const { state, effects } = events.reduce((last, event) => step(last.state, event), step(on, { kind: "changed" }));
    assert.deepEqual([statusOf(state), effects], ["ready", ["restore"]]);
  });

  it("saves only with both settings on, and never while offline", () => {
    for (const enabled of [true, false]) {
      for (const monitoring of [true, false]) {
        for (const offline of [true, false]) {
          const { effects } = step({ ...on, enabled, monitoring, offline }, { kind: "due" });
          assert.equal(effects.includes("save"), enabled && monitoring && !offline);
        }
      }
    }
  });
});
