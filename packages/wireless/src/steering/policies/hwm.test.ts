import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ap24, ap50, ap60, far50, StationRig } from "../testing/station-rig.ts";

const settings = { hwm: 30 };

describe("hwm_2g", () => {
  it("blocks 2.4 GHz, asks a client that is heard well to go to 5 GHz, and unblocks when it is there", () => {
    const rig = new StationRig({ settings });
    rig.connected(ap24, 35);
    assert.deepEqual(rig.log, ["0 hwm_2g idle>enforce", "0 block home-ap-24", "0 btm 00:50"]);
    rig.answer(0, ap50);
    rig.advance(1_000);
    rig.connect(ap50);
    assert.deepEqual(rig.log.slice(3), [
      "1 hwm_2g enforce>idle",
      "1 hwm_2g moved: it is on home-ap-50",
      "1 unblock home-ap-24",
    ]);
  });

  it("asks three times, deauthenticates, and backs off for longer and longer", () => {
    const rig = new StationRig({ settings });
    rig.connected(ap24, 35);
    rig.advance(20_000);
    assert.deepEqual(
      rig.log.filter((line) => !line.includes("hwm_2g")),
      [
        "0 block home-ap-24",
        "0 btm 00:50",
        "3 btm 00:50 again",
        "6 btm 00:50 again",
        "9 deauth home-ap-24",
        "14 deauth home-ap-24",
        "19 unblock home-ap-24",
      ],
    );
    assert.equal(rig.outcomes[0]?.reason, "it stayed although it was deauthenticated");
    rig.advance(3_000_000);
    const starts = rig.log.filter((line) => line.endsWith("idle>enforce")).map((line) => Number(line.split(" ")[0]));
    assert.deepEqual(starts, [0, 139, 518, 1617]);
  });

  it("grows its back-off no further than steering_kick_backoff_time", () => {
    const rig = new StationRig({ settings: { ...settings, backoff: 600_000 } });
    rig.connected(ap24, 35);
    rig.advance(6_000_000);
    const starts = rig.log.filter((line) => line.endsWith("idle>enforce")).map((line) => Number(line.split(" ")[0]));
    assert.deepEqual(starts, [0, 619, 2438, 4257]);
  });

  it("does not send a client from a channel with room to a full one, unless hwm is 100", () => {
    const bsses = (here: number | null, there: number | null) => [
      { ...ap24, load: here },
      { ...ap50, load: there },
    ];
    for (const [here, there, hwm, asked] of [
      [30, 90, 30, false],
      [30, 70, 30, false],
      [30, 69, 30, true],
      [60, 79, 30, true],
      [60, 80, 30, false],
      [null, 90, 30, true],
      [30, null, 30, true],
      [30, 90, 100, true],
    ] as const) {
      const rig = new StationRig({ settings: { hwm }, bsses: bsses(here, there) });
      rig.connected(ap24, 35);
      assert.equal(
        rig.actions.some(({ type }) => type === "btm"),
        asked,
        `${here} ${there} ${hwm}`,
      );
    }
  });

  for (const [title, snr, more] of [
    ["is heard at the threshold", 30, {}],
    ["is not heard", null, {}],
    ["has kick_type none", 50, { settings: { steering: { ladder: null } } }],
    ["is a multi-link device", 50, { snapshot: { mlo: true } }],
    ["is a backhaul link", 50, { snapshot: { backhaul: true } }],
    ["5 GHz refuses by its own ACL", 50, { snapshot: { closedBy: ["home-ap-50"] } }],
    ["has shown no sign of 5 GHz", 50, { snapshot: { channels: { bands: ["2.4G"], listed: [], listedBands: [] } } }],
  ] as const) {
    it(`leaves a client alone that ${title}`, () => {
      const rig = new StationRig({ settings, ...("snapshot" in more && { snapshot: more.snapshot as never }) });
      if ("settings" in more) rig.settings = { ...rig.settings, steering: { ...rig.settings.steering, ladder: null } };
      rig.connected(ap24, snr);
      rig.advance(60_000);
      assert.deepEqual(rig.actions, []);
    });
  }

  it("waits until the client is idle with kick_upon_idle, steers whatever the traffic without", () => {
    const busy = { ppdusPerMinute: 500 };
    const rig = new StationRig({ settings: { ...settings, kickUponIdle: true }, snapshot: busy });
    rig.connected(ap24, 35);
    assert.equal(rig.state.policies.hwm.waits?.why, "not idle: 200 PPDUs a minute or more");
    assert.deepEqual(rig.actions, []);
    rig.change({ ppdusPerMinute: 199 });
    assert.deepEqual(rig.log.slice(-1), ["0 btm 00:50"]);
    const other = new StationRig({ settings, snapshot: busy });
    other.connected(ap24, 35);
    assert.deepEqual(other.log.slice(-1), ["0 btm 00:50"]);
  });

  it("leaves a client alone for the guard time after it has connected", () => {
    const rig = new StationRig({ settings });
    rig.connect(ap24, 50);
    rig.advance(9_900);
    assert.deepEqual(rig.actions, []);
    rig.advance(100);
    assert.deepEqual(rig.log.slice(-1), ["10 btm 00:50"]);
  });

  it("keeps the debounce time between two kicks", () => {
    const rig = new StationRig({ settings: { hwm: 100 } });
    rig.connected(ap24, 50);
    rig.connect(ap50);
    rig.advance(20_000);
    rig.connect(ap24, 50);
    rig.advance(39_000);
    assert.equal(rig.actions.filter(({ type }) => type === "btm").length, 1);
    rig.advance(1_000);
    assert.equal(rig.actions.filter(({ type }) => type === "btm").length, 2);
  });

  it("steers during back-off where steer_during_backoff says so", () => {
    const rig = new StationRig({ settings: { ...settings, steerDuringBackoff: true } });
    rig.connected(ap24, 35);
    rig.advance(75_000);
    const starts = rig.log.filter((line) => line.endsWith("backoff>enforce"));
    assert.deepEqual(starts, ["74 hwm_2g backoff>enforce"]);
  });

  it("sends up whatever the signal with hwm 100, to access points of this node only, 6 GHz before 5 GHz", () => {
    const bsses = [ap24, ap50, ap60, far50];
    const channels = { bands: ["2.4G", "5G", "6G"], listed: [], listedBands: [] } as const;
    const rig = new StationRig({ bsses, settings: { hwm: 100 }, snapshot: { channels } });
    rig.connected(ap24, 12);
    assert.deepEqual(rig.log.slice(-1), ["0 btm 00:60 00:50"]);
  });

  it("ends with a refusal and no deauthentication where the kick type is BTM only, and does not offer it again soon", () => {
    const rig = new StationRig({ settings });
    const ladder = { btm: true, beaconRequest: false, deauth: false };
    rig.settings = { ...rig.settings, steering: { ...rig.settings.steering, ladder } };
    rig.connected(ap24, 35);
    rig.answer(7);
    assert.equal(rig.outcomes[0]?.reason, "it refused with status 7");
    assert.equal(
      rig.actions.some(({ type }) => type === "deauth"),
      false,
    );
    rig.advance(200_000);
    assert.match(rig.outcomes[1]?.reason ?? "", /the client refused it in a BTM response/);
  });

  it("goes on without the driver's word after a while, and says so", () => {
    const rig = new StationRig({ settings });
    rig.obedient = false;
    rig.connected(ap24, 35);
    assert.deepEqual(rig.log.slice(-1), ["0 block home-ap-24"]);
    rig.advance(5_000);
    assert.deepEqual(rig.log.slice(-1), ["5 btm 00:50"]);
    rig.connect(ap50);
    assert.deepEqual(rig.outcomes[0]?.trail.slice(0, 1), ["the driver does not refuse it; going on"]);
  });
});
