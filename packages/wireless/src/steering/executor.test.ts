import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SteeringAction } from "./decide.ts";
import type { Bss } from "./model.ts";
import type { KickSettings, Ladder } from "./settings.ts";
import { ap24, ap50, far24, far50, StationRig } from "./testing/station-rig.ts";

function forced(kick: Partial<KickSettings>, options: ConstructorParameters<typeof StationRig>[0] = {}): StationRig {
  const rig = new StationRig(options);
  rig.connected(ap24);
  rig.set({ client: { ...rig.settings.client, ...kick } });
  return rig;
}

const ladder = (rungs: Partial<Ladder>): Ladder => ({ btm: false, beaconRequest: false, deauth: false, ...rungs });

function sent(rig: StationRig): string[] {
  return rig.log.filter((line) => /^\S+ (btm|deauth|beacon)/.test(line));
}

function request(rig: StationRig): Extract<SteeringAction, { type: "btm" }> {
  const found = rig.actions.find((action) => action.type === "btm");
  assert.ok(found);
  return found;
}

describe("the ladder of kick types", () => {
  const cases: readonly (readonly [string, Ladder, boolean, readonly string[]])[] = [
    [
      "btm_deauth",
      ladder({ btm: true, deauth: true }),
      true,
      ["0 btm 00:50", "3 btm 00:50 again", "6 btm 00:50 again", "9 deauth home-ap-24", "14 deauth home-ap-24"],
    ],
    [
      "btm_deauth, to who does not support BTM",
      ladder({ btm: true, deauth: true }),
      false,
      ["0 deauth home-ap-24", "5 deauth home-ap-24"],
    ],
    ["bss_tm_req", ladder({ btm: true }), true, ["0 btm 00:50", "3 btm 00:50 again", "6 btm 00:50 again"]],
    ["bss_tm_req, to who does not support BTM", ladder({ btm: true }), false, []],
    ["deauth", ladder({ deauth: true }), true, ["0 deauth home-ap-24", "5 deauth home-ap-24"]],
    [
      "rrm_deauth",
      ladder({ beaconRequest: true, deauth: true }),
      true,
      ["0 beacon request 1 36", "2 deauth home-ap-24", "7 deauth home-ap-24"],
    ],
  ];
  for (const [title, rungs, btm, expected] of cases) {
    it(`of ${title}`, () => {
      const rig = forced({ ladder: rungs }, { snapshot: { btm, rrm: true } });
      rig.set({ forceKick: "speculative" });
      rig.advance(30_000);
      assert.deepEqual(sent(rig), expected);
      assert.deepEqual(rig.state.blocked, []);
      assert.equal(rig.state.attempt, null);
    });
  }

  it("ends at rrm_deauth's measurement where that finds nothing to go to", () => {
    const rig = forced({ ladder: ladder({ beaconRequest: true, deauth: true }) }, { snapshot: { rrm: true } });
    rig.set({ forceKick: "speculative" });
    rig.change({ beaconReports: [{ bssid: ap50.bssid, rcpi: 40, at: rig.now }] });
    rig.advance(5_000);
    assert.deepEqual(sent(rig), ["0 beacon request 1 36"]);
    assert.equal(rig.outcomes[0]?.reason, "by its beacon report, nothing is better");
  });
});

