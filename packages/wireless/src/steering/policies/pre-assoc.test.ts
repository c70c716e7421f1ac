import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ap24, ap50, ap60, far50, StationRig } from "../testing/station-rig.ts";

const counter = { pref5g: "always", maxRejects: 3, rejectsTimeout: 120_000, blockTimeout: 0, backoff: 60_000 } as const;
const timer = { pref5g: "always", backoff: 120_000 } as const;

function phase(rig: StationRig): string {
  return rig.state.policies.preAssoc.phase;
}

describe("pre_assoc", () => {
  it("refuses on 2.4 GHz from the start, and does not move who is there", () => {
    const rig = new StationRig({ settings: timer });
    rig.connected(ap24);
    rig.advance(60_000);
    assert.deepEqual(rig.actions, [{ type: "block", vif: "home-ap-24", blocked: true }]);
    assert.deepEqual(rig.preferences(), {
      "home-ap-24": "SOFT_BLOCKED pre_assoc",
      "home-ap-50": "AVAILABLE pre_assoc",
    });
  });

  it("ends with the client on 5 GHz after two rejections", () => {
    const rig = new StationRig({ settings: counter });
    rig.probe(ap24);
    rig.probe(ap24);
    assert.equal(phase(rig), "rejecting");
    rig.connect(ap50);
    assert.equal(phase(rig), "blocking");
    assert.deepEqual(rig.state.blocked, ["home-ap-24"]);
  });

  it("lets a client in for backoff_secs after max_rejects, and refuses again when it has connected", () => {
    const rig = new StationRig({ settings: counter });
    for (let i = 0; i < 3; i++) rig.probe(ap24);
    assert.deepEqual(rig.log.slice(-3), ["0 pre_assoc rejecting>backoff", "0 backoff 60 s", "0 unblock home-ap-24"]);
    rig.connect(ap24);
    assert.deepEqual(rig.log.slice(-3), ["0 pre_assoc backoff>blocking", "0 backoff over", "0 block home-ap-24"]);
  });

  it("refuses again after a back-off without a connection; the next one is as long", () => {
    const rig = new StationRig({ settings: { ...counter, maxRejects: 1 } });
    rig.probe(ap24);
    rig.advance(60_000);
    assert.equal(phase(rig), "blocking");
    rig.probe(ap24);
    assert.deepEqual(
      rig.log.filter((line) => line.includes("backoff ")),
      ["0 backoff 60 s", "60 backoff 60 s"],
    );
  });

  it("lets in for longer a client that took it, by powers of backoff_exp_base, until it connects on 5 GHz", () => {
    const rig = new StationRig({ settings: { ...counter, maxRejects: 1 } });
    const round = (bss: typeof ap24) => {
      rig.probe(ap24);
      rig.connect(bss);
      rig.disconnect();
    };
    round(ap24);
    round(ap24);
    round(ap50);
    round(ap24);
    assert.deepEqual(
      rig.log.filter((line) => line.endsWith(" s")),
      ["0 backoff 60 s", "0 backoff 180 s", "0 backoff 540 s", "0 backoff 60 s"],
    );
  });

  it("ends rejecting by time: rejects_tmout_secs, or the block's own time-out of 4 s", () => {
    const rig = new StationRig({ settings: counter });
    rig.probe(ap24);
    rig.advance(119_999);
    assert.equal(phase(rig), "rejecting");
    rig.advance(1);
    assert.equal(phase(rig), "backoff");
    const other = new StationRig({ settings: timer });
    for (let i = 0; i < 50; i++) other.probe(ap24);
    other.advance(3_999);
    assert.equal(phase(other), "rejecting");
    other.advance(1);
    assert.equal(phase(other), "backoff");
  });

  it("ends rejecting in the end where no time-out is set", () => {
    const rig = new StationRig({ settings: { pref5g: "always", maxRejects: 0, blockTimeout: 0 } });
    rig.probe(ap24);
    rig.advance(120_000);
    assert.equal(phase(rig), "backoff");
  });

  it("lets in a client that is too weak for 5 GHz, with pref_5g hwm", () => {
    const rig = new StationRig({ settings: { ...timer, pref5g: "hwm", hwm: 35 } });
    rig.probe(ap24, 40);
    rig.probe(ap24, 38);
    assert.equal(phase(rig), "rejecting");
    rig.probe(ap24, 32);
    assert.equal(phase(rig), "backoff");
  });

  it("is dormant while the client is connected", () => {
    const rig = new StationRig({ settings: counter });
    rig.connect(ap50);
    for (let i = 0; i < 5; i++) rig.probe(ap24);
    assert.equal(phase(rig), "blocking");
    rig.disconnect();
    for (let i = 0; i < 3; i++) rig.probe(ap24);
    assert.equal(phase(rig), "backoff");
  });

  it("lets in at once on an Authentication frame where pre_assoc_auth_block is false, and counts those who do not come", () => {
    const rig = new StationRig({ settings: { ...timer, authBlock: false } });
    rig.probe(ap24);
    rig.input({ type: "auth", vif: "home-ap-24" });
    assert.equal(phase(rig), "backoff");
    rig.advance(5_000);
    assert.equal(rig.state.policies.preAssoc.bypassFailures, 1);
    const strict = new StationRig({ settings: timer });
    strict.input({ type: "auth", vif: "home-ap-24" });
    assert.equal(phase(strict), "blocking");
  });

  for (const [detection, broadcast, counts] of [
    ["probe_all", true, true],
    ["probe_null", true, true],
    ["probe_null", false, false],
    ["probe_direct", true, false],
    ["probe_direct", false, true],
    ["auth", true, false],
  ] as const) {
    it(`${counts ? "counts" : "ignores"} a ${broadcast ? "broadcast" : "directed"} probe with reject_detection ${detection}`, () => {
      const rig = new StationRig({ settings: { ...timer, rejectDetection: detection } });
      rig.probe(ap24, 40, broadcast);
      assert.equal(phase(rig), counts ? "rejecting" : "blocking");
    });
  }

  it("counts refused Authentication frames with reject_detection auth, and no probe below preq_snr_thr otherwise", () => {
    const rig = new StationRig({ settings: { ...timer, rejectDetection: "auth" } });
    rig.input({ type: "auth", vif: "home-ap-24" });
    assert.equal(phase(rig), "rejecting");
    const other = new StationRig({ settings: { ...timer, probeSnr: 15 } });
    other.probe(ap24, 14);
    assert.equal(phase(other), "blocking");
  });

  for (const [title, options, expected] of [
    ["the only access point", { bsses: [ap24] }, "AVAILABLE pre_assoc"],
    ["a neighbour on 5 GHz", { bsses: [ap24, far50] }, "SOFT_BLOCKED pre_assoc"],
    [
      "a client without 5 GHz",
      { snapshot: { channels: { bands: [], listed: [2412], listedBands: ["2.4G", "5G"] } } },
      "AVAILABLE pre_assoc",
    ],
    ["an MLO group", { snapshot: { groupMlo: true } }, "AVAILABLE default"],
  ] as const) {
    it(`never blocks the last way in: ${title}`, () => {
      const rig = new StationRig({ settings: timer, ...(options as object) });
      rig.decide();
      assert.equal(rig.preferences()["home-ap-24"], expected);
    });
  }

  it("does not prefer 5 GHz on a DFS channel with nonDFS", () => {
    const rig = new StationRig({ bsses: [ap24, { ...ap50, dfs: true }], settings: { pref5g: "nonDFS" } });
    rig.decide();
    assert.equal(phase(rig), "off");
    rig.change({ bsses: [ap24, ap50] });
    assert.equal(phase(rig), "blocking");
  });

  it("holds 5 GHz back, too, with pref_6g, from a client that was heard on 6 GHz", () => {
    const bsses = [ap24, ap50, ap60];
    const rig = new StationRig({ bsses, settings: { pref6g: "always", blockTimeout6g: 2_000 } });
    rig.decide();
    assert.deepEqual(rig.state.blocked, []);
    rig.change({ channels: { bands: ["2.4G", "5G", "6G"], listed: [], listedBands: [] } });
    assert.deepEqual(rig.state.blocked, ["home-ap-24", "home-ap-50"]);
    rig.probe(ap50);
    rig.advance(2_000);
    assert.deepEqual(rig.state.blocked, []);
  });
});
