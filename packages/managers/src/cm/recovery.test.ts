import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  afterFailedRound,
  decideRestart,
  initialRecovery,
  type Plight,
  type Recovery,
  type RecoveryPolicy,
  requestOffline,
} from "./recovery.ts";

const policy: RecoveryPolicy = { offlineAfter: { requests: 3 }, restartAfter: { skips: 360 } };
const release7: RecoveryPolicy = { offlineAfter: { ms: 180_000 }, restartAfter: { ms: 86_400_000 } };
const ready = { enabled: true, status: "ready", asked: false };
const plight: Plight = {
  now: 0,
  uplink: null,
  tunnel: false,
  otherUplink: false,
  deviceType: "NONE",
  atManager: false,
  offline: ready,
};
const fresh = initialRecovery(0);

describe("a request for gw_offline", () => {
  it("is refused by a leaf, at the manager, without the feature, and without a stored configuration", () => {
    const refused: readonly Partial<Plight>[] = [
      { uplink: "wifi" },
      { deviceType: "LEAF" },
      { atManager: true },
      { offline: { ...ready, enabled: false } },
      { offline: { ...ready, status: "enabled" } },
      { offline: { ...ready, status: "error" } },
      { offline: { ...ready, status: "" } },
    ];
    for (const change of refused) {
      const { granted, ask, recovery } = requestOffline({ ...plight, ...change }, fresh, policy);
      assert.deepEqual([granted, ask, recovery], [false, false, fresh], JSON.stringify(change));
    }
  });

  it("leads to it at the third time, and again as long as the row does not show it", () => {
    let recovery = fresh;
    const asked = [1, 2, 3, 4].map(() => {
      const decision = requestOffline(plight, recovery, policy);
      recovery = decision.recovery;
      assert.ok(decision.granted);
      return decision.ask;
    });
    assert.deepEqual(asked, [false, false, true, true]);
    const shown = requestOffline({ ...plight, offline: { ...ready, asked: true } }, recovery, policy);
    assert.deepEqual([shown.granted, shown.ask], [true, false]);
  });

  it("has nothing left to ask for while PM is active", () => {
    const { granted, ask, recovery } = requestOffline(
      { ...plight, offline: { ...ready, status: "active" } },
      fresh,
      policy,
    );
    assert.deepEqual([granted, ask, recovery], [true, false, fresh]);
  });

  it("has nothing left to ask for where PM could restore only a part, or nothing", () => {
    const offline = { enabled: true, status: "error", asked: true };
    const { granted, ask } = requestOffline({ ...plight, offline }, fresh, policy);
    assert.deepEqual([granted, ask], [true, false]);
  });

  it("starts the time of release 7.0 once", () => {
    const first = requestOffline({ ...plight, now: 10_000 }, fresh, release7);
    assert.equal(first.recovery.offlineAt, 190_000);
    const second = requestOffline({ ...plight, now: 70_000 }, first.recovery, release7);
    assert.equal(second.recovery.offlineAt, 190_000);
  });
});

describe("the decision to restart the managers", () => {
  const decide = (change: Partial<Plight>, recovery: Recovery = fresh) =>
    decideRestart({ ...plight, ...change }, recovery, policy, "LINK_SEL has had its time");
  const disabled = { enabled: false, status: "disabled", asked: false };

  it("is for it where nothing speaks against it", () => {
    const { restart, explanation } = decide({ offline: disabled });
    assert.equal(restart, true);
    assert.equal(explanation, "LINK_SEL has had its time; gw_offline is not enabled");
    assert.equal(decide({ uplink: "wifi", otherUplink: true }).restart, true);
  });

  it("is against it for a router, for what has another uplink, and for what goes offline", () => {
    assert.equal(decide({ offline: disabled, deviceType: "ROUTER" }).restart, false);
    assert.equal(decide({ offline: disabled, otherUplink: true }).restart, false);
    assert.equal(decide({}).restart, false);
    assert.equal(decide({ offline: disabled, deviceType: "BRIDGE" }).restart, true);
  });

  it("lets a router ask for gw_offline, too", () => {
    let recovery = fresh;
    const asked = [1, 2, 3].map((n) => {
      const decision = decide({ deviceType: "ROUTER", now: n * 120_000 }, recovery);
      recovery = decision.recovery;
      return decision.ask;
    });
    assert.deepEqual(asked, [false, false, true]);
  });

  it("lets a router mend its uplink meanwhile, one way and the other, unless a tunnel stands on it", () => {
    const first = decide({ deviceType: "ROUTER", uplink: "wired" });
    const second = decide({ deviceType: "ROUTER", uplink: "wired" }, first.recovery);
    assert.deepEqual([first.repair, second.repair], ["renew", "restart-interface"]);
    assert.equal(decide({ deviceType: "ROUTER", uplink: "wired", tunnel: true }).repair, null);
    assert.equal(decide({ deviceType: "ROUTER" }).repair, null);
  });

  it("falls for it after 360 skips of two minutes, however often the question comes", () => {
    for (const intervalMs of [60_000, 120_000]) {
      let recovery = fresh;
      let now = 0;
      for (let restart = false; !restart; now += intervalMs) {
        const decision = decide({ deviceType: "ROUTER", now }, recovery);
        restart = decision.restart;
        recovery = decision.recovery;
        assert.ok(now < 50_000_000);
      }
      assert.equal(now - intervalMs, 43_200_000);
    }
  });

  it("falls for it by the time of release 7.0 since the router last answered", () => {
    const recovery = { ...fresh, goodAt: 1_000 };
    const at = (now: number) =>
      decideRestart({ ...plight, deviceType: "ROUTER", now }, recovery, release7, "why").restart;
    assert.deepEqual([at(86_400_999), at(86_401_000)], [false, true]);
  });
});

describe("a failed round of connecting", () => {
  it("counts towards a restart only where a stored configuration brings the LAN back", () => {
    const without = { enabled: false, status: "disabled", asked: false };
    let offline = fresh;
    let plain = fresh;
    let restarted = false;
    for (let now = 0; now <= 43_200_000; now += 60_000) {
      const decision = afterFailedRound({ ...plight, now }, offline, policy, "no answer");
      restarted = decision.restart;
      offline = decision.recovery;
      plain = afterFailedRound({ ...plight, offline: without, now }, plain, policy, "no answer").recovery;
    }
    assert.equal(restarted, true);
    assert.equal(plain.skips, 0);
  });
});