describe("a client whose signal is weak", () => {
  const weak = () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far24], settings: { lwm: 20 }, snapshot: { rrm: true } });
    rig.connected(ap50, 40);
    rig.hear(15);
    return rig;
  };
  const reports = (rig: StationRig, heard: readonly (readonly [Bss, number])[]) =>
    rig.change({ beaconReports: heard.map(([{ bssid }, rcpi]) => ({ bssid, rcpi, at: rig.now })) });

  it("is asked first what it hears, where it is and elsewhere, if it speaks 802.11k", () => {
    const rig = weak();
    assert.deepEqual(sent(rig), ["0 beacon request 36 1 6"]);
    reports(rig, [
      [ap50, 60],
      [ap24, 90],
    ]);
    rig.advance(2_000);
    assert.deepEqual(
      request(rig).candidates.map(({ bssid }) => bssid),
      [ap24.bssid],
    );
    assert.equal(
      rig.last?.explanation.candidates.find(({ bssid }) => bssid === far24.bssid)?.leftOut,
      "the client does not hear it",
    );
  });

  it("stays where it is when it hears nothing better, and is not measured when its row does not want it", () => {
    const rig = weak();
    reports(rig, [
      [ap50, 60],
      [ap24, 62],
    ]);
    rig.advance(2_000);
    assert.equal(rig.outcomes[0]?.reason, "by its beacon report, nothing is better");
    assert.deepEqual(rig.state.blocked, []);
    const blind = new StationRig({ settings: { lwm: 20, filterByBeaconReport: false }, snapshot: { rrm: true } });
    blind.connected(ap50, 40);
    blind.hear(15);
    assert.equal(sent(blind)[0]?.startsWith("0 btm"), true);
  });
});

describe("a BTM request", () => {
  it("has at most btm_max_neighbors candidates, the best with preference 255", () => {
    const rig = forced({}, { bsses: [ap24, ap50, far24, far50] });
    rig.set({ forceKick: "speculative", btmMaxNeighbors: 2 });
    assert.deepEqual(request(rig).candidates, [
      { bssid: far50.bssid, opClass: 115, channel: 44, preference: 255 },
      { bssid: ap50.bssid, opClass: 115, channel: 36, preference: 254 },
    ]);
  });

  it("says that disassociation is imminent, and when, only where deauthentication follows", () => {
    const rig = forced({});
    rig.set({ forceKick: "speculative" });
    assert.deepEqual([request(rig).disassocImminent, request(rig).disassocTimer], [true, Math.ceil(9_000 / 102.4)]);
    const polite = forced({ ladder: ladder({ btm: true }) });
    polite.set({ forceKick: "speculative" });
    assert.deepEqual([request(polite).disassocImminent, request(polite).disassocTimer], [false, 0]);
  });

  it("follows the parameters of the row: retries, interval, validity, abridged, no list", () => {
    const rig = new StationRig();
    const { btm } = rig.settings.client;
    const own = { ...btm, maxRetries: 1, retryInterval: 2_000, validInterval: 50, abridged: false, pref: false };
    rig.connected(ap24);
    rig.set({ client: { ...rig.settings.client, btm: own }, forceKick: "speculative" });
    const { candidates, validInterval, abridged } = request(rig);
    assert.deepEqual([candidates, validInterval, abridged], [[], 50, false]);
    rig.advance(4_000);
    assert.deepEqual(sent(rig), ["0 btm ", "2 btm  again", "4 deauth home-ap-24"]);
  });

  it("has a dialog token of its own, from 255 down to 128 and round", () => {
    const rig = forced({});
    rig.state = { ...rig.state, nextToken: 0x81 };
    rig.set({ forceKick: "speculative" });
    rig.advance(8_000);
    const tokens = rig.actions.flatMap((action) => (action.type === "btm" ? [action.token] : []));
    assert.deepEqual(tokens, [0x81, 0x80, 0xff]);
  });
});

describe("a BTM response", () => {
  it("of acceptance ends the requests; the client has 5 s to go", () => {
    const rig = forced({});
    rig.set({ forceKick: "speculative" });
    rig.answer(0, ap50);
    rig.advance(10_000);
    assert.deepEqual(sent(rig).slice(0, 2), ["0 btm 00:50", "3 deauth home-ap-24"]);
  });

  it("of refusal leads to the last rung at once", () => {
    const rig = forced({});
    rig.set({ forceKick: "speculative" });
    rig.advance(1_000);
    rig.answer(1);
    assert.deepEqual(sent(rig), ["0 btm 00:50", "1 deauth home-ap-24"]);
  });

  it("to no request, or a second one, changes nothing", () => {
    const rig = forced({});
    rig.input({ type: "btm response", token: 0xff, status: 1, target: null, candidates: [] });
    assert.deepEqual(rig.state.policies.btmResponse.refusals, []);
    rig.set({ forceKick: "speculative" });
    rig.input({ type: "btm response", token: 0x90, status: 1, target: null, candidates: [] });
    assert.equal(rig.state.attempt?.status, null);
    rig.answer(0, ap50);
    rig.answer(1);
    assert.equal(rig.state.attempt?.status, 0);
  });

  it("with candidates of the client's own keeps to those for 10 s", () => {
    const rig = forced({}, { bsses: [ap24, ap50, far50] });
    rig.set({ forceKick: "speculative" });
    rig.answer(6, null, [far50]);
    assert.equal(rig.preferences()["home-ap-50"], "OUT_OF_SCOPE btm_response");
    rig.advance(10_000);
    assert.equal(rig.preferences()["home-ap-50"], "AVAILABLE default");
  });
});

