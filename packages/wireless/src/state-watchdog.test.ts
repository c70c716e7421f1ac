import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits } from "./limits.ts";
import { apVif, phyState } from "./testing/fixtures.ts";
import { type Rig, startRig } from "./testing/rig.ts";

const { statePollPeriod: period, statePollGrace: grace, statePollPostponed: postponed } = limits;

const home = () => startRig({ phys: [phyState("wifi0")], vifs: [apVif("wifi0", "home-ap-24")] });

const asked = (rig: Rig) => rig.driver.asked.get("wifi0/home-ap-24") ?? 0;

const told = (rig: Rig) => rig.log().filter((line) => line.includes("state_watchdog"));

/** The driver changes, and tells nobody. */
function changeQuietly(rig: Rig, ssid: string): void {
  const { events } = rig.driver;
  const { vifChanged } = events;
  events.vifChanged = () => {};
  rig.driver.setVif(apVif("wifi0", "home-ap-24", { ssid }));
  events.vifChanged = vifChanged;
}

describe("a driver that keeps changes quiet", () => {
  it("is asked for everything every 5 minutes, and what it kept quiet is told", async () => {
    const rig = await home();
    const before = asked(rig);
    changeQuietly(rig, "quietly");
    await rig.clock.advance(period - 2_000);
    assert.equal(asked(rig), before);
    await rig.clock.advance(2_000 + 2 * grace);
    const vif = rig.wireless.state.vifs.get("home-ap-24");
    assert.equal(vif?.type === "ap" && vif.ap.ssid, "quietly");
    assert.deepEqual(told(rig), [
      "NOTICE osw: state_watchdog: 1 objects had changed although no driver said so: wifi0/home-ap-24; probably a fault of the driver",
    ]);
    rig.wireless.stop();
  });

  it("that has nothing to hide is asked in silence", async () => {
    const rig = await home();
    await rig.clock.advance(3 * (period + 2 * grace));
    assert.equal(asked(rig), 4);
    assert.deepEqual(told(rig), []);
    rig.wireless.stop();
  });

  it("is not asked while things move, but for no longer than 5 minutes more", async () => {
    const rig = await home();
    let turn = 0;
    const move = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        rig.driver.setPhy(phyState("wifi0", { txChainmask: 1 + (turn++ % 3) }));
        await rig.clock.advance(1_000);
      }
    };
    await move(period + postponed - 2 * grace);
    const before = asked(rig);
    await move(4 * grace);
    assert.equal(asked(rig), before + 1);
    rig.wireless.stop();
  });
});
