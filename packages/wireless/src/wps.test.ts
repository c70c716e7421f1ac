import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WpsOutcome } from "@opensync-ts/target/driver";
import type { ApAttributes } from "@opensync-ts/target/radio";
import type { WpsPress } from "./contract.ts";
import { limits } from "./limits.ts";
import { ap, apVif, phyState } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";
import type { WpsResult } from "./wps-job.ts";

const psk = "a secret to share";

interface Pushed extends Rig {
  readonly results: WpsResult[];
  push(): WpsPress;
  /** `on 1`: pressed, one credential. */
  button(): string;
  change(over: Partial<ApAttributes>): void;
  hear(outcome: WpsOutcome): void;
}

async function rig(over: Partial<ApAttributes> = {}, status: "enabled" | "disabled" = "enabled"): Promise<Pushed> {
  const attributes = { mode: { ...ap.mode, wps: true }, ...over };
  const rig = await startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", "home-ap", attributes, { status })] });
  const results: WpsResult[] = [];
  const current = () => {
    const vif = rig.driver.vif("wifi0", "home-ap");
    return vif?.type === "ap" ? vif : assert.fail();
  };
  return {
    ...rig,
    results,
    push: () => rig.wireless.wps.push("home-ap", psk, (result) => results.push(result)),
    button: () => `${current().ap.wpsPbc ? "on" : "off"} ${current().ap.wpsCredentials.length}`,
    change: (change) => rig.driver.setVif({ ...current(), ap: { ...current().ap, ...change } }),
    hear: (outcome) => rig.driver.events.wps("wifi0", "home-ap", outcome),
  };
}

async function running(): Promise<Pushed & { readonly press: WpsPress }> {
  const pushed = await rig();
  const press = pushed.push();
  await pushed.settle();
  assert.equal(pushed.button(), "on 1");
  return { ...pushed, press };
}

async function cleared({ button, clock, wireless, log }: Pushed): Promise<void> {
  await clock.advance(limits.wpsWindDown + 1_000);
  assert.equal(button(), "off 0");
  assert.equal(wireless.confsync.settled, true);
  assert.doesNotMatch(log().join("\n") + wireless.dump(), /secret to share/);
  const { length } = log();
  await clock.advance(2 * limits.wpsWalkTime);
  assert.equal(button(), "off 0");
  assert.equal(log().length, length);
}

describe("a WPS push button", () => {
  for (const [outcome, result] of [
    ["success", "succeeded"],
    ["overlap", "overlapped"],
    ["pbc_timeout", "timed-out-externally"],
  ] as const) {
    it(`is released after ${outcome}, whether the driver does so itself or not`, async () => {
      for (const itself of [false, true]) {
        const own = await running();
        if (itself) own.change({ wpsPbc: false });
        own.hear(outcome);
        await own.settle();
        assert.deepEqual(own.results, [result]);
        await cleared(own);
      }
    });
  }

  it("is released after the walk time, should the driver not do so", async () => {
    const own = await running();
    await own.clock.advance(limits.wpsWalkTime - 2_000);
    assert.equal(own.button(), "on 1");
    await own.clock.advance(2_000);
    assert.deepEqual(own.results, ["timed-out-internally"]);
    await cleared(own);
  });

  it("is released when it is cancelled", async () => {
    const own = await running();
    own.press.cancel();
    await own.settle();
    assert.deepEqual(own.results, ["cancelled"]);
    assert.equal(own.button(), "off 0");
    own.press.cancel();
    await cleared(own);
    assert.deepEqual(own.results, ["cancelled"]);
  });

  it("that somebody else releases is interrupted, and not pressed again", async () => {
    const own = await running();
    own.change({ wpsPbc: false });
    await own.clock.advance(2_000);
    assert.deepEqual(own.results, ["interrupted"]);
    await cleared(own);
  });

  it("that is pressed again at once runs on", async () => {
    const own = await running();
    own.change({ wpsPbc: false });
    await own.clock.advance(100);
    own.change({ wpsPbc: true });
    await own.settle();
    assert.deepEqual(own.results, []);
    own.hear("success");
    await own.settle();
    assert.deepEqual(own.results, ["succeeded"]);
    await cleared(own);
  });

  it("can have its result before it is reported pressed", async () => {
    const own = await rig();
    own.driver.applies = false;
    own.push();
    await own.settle();
    own.hear("success");
    assert.deepEqual(own.results, ["succeeded"]);
    own.driver.applies = true;
    own.change({ wpsPbc: true, wpsCredentials: [psk] });
    await own.settle();
    await cleared(own);
  });

  it("may be reported piece by piece", async () => {
    for (const first of [{ wpsPbc: true }, { wpsCredentials: [psk] }]) {
      const own = await rig();
      own.driver.applies = false;
      own.push();
      await own.settle();
      own.change(first);
      await own.settle();
      assert.equal(own.wireless.confsync.settled, false);
      own.change({ wpsPbc: true, wpsCredentials: [psk] });
      await own.settle();
      assert.equal(own.wireless.confsync.settled, true);
      own.driver.applies = true;
      own.hear("success");
      await cleared(own);
      assert.deepEqual(own.results, ["succeeded"]);
    }
  });

  it("that is dropped before its access point is up is never pressed", async () => {
    const own = await rig({}, "disabled");
    const press = own.push();
    await own.settle();
    press.drop();
    assert.deepEqual(own.results, ["unspecified"]);
    own.wireless.overrides.setVif("wifi0", "home-ap", { enabled: true });
    await own.settle();
    await cleared(own);
  });

  it("that is dropped before it is reported pressed is released", async () => {
    const own = await rig();
    own.driver.applyDelay = 500;
    const press = own.push();
    await own.clock.advance(100);
    press.drop();
    assert.deepEqual(own.results, ["unspecified"]);
    await cleared(own);
  });

  it("waits for its access point to come up, within the walk time", async () => {
    const own = await rig({}, "disabled");
    own.push();
    await own.settle();
    assert.equal(own.button(), "off 0");
    own.wireless.overrides.setVif("wifi0", "home-ap", { enabled: true });
    await own.settle();
    assert.equal(own.button(), "on 1");
    own.wireless.overrides.setVif("wifi0", "home-ap", { enabled: false });
    await own.settle();
    assert.deepEqual(own.results, ["interrupted"]);
  });

  it("pressed again ends the press before, and starts when that is cleared", async () => {
    const own = await running();
    own.push();
    assert.deepEqual(own.results, ["cancelled"]);
    await own.settle();
    assert.equal(own.button(), "on 1");
    own.hear("success");
    await own.settle();
    assert.deepEqual(own.results, ["cancelled", "succeeded"]);
    await cleared(own);
  });

  it("of an access point without WPS is never pressed, and says so", async () => {
    const own = await rig({ mode: ap.mode });
    own.push();
    await own.settle();
    assert.equal(own.wireless.confsync.limitations[0]?.advice, "its WPS is off: set its wps");
    await own.clock.advance(limits.wpsWalkTime);
    assert.deepEqual(own.results, ["timed-out-internally"]);
    await cleared(own);
    assert.deepEqual(own.wireless.confsync.limitations, []);
  });

  it("that the driver never presses keeps confsync unsettled no longer than the walk time", async () => {
    const own = await rig();
    own.driver.applies = false;
    own.push();
    await own.clock.advance(limits.wpsWalkTime + limits.wpsWindDown + 1_000);
    assert.equal(own.wireless.confsync.settled, true);
    assert.deepEqual(own.results, ["timed-out-internally"]);
  });
});
