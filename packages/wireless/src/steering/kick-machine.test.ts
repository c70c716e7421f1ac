/**
 * The machine of `snr_xing_lwm`, `hwm_2g` and `snr_xing_bottom_lwm`, each state under each event:
 *
 * | event | idle | enforce | backoff |
 * |---|---|---|---|
 * | nothing to do | idle | idle | backoff |
 * | need | enforce | enforce | backoff |
 * | need, gate closed | idle | enforce | backoff |
 * | need, steer_during_backoff | enforce | enforce | enforce |
 * | back-off over | idle | idle | idle |
 * | back-off over, need | enforce | enforce | enforce |
 * | moved, left | idle | idle | backoff |
 * | failed, aborted, no alternatives | idle | backoff | backoff |
 * | attempt of another policy | idle | enforce | backoff |
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Outcome } from "./attempt.ts";
import { endKick, idleKick, type KickState, tickKick } from "./kick-machine.ts";
import { steeringLimits } from "./limits.ts";
import type { PolicyContext } from "./policy.ts";
import { ap24, StationRig } from "./testing/station-rig.ts";

const phases = ["idle", "enforce", "backoff"] as const;
type Phase = KickState["phase"];

const rig = new StationRig({ settings: { backoff: 120_000, backoffBase: 3 } });
rig.connected(ap24);
const start = rig.now;

const states: Readonly<Record<Phase, KickState>> = {
  idle: idleKick,
  enforce: { ...idleKick, phase: "enforce", failures: 1, from: [ap24.bssid] },
  backoff: { ...idleKick, phase: "backoff", failures: 1, until: start + 120_000 },
};

function contextAt(now: number, seen: string[] = []): PolicyContext {
  const { snapshot, settings } = rig;
  const transition: PolicyContext["transition"] = (_, from, to) => seen.push(`${from} ${to}`);
  return { snapshot, settings, now, lastKickAt: null, moves: [], note: () => {}, transition };
}

type Step = (state: KickState, context: PolicyContext) => KickState;

function tick(need: string | null, more: { readonly closed?: boolean; readonly duringBackoff?: boolean } = {}): Step {
  const gate = more.closed ? { why: "guard time", until: start + 5_000 } : null;
  const { duringBackoff = false } = more;
  return (state, context) => tickKick(state, { policy: "hwm_2g", need, gate, duringBackoff }, context);
}

function ended(result: Outcome["result"], policy: Outcome["policy"] = "hwm_2g"): Step {
  const outcome: Outcome = {
    ...{ policy, source: "steering", startedAt: start, endedAt: start, from: [ap24.bssid], to: null },
    ...{ result, reason: "so it is", requests: 1, deauths: 0, status: null, trail: [] },
  };
  return (state, context) => endKick(state, outcome, { policy: "hwm_2g", ceiling: 1_800_000 }, context);
}

interface Row {
  readonly step: Step;
  /** ms later. */
  readonly later?: number;
  readonly to: Readonly<Record<Phase, Phase>>;
}

const stays = { idle: "idle", enforce: "enforce", backoff: "backoff" } as const;
const rows: Readonly<Record<string, Row>> = {
  "nothing to do": { step: tick(null), to: { ...stays, enforce: "idle" } },
  need: { step: tick("weak"), to: { ...stays, idle: "enforce" } },
  "need, gate closed": { step: tick("weak", { closed: true }), to: stays },
  "need, steer_during_backoff": {
    step: tick("weak", { duringBackoff: true }),
    to: { idle: "enforce", enforce: "enforce", backoff: "enforce" },
  },
  "back-off over": { step: tick(null), later: 120_000, to: { idle: "idle", enforce: "idle", backoff: "idle" } },
  "back-off over, need": {
    step: tick("weak"),
    later: 120_000,
    to: { idle: "enforce", enforce: "enforce", backoff: "enforce" },
  },
  moved: { step: ended("moved"), to: { ...stays, enforce: "idle" } },
  left: { step: ended("left"), to: { ...stays, enforce: "idle" } },
  failed: { step: ended("failed"), to: { ...stays, enforce: "backoff" } },
  aborted: { step: ended("aborted"), to: { ...stays, enforce: "backoff" } },
  "no alternatives": { step: ended("no alternatives"), to: { ...stays, enforce: "backoff" } },
  "attempt of another policy": { step: ended("failed", "force_kick"), to: stays },
};

describe("a policy that moves clients by itself", () => {
  const taken = new Set<string>();
  for (const [event, { step, later = 0, to }] of Object.entries(rows))
    for (const from of phases)
      it(`${from}, ${event}: ${to[from]}`, () => {
        const seen: string[] = [];
        const next = step(states[from], contextAt(start + later, seen));
        assert.equal(next.phase, to[from]);
        for (const each of seen) taken.add(each);
        if (from !== to[from]) assert.ok(seen.at(-1)?.endsWith(` ${to[from]}`), "a transition is told with its reason");
      });

  it("has no transition beside those", () => {
    const possible = ["idle enforce", "enforce idle", "enforce backoff", "backoff idle", "backoff enforce"];
    assert.deepEqual([...taken].sort(), possible.sort());
  });

  it("does not ask again at once where there was nowhere to go, even with steer_during_backoff", () => {
    const nowhere = ended("no alternatives")(states.enforce, contextAt(start));
    const again = tick("weak", { duringBackoff: true });
    assert.equal(again(nowhere, contextAt(start)).phase, "backoff");
    assert.equal(again(nowhere, contextAt(start + steeringLimits.recheck)).phase, "enforce");
  });

  it("forgets its failures when the client has moved, and waits the longer the more there were", () => {
    const wait = (state: KickState) => (ended("failed")(state, contextAt(start)).until ?? 0) - start;
    assert.equal(ended("moved")(states.enforce, contextAt(start)).failures, 0);
    assert.deepEqual(
      [0, 1, 2, 9].map((failures) => wait({ ...states.enforce, failures })),
      [120_000, 360_000, 1_080_000, 1_800_000],
    );
    const soon = ended("no alternatives")(states.enforce, contextAt(start));
    assert.deepEqual([soon.failures, (soon.until ?? 0) - start], [1, steeringLimits.recheck]);
  });
});