describe("an attempt", () => {
  it("has failed when the client goes where it is not wanted", () => {
    const rig = forced({}, { bsses: [ap24, ap50, far50] });
    const clientSteering = { mode: "away", band: null, period: 60_000, round: 0 } as const;
    rig.set({ forceKick: "directed", clientSteering });
    rig.connect(ap50);
    assert.equal(rig.outcomes[0]?.reason, `it went to ${ap50.bssid}, where it is not wanted`);
  });

  it("has failed when the client is gone, though it had only access points of this node to go to", () => {
    const rig = forced({ ladder: ladder({ deauth: true }) });
    rig.set({ forceKick: "speculative" });
    rig.disconnect();
    rig.advance(5_000);
    assert.equal(rig.outcomes[0]?.reason, "it has gone, and no neighbour is known where it may be");
  });

  it("ends without a kick when what it was to go to is gone, whatever else there is", () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far24], settings: { hwm: 30 } });
    rig.connected(ap24, 40);
    rig.answer(0, ap50);
    rig.change({ bsses: [ap24, far24] });
    rig.advance(20_000);
    assert.deepEqual(sent(rig), ["0 btm 00:50"]);
    assert.deepEqual(rig.state.blocked, []);
    assert.equal(rig.outcomes[0]?.reason, "it is not to leave where it is any more");
  });

  it("deauthenticates no client that has come to hear nothing better, but one that has only refused what is", () => {
    for (const [rcpi, deauths] of [
      [95, 0],
      [130, 1],
    ] as const) {
      const rig = new StationRig({ bsses: [ap50, far50], settings: { lwm: 20 }, snapshot: { rrm: true } });
      const reports = (there: number) => [
        { bssid: ap50.bssid, rcpi: 90, at: rig.now },
        { bssid: far50.bssid, rcpi: there, at: rig.now },
      ];
      rig.connected(ap50, 27);
      rig.hear(19);
      rig.change({ beaconReports: reports(130) });
      rig.advance(2_000);
      rig.change({ beaconReports: reports(rcpi) });
      rig.answer(1);
      assert.equal(rig.actions.filter(({ type }) => type === "deauth").length, deauths, `${rcpi}`);
    }
  });

  it("is the only one: a policy that waits for its turn refuses the client nowhere", () => {
    const rig = forced({}, { bsses: [ap24, ap50, far50] });
    rig.hear(40);
    rig.set({ forceKick: "speculative", hwm: 30 });
    rig.advance(1_000);
    assert.equal(rig.state.policies.hwm.phase, "enforce");
    assert.equal(rig.state.attempt?.policy, "force_kick");
    assert.deepEqual(
      Object.values(rig.preferences()).filter((one) => one.endsWith("hwm_2g")),
      [],
    );
  });

  it("records what was done", () => {
    const rig = forced({});
    rig.set({ forceKick: "speculative" });
    rig.advance(500);
    rig.answer(0, ap50);
    rig.disconnect();
    rig.advance(100);
    rig.connect(ap50);
    const { result, to, requests, status, trail } = rig.state.attempts[0] ?? {};
    assert.deepEqual([result, to, requests, status], ["moved", ap50.bssid, 1, 0]);
    assert.deepEqual(trail, [`BTM request 1 with ${ap50.bssid}`, `BTM accepted, to ${ap50.bssid}`, "disconnected"]);
  });
});
