import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startState } from "../state.ts";
import { ap24, ap50, far50, StationRig } from "../testing/station-rig.ts";

const home = { mode: "home", band: "5G", period: 60_000, round: 0 } as const;
const away = { mode: "away", band: null, period: 60_000, round: 0 } as const;
const off = { mode: "off", band: null, period: 60_000, round: 0 } as const;
const bsses = [ap24, ap50, far50];

describe("client steering", () => {
  it("home: others than those of the band refuse the client for the period, then cs_state is expired", () => {
    const rig = new StationRig({ bsses, settings: { clientSteering: home } });
    rig.connected(ap24);
    assert.deepEqual(rig.preferences(), {
      "home-ap-24": "SOFT_BLOCKED cs_deny_filter",
      "home-ap-50": "AVAILABLE cs_allow_filter",
      [far50.bssid]: "SOFT_BLOCKED cs_deny_filter",
    });
    assert.equal(rig.last?.csState, "steering");
    rig.advance(59_999);
    assert.deepEqual(rig.state.blocked, ["home-ap-24"]);
    rig.advance(1);
    assert.equal(rig.last?.csState, "expired");
    assert.deepEqual(rig.state.blocked, []);
    assert.equal(
      rig.actions.every(({ type }) => type === "block"),
      true,
    );
  });

  it("away: all access points of this node refuse it", () => {
    const rig = new StationRig({ bsses, settings: { clientSteering: away } });
    rig.decide();
    assert.deepEqual(rig.state.blocked, ["home-ap-24", "home-ap-50"]);
    assert.equal(rig.preferences()[far50.bssid], "AVAILABLE default");
  });

  it("off ends it with none, and nothing was asked for says nothing", () => {
    const rig = new StationRig({ bsses });
    rig.decide();
    assert.equal(rig.last?.csState, null);
    rig.set({ clientSteering: away });
    rig.set({ clientSteering: off });
    assert.equal(rig.last?.csState, "none");
    assert.deepEqual(rig.state.blocked, []);
  });

  it("changes to another mode at once", () => {
    const rig = new StationRig({ bsses, settings: { clientSteering: home } });
    rig.decide();
    rig.set({ clientSteering: away });
    assert.deepEqual(rig.state.blocked, ["home-ap-24", "home-ap-50"]);
  });

  it("begins anew with another round of the same", () => {
    const rig = new StationRig({ bsses, settings: { clientSteering: away } });
    rig.decide();
    rig.advance(60_000);
    assert.equal(rig.last?.csState, "expired");
    rig.set({ clientSteering: { ...away, round: 1 } });
    assert.equal(rig.last?.csState, "steering");
  });

  it("fails where no access point is on the band", () => {
    const rig = new StationRig({ bsses, settings: { clientSteering: { ...home, band: "6G" } } });
    rig.decide();
    assert.equal(rig.last?.csState, "failed");
    assert.deepEqual(rig.state.blocked, []);
  });

  it("does not begin anew what had ended before a restart", () => {
    const rig = new StationRig({ bsses, settings: { clientSteering: home } });
    rig.state = startState(home);
    rig.decide();
    assert.deepEqual(rig.state.blocked, []);
    rig.set({ clientSteering: away });
    assert.equal(rig.last?.csState, "steering");
  });
});

