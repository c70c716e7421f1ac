import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bssid,
  type ClientOptions,
  client,
  type Place,
  type SnapshotOptions,
  snapshot,
  start,
  tv,
} from "../testing/snapshots.ts";
import { type Decided, type Decision, decide } from "./decide.ts";
import { defaultPolicy as policy } from "./policy.ts";
import { emptyState } from "./state.ts";

const good: ClientOptions = { on: "gw 2.4G", snrDb: 40, hears: { "gw 5G": 33 } };
const crowded: NonNullable<SnapshotOptions["bsses"]> = { "gw 2.4G": { busyPercent: 90 } };

/** The television is asked to go from the gateway's 2.4 GHz to its 5 GHz. */
class Story {
  decided: Decided;
  now = start;

  constructor() {
    this.decided = decide(snapshot({ clients: [client(good)], bsses: crowded }), policy, emptyState);
    assert.equal(this.decided.decisions[0]?.kind, "move");
  }

  /** `ms` later it is here; null: nowhere, undefined: not reported at all. */
  later(ms: number, on: Place | null | undefined, more: ClientOptions = {}, bsses = crowded): Decision | undefined {
    this.now += ms;
    const clients = on === undefined ? [] : [client({ ...good, snrDb: 33, on, ...more }, this.now)];
    this.decided = decide(snapshot({ at: this.now, clients, bsses }), policy, this.decided.state);
    return this.decided.decisions.find(({ kind }) => kind === "outcome");
  }

  get known() {
    const known = this.decided.state.clients.find(({ mac }) => mac === tv);
    assert.ok(known);
    return known;
  }
}

const result = (decision: Decision | undefined) => (decision?.kind === "outcome" ? decision.result : undefined);

describe("the outcome of a move", () => {
  it("is better, once the client has been there for as long as it is watched and has more", () => {
    const story = new Story();
    assert.equal(story.later(10_000, "gw 5G"), undefined);
    assert.equal(story.later(200_000, "gw 5G"), undefined);
    assert.ok(story.known.move);
    assert.equal(result(story.later(100_000, "gw 5G")), "better");
    assert.deepEqual([story.known.move, story.known.failures, story.known.placed], [null, 0, bssid("gw 5G")]);
    assert.equal(story.known.notBefore, story.now + policy.restMs);
  });

  it("is worse where it has less than before: not again for a week, and the way back is open", () => {
    const story = new Story();
    story.later(10_000, "gw 5G");
    const bad = { ...crowded, "gw 5G": { busyPercent: 99 } };
    assert.equal(result(story.later(300_000, "gw 5G", {}, bad)), "worse");
    assert.deepEqual(story.known.blocked, [
      { from: bssid("gw 2.4G"), to: bssid("gw 5G"), until: story.now + policy.blockMs },
    ]);
    assert.equal(story.known.failures, 1);
  });

  it("teaches how well a client is really heard there", () => {
    const story = new Story();
    story.later(10_000, "gw 5G", { snrDb: 27 });
    story.later(300_000, "gw 5G", { snrDb: 27 });
    assert.deepEqual(story.known.learned, [{ bssid: bssid("gw 5G"), offsetDb: -3 }]);
  });

  it("is that it did not go, and then it waits longer every time, up to a day; after three times it is not asked to go there", () => {
    const story = new Story();
    const waits: number[] = [];
    let open = false;
    for (let round = 0; round < 3; round++) {
      if (round > 0) story.later(0, "gw 2.4G", { snrDb: 40 });
      assert.ok(story.known.move, `round ${round}`);
      assert.equal(result(story.later(policy.moveMs - 1, "gw 2.4G", { snrDb: 40 })), undefined);
      assert.equal(result(story.later(1, "gw 2.4G", { snrDb: 40 })), "did not go");
      waits.push(story.known.notBefore - story.now);
      story.later(story.known.notBefore - story.now - 1, "gw 2.4G", { snrDb: 40 });
      assert.equal(story.known.move, null);
      open = story.known.blocked.length === 0;
      story.later(1, undefined);
    }
    assert.deepEqual(
      waits,
      [1, 2, 4].map((times) => times * policy.firstBackoffMs),
    );
    assert.equal(open, false);
    assert.equal(story.known.move, null);
  });

  it("is that it came back: not again for a week", () => {
    const story = new Story();
    story.later(10_000, "gw 5G");
    assert.equal(result(story.later(60_000, "gw 2.4G")), "came back");
    assert.equal(story.known.blocked.length, 1);
    assert.equal(story.known.placed, null);
  });

  it("is that it went elsewhere: well where that is no worse", () => {
    assert.equal(result(new Story().later(10_000, "ext 5G")), "went elsewhere");
    const bad = { ...crowded, "ext 5G": { busyPercent: 99 } };
    assert.equal(result(new Story().later(10_000, "ext 5G", {}, bad)), "went to a worse place");
  });

  it("is nothing to be learned from where it is nowhere or was switched off meanwhile", () => {
    const gone = new Story();
    assert.equal(result(gone.later(policy.moveMs, null)), "not seen");
    const unreported = new Story();
    unreported.later(10_000, "gw 5G");
    assert.equal(result(unreported.later(policy.proofMs, undefined)), "not seen");
    assert.deepEqual([unreported.known.failures, unreported.known.blocked, unreported.known.learned], [0, [], []]);
  });

  it("is not that it did not go while nothing has been reported since it was asked", () => {
    const story = new Story();
    assert.equal(result(story.later(policy.moveMs, "gw 2.4G", { at: start })), "not seen");
    assert.equal(story.known.failures, 0);
  });

  it("ends a move that a clock that was set back would keep open for ever", () => {
    const story = new Story();
    assert.equal(result(story.later(-86_400_000, "gw 2.4G")), "not seen");
    assert.equal(story.known.move, null);
  });

  it("is forgotten with a client that has not been seen for as long as anything is held against it", () => {
    const story = new Story();
    story.later(policy.moveMs, undefined);
    story.later(policy.blockMs + 1, undefined);
    assert.deepEqual(story.decided.state, emptyState);
  });
});
