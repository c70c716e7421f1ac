import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { steeringLimits } from "./limits.ts";
import { lately, type Move, withMove } from "./moves.ts";
import { ap24, ap50, far24, far50, StationRig } from "./testing/station-rig.ts";

const here = new StationRig();
here.connect(ap24);
const { snapshot } = here;

describe("where a station has come from", () => {
  it("is remembered for five minutes", () => {
    const moves = withMove([], { from: far24.bssid, to: ap24.bssid, at: 1_000 });
    assert.equal(lately(far24.bssid, { moves, snapshot, now: 300_999 })?.ago, 299_999);
    assert.equal(lately(far24.bssid, { moves, snapshot, now: 301_000 }), null);
    assert.equal(lately(far50.bssid, { moves, snapshot, now: 2_000 }), null);
  });

  it("counts from the last time, on the access point where it is", () => {
    const moves = [
      { from: far24.bssid, to: ap24.bssid, at: 1_000 },
      { from: far24.bssid, to: ap50.bssid, at: 2_000 },
      { from: far24.bssid, to: ap24.bssid, at: 5_000 },
    ].reduce<readonly Move[]>(withMove, []);
    assert.equal(lately(far24.bssid, { moves, snapshot, now: 6_000 })?.ago, 1_000);
    assert.equal(moves.length, 2);
  });

  it("is bounded, and old moves go first", () => {
    let moves: readonly Move[] = [];
    for (let at = 0; at < 100; at++)
      moves = withMove(moves, {
        from: at % 2 ? far24.bssid : far50.bssid,
        to: (at % 3 ? ap24 : ap50).bssid,
        at,
      });
    assert.ok(moves.length <= steeringLimits.moves);
    assert.equal(moves.at(-1)?.at, 99);
  });

  it("is what its reassociation says, and a water mark waits for it", () => {
    const rig = new StationRig({ bsses: [ap24, ap50], settings: { lwm: 30 } });
    rig.input({ type: "reassociation", from: ap24.bssid, to: ap50.bssid });
    rig.connect(ap50, 40);
    rig.advance(20_000);
    const [link] = rig.snapshot.links;
    if (link) rig.change({ links: [{ ...link, snr: 20 }] });
    assert.deepEqual(
      rig.outcomes.map(({ result, reason }) => `${result}: ${reason}`),
      [`no alternatives: ${ap24.bssid}: it came from there 20.0 s ago`],
    );
    rig.advance(310_000);
    assert.ok(rig.actions.some(({ type }) => type === "btm"));
  });

  it("is where it said it would go, once it has gone", () => {
    const rig = new StationRig({ bsses: [ap24, far50], settings: { lwm: 30 } });
    rig.connected(ap24, 40);
    rig.hear(20);
    rig.answer(0, far50);
    assert.equal(rig.state.whereabouts.moves.length, 0);
    rig.disconnect();
    const move = rig.state.whereabouts.moves.at(0);
    assert.deepEqual([move?.from, move?.to], [ap24.bssid, far50.bssid]);
    rig.advance(10_000);
    rig.connect(ap24, 40);
    rig.advance(70_000);
    rig.hear(20);
    assert.match(rig.outcomes.at(-1)?.reason ?? "", /it (went|came from) there \d/);
  });

  it("is another of our access points, where it was seen there", () => {
    const rig = new StationRig();
    rig.connect(ap24);
    rig.disconnect();
    rig.advance(3_000);
    rig.connect(ap50);
    const [move] = rig.state.whereabouts.moves;
    assert.deepEqual([move?.from, move?.to], [ap24.bssid, ap50.bssid]);
    rig.disconnect();
    rig.advance(steeringLimits.attempt);
    rig.connect(ap24);
    assert.equal(rig.state.whereabouts.moves.length, 1);
  });

  it("does not keep the guide's test values from working", () => {
    for (const [settings, at, from] of [
      [{ lwm: 1 }, ap50, ap24],
      [{ hwm: 100 }, ap24, ap50],
    ] as const) {
      const rig = new StationRig({ settings });
      rig.input({ type: "reassociation", from: from.bssid, to: at.bssid });
      rig.connect(at, 40);
      rig.advance(12_000);
      assert.ok(
        rig.actions.some(({ type }) => type === "btm"),
        JSON.stringify(settings),
      );
    }
  });
});