describe("force_kick", () => {
  it("speculative: away from where it is, once for each change of the column", () => {
    const rig = new StationRig({ bsses });
    rig.connected(ap24);
    rig.set({ forceKick: "speculative" });
    assert.deepEqual(rig.log.slice(-2), ["0 block home-ap-24", "0 btm 00:50 99:50"]);
    rig.connect(ap50);
    rig.advance(120_000);
    rig.set({ forceKick: "none" });
    assert.equal(rig.outcomes.length, 1);
    rig.set({ forceKick: "speculative" });
    assert.equal(rig.log.at(-1), "120 btm 99:50 00:24");
  });

  it("directed: to the target and nowhere else, also in the same transaction as cs_mode", () => {
    const rig = new StationRig({ bsses });
    rig.connected(ap24);
    const { client } = rig.settings;
    const target = { ...client, btm: { ...client.btm, target: ap50.bssid } };
    rig.set({ forceKick: "directed", clientSteering: home, client: target });
    assert.deepEqual(rig.preferences(), {
      "home-ap-24": "HARD_BLOCKED cs_kick_filter",
      "home-ap-50": "AVAILABLE cs_kick_filter",
      [far50.bssid]: "HARD_BLOCKED cs_kick_filter",
    });
    assert.equal(rig.log.at(-1), "0 btm 00:50");
    rig.connect(ap50);
    assert.equal(rig.last?.csState, "steering");
    assert.deepEqual(rig.state.blocked, ["home-ap-24"]);
    rig.advance(60_000);
    assert.equal(rig.last?.csState, "expired");
  });

  it("directed, as the guide writes it, without a target: off what it is on, among those of client steering", () => {
    const rig = new StationRig({ bsses, snapshot: { ppdusPerMinute: 10 } });
    rig.connected(ap24);
    const clientSteering = { mode: "home", band: null, period: 120_000, round: 0 } as const;
    rig.set({ forceKick: "directed", clientSteering, kickUponIdle: true });
    assert.equal(rig.log.at(-1), "0 btm 00:50");
  });

  it("directed, takes over from a speculative one that is under way", () => {
    const rig = new StationRig({ bsses: [ap24, ap50, far50] });
    rig.connected(ap24);
    rig.set({ forceKick: "speculative" });
    const { client } = rig.settings;
    rig.set({ forceKick: "directed", client: { ...client, btm: { ...client.btm, target: far50.bssid } } });
    assert.deepEqual(
      rig.outcomes.map(({ policy, result }) => `${policy} ${result}`),
      ["force_kick aborted"],
    );
    assert.equal(rig.state.attempt?.policy, "cs_kick_filter");
    const requests = rig.actions.flatMap((action) => (action.type === "btm" ? [action.candidates] : []));
    assert.deepEqual(
      requests.at(-1)?.map(({ bssid }) => bssid),
      [far50.bssid],
    );
  });

  it("says failed when the client does not go", () => {
    const rig = new StationRig({ bsses });
    rig.connected(ap24);
    rig.set({ forceKick: "directed", clientSteering: { ...home, period: 600_000 } });
    rig.advance(20_000);
    assert.equal(rig.last?.csState, "failed");
    assert.deepEqual(rig.state.blocked, []);
  });

  it("waits for the client to be idle, gives up after a while", () => {
    const rig = new StationRig({ bsses, settings: { kickUponIdle: true }, snapshot: { ppdusPerMinute: 9_000 } });
    rig.connected(ap24);
    rig.set({ forceKick: "speculative" });
    assert.equal(rig.state.policies.forceKick.word, "not idle: 200 PPDUs a minute or more");
    rig.advance(600_000);
    assert.deepEqual(rig.actions, []);
    assert.equal(rig.state.policies.forceKick.phase, "idle");
  });

  for (const [title, snapshot, word] of [
    ["is not connected", { links: [] }, "speculative: not connected"],
    ["is a backhaul link", { backhaul: true }, "speculative: it is a backhaul link"],
  ] as const) {
    it(`refuses at once where the client ${title}`, () => {
      const rig = new StationRig({ bsses });
      rig.connected(ap24);
      rig.change(snapshot);
      rig.set({ forceKick: "speculative" });
      assert.deepEqual([rig.actions, rig.state.policies.forceKick.word], [[], word]);
    });
  }

  it("does without the ACL for a multi-link device", () => {
    const rig = new StationRig({ bsses, snapshot: { mlo: true } });
    rig.connected(ap24);
    rig.set({ forceKick: "speculative" });
    assert.equal(rig.log.at(-1), "0 btm 00:50 99:50");
    assert.deepEqual(rig.state.blocked, []);
  });
});
