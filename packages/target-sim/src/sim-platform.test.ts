import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { ledStates } from "@opensync-ts/target/platform";
import { FaultSwitch } from "./faults.ts";
import { deviceModels } from "./models.ts";
import { createSimPlatform, SimFan } from "./sim-platform.ts";

function setUp() {
  const clock = new VirtualClock();
  const faults = new FaultSwitch({ clock, random: new SeededRandom(1) });
  const fan = new SimFan(clock, faults);
  const temperatures = new Map([
    ["wifi0", 40],
    ["wifi1", 50.5],
  ]);
  const { radios } = deviceModels.gateway;
  const temperature = (phy: string) => temperatures.get(phy) ?? null;
  return { clock, faults, fan, platform: createSimPlatform({ radios, temperature, fan }), radios, temperature };
}

describe("the fan of a simulated device", () => {
  it("gets up to speed in a few seconds, and has a highest one", async () => {
    const { clock, fan } = setUp();
    fan.setRpm(3_000);
    assert.equal(fan.rpm(), 0);
    await clock.advance(2_000);
    assert.ok(fan.rpm() > 1_500 && fan.rpm() < 2_500, String(fan.rpm()));
    await clock.advance(8_000);
    assert.ok(Math.abs(fan.rpm() - 3_000) < 50);
    fan.setRpm(20_000);
    await clock.advance(60_000);
    assert.equal(Math.round(fan.rpm()), 5_000);
  });

  it("is within what is expected of it when it is looked at ten seconds later, from any speed to any other", async () => {
    const { clock, platform } = setUp();
    for (const { fanRpm } of [...platform.thermal.steps, ...platform.thermal.steps.toReversed()]) {
      await platform.thermal.fan?.setRpm(fanRpm ?? 0);
      await clock.advance(10_000);
      assert.ok(Math.abs(((await platform.thermal.fan?.readRpm()) ?? 0) - (fanRpm ?? 0)) < 300, String(fanRpm));
    }
  });

  it("runs down when it gets stuck", async () => {
    const { clock, faults, fan } = setUp();
    fan.setRpm(3_000);
    await clock.advance(60_000);
    faults.switchOn({ name: "fan-stuck", faults: { fanStuck: true } });
    assert.ok(fan.rpm() > 2_900);
    await clock.advance(60_000);
    assert.equal(Math.round(fan.rpm()), 0);
    assert.equal(fan.told, 3_000);
  });
});

describe("the platform of a simulated device", () => {
  it("knows the temperature of each radio, or that it does not", async () => {
    const { platform } = setUp();
    assert.deepEqual(platform.thermal.sources, ["wifi0", "wifi1", "wifi2"]);
    assert.deepEqual(await platform.thermal.readTemperatures(), [40, 50.5, null]);
  });

  it("gets cooler by its steps: faster fan first, fewer chains then; fewer chains alone without a fan", () => {
    const { platform, radios, temperature } = setUp();
    const extender = createSimPlatform({ radios, temperature });
    const summary = (of: typeof platform) =>
      of.thermal.steps.map(({ above, fanRpm, txChainmasks }) => [above[0], fanRpm, txChainmasks.get("wifi1")]);
    assert.deepEqual(summary(platform), [
      [0, 1_500, 15],
      [75, 2_500, 15],
      [85, 4_000, 15],
      [95, 4_500, 3],
      [105, 5_000, 1],
    ]);
    assert.deepEqual(summary(extender), [
      [0, null, 15],
      [85, null, 3],
      [95, null, 1],
      [110, null, 1],
    ]);
    assert.equal(extender.thermal.fan, undefined);
  });

  it("shows states by their importance, and has no Bluetooth to show", () => {
    const { leds } = setUp().platform;
    const shown = ledStates.filter((state) => leds.priorityOf(state) !== null);
    assert.deepEqual(
      ledStates.filter((state) => !shown.includes(state)),
      ["btconnectable", "btconnecting", "btconnected", "btconnectfail"],
    );
    assert.ok((leds.priorityOf("hwerror") ?? 99) < (leds.priorityOf("connected") ?? -1));
  });

  it("tells what its LED shows, a pattern by its colours", () => {
    const { platform } = setUp();
    assert.equal(platform.ledText(), "LED 0: dark\n");
    platform.leds.show(0, "cloud", [{ duration: 500, red: 255, green: 0, blue: 16, fade: 0 }]);
    assert.equal(platform.ledText(), "LED 0: cloud: #ff0010 500 ms\n");
    const step = { duration: 1, red: 0, green: 0, blue: 0, fade: 0 };
    platform.leds.show(0, "cloud", Array(1_000).fill(step));
    assert.ok(platform.ledText().endsWith(", and 992 more\n") && platform.ledText().length < 200);
  });
});
