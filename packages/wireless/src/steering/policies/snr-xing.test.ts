import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultSettings } from "../settings.ts";
import { ap24, ap50, far24, far50, phone, StationRig } from "../testing/station-rig.ts";
import { nextLevel, type SnrLevel } from "./snr-xing.ts";

const lwm = { below: 30, above: 36, direct: false };
const bottom = { below: 10, above: 10, direct: true };

describe("levels of a signal", () => {
  const cases: readonly (readonly [SnrLevel, readonly (number | null)[], typeof lwm, SnrLevel])[] = [
    ["NONE", [36], lwm, "NONE"],
    ["NONE", [37], lwm, "ABOVE"],
    ["NONE", [20], lwm, "NONE"],
    ["ABOVE", [30], lwm, "ABOVE"],
    ["ABOVE", [29], lwm, "BELOW"],
    ["BELOW", [36], lwm, "BELOW"],
    ["BELOW", [37], lwm, "ABOVE"],
    ["BELOW", [null], lwm, "BELOW"],
    ["BELOW", [], lwm, "NONE"],
    ["ABOVE", [29, 50], lwm, "ABOVE"],
    ["ABOVE", [29, 28], lwm, "BELOW"],
    ["ABOVE", [29, null], lwm, "BELOW"],
    ["NONE", [9], bottom, "BELOW"],
    ["NONE", [10], bottom, "NONE"],
    ["BELOW", [11], bottom, "ABOVE"],
  ];
  for (const [from, signals, thresholds, to] of cases) {
    const name = thresholds.direct ? "bottom_lwm" : "lwm";
    it(`of ${name}: ${from} becomes ${to} with ${signals.join(" and ") || "no link"}`, () => {
      assert.equal(nextLevel(from, signals, thresholds), to);
    });
  }
});

describe("snr_xing_lwm", () => {
  const settings = { lwm: 20 };

  it("moves a client that falls below lwm after it was 6 dB above it, to whatever else there is", () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far50], settings });
    rig.connected(ap50, 27);
    rig.hear(19);
    assert.deepEqual(rig.log, [
      "0 snr_xing_lwm NONE>ABOVE",
      "0 snr_xing_lwm ABOVE>BELOW",
      "0 snr_xing_lwm idle>enforce",
      "0 block home-ap-50",
      "0 btm 00:24 99:50",
    ]);
    rig.connect(ap24, 30);
    assert.equal(rig.outcomes[0]?.result, "moved");
    assert.deepEqual(rig.state.blocked, []);
  });

  it("leaves a client that has never been above it alone for a minute: it may be coming nearer", () => {
    const rig = new StationRig({ settings });
    rig.connect(ap50, 15);
    rig.advance(59_999);
    assert.deepEqual(rig.actions, []);
    rig.advance(1);
    assert.equal(rig.log.at(-1), "60 btm 00:24");
  });

  it("moves nobody on a signal that is not known any more", () => {
    const rig = new StationRig({
      settings: { ...settings, sticky: { ...defaultSettings(phone).sticky, guard: 30_000 } },
    });
    rig.connect(ap50, 27);
    rig.hear(19);
    rig.hear(null);
    rig.advance(100_000);
    assert.deepEqual(rig.actions, []);
    rig.hear(18);
    assert.notDeepEqual(rig.actions, []);
  });

  it("begins anew with another association: who is weak there from the start has a minute", () => {
    const rig = new StationRig({ settings });
    rig.connected(ap50, 27);
    rig.hear(19);
    rig.connect(ap24, 15);
    assert.equal(rig.state.policies.lwm.level, "NONE");
    rig.advance(59_999);
    assert.equal(rig.state.policies.lwm.level, "NONE");
    assert.equal(rig.outcomes.length, 1);
    rig.advance(1);
    assert.equal(rig.state.policies.lwm.level, "BELOW");
  });

  it("sends nobody from 2.4 GHz to a higher band of the same node", () => {
    const rig = new StationRig({ settings });
    rig.connected(ap24, 27);
    rig.hear(19);
    rig.advance(600_000);
    assert.deepEqual(rig.actions, []);
    assert.match(rig.state.attempts[0]?.reason ?? "", /a higher band of this node is no stronger$/);
  });

  it("has nowhere to send a client, and lets it be", () => {
    const rig = new StationRig({ bsses: [ap50], settings });
    rig.connected(ap50, 30);
    rig.hear(10);
    rig.advance(600_000);
    assert.deepEqual(rig.actions, []);
    assert.equal(rig.state.attempts.length, 1);
    assert.equal(rig.state.attempts[0]?.result, "no alternatives");
  });

  it("takes a client that said yes and has gone to have gone to its neighbour", () => {
    const rig = new StationRig({ bsses: [ap50, far24], settings });
    rig.connected(ap50, 30);
    rig.hear(10);
    rig.answer(0, far24);
    rig.disconnect();
    rig.advance(5_000);
    assert.equal(rig.outcomes[0]?.result, "left");
    assert.equal(rig.outcomes[0]?.to, far24.bssid);
    assert.deepEqual(rig.state.blocked, []);
  });

  it("offers nothing that the client itself hears no better than where it is", () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far24, far50], settings });
    rig.connected(ap50, 30);
    const at = rig.now;
    const report = ({ bssid }: { bssid: typeof ap24.bssid }, rcpi: number) => ({ bssid, rcpi, at });
    rig.change({ beaconReports: [report(ap50, 80), report(ap24, 90), report(far24, 85), report(far50, 120)] });
    rig.hear(10);
    assert.deepEqual(rig.log.slice(-1), ["0 btm 99:50 00:24"]);
  });

  it("sends to 2.4 GHz whatever the signal with lwm 1, and does not send back", () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far50], settings: { lwm: 1 } });
    rig.connected(ap50, 60);
    assert.deepEqual(rig.log.slice(-1), ["0 btm 00:24"]);
    rig.connect(ap24, 60);
    rig.advance(600_000);
    assert.equal(rig.actions.filter(({ type }) => type === "btm").length, 1);
  });
});

describe("snr_xing_bottom_lwm", () => {
  const settings = { bottomLwm: 5 };

  it("throws out a client without BTM on 2.4 GHz, even with nowhere to go, and ends", () => {
    const rig = new StationRig({ bsses: [ap24], settings, snapshot: { btm: false } });
    rig.connected(ap24, 4);
    assert.deepEqual(rig.log.slice(-2), ["0 block home-ap-24", "0 deauth home-ap-24"]);
    rig.disconnect();
    rig.advance(5_000);
    assert.deepEqual(rig.state.blocked, []);
    assert.equal(rig.outcomes.length, 1);
  });

  for (const [title, bss, snr, snapshot] of [
    ["supports BTM", ap24, 4, { btm: true }],
    ["is on 5 GHz", ap50, 4, { btm: false }],
    ["is at the threshold", ap24, 5, { btm: false }],
  ] as const) {
    it(`leaves a client alone that ${title}`, () => {
      const rig = new StationRig({ settings, snapshot });
      rig.connected(bss, snr);
      rig.advance(60_000);
      assert.deepEqual(rig.actions, []);
    });
  }
});
