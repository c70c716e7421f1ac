import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import { walkTime } from "./push-button.ts";
import type { ClientSpec } from "./spec.ts";
import { World } from "./world.ts";

const bssid = mac("02:00:00:00:01:24");
const printer: ClientSpec = { name: "printer", mac: "02:00:00:00:00:01", place: { x: 3, y: 0 }, networks: [] };
const scanner: ClientSpec = { ...printer, name: "scanner", mac: "02:00:00:00:00:02" };
const printerMac = mac(printer.mac);

const bss: Bss = {
  bssid,
  site: "gw",
  name: "home-ap-24",
  ssid: "home",
  hidden: false,
  channel: { band: "2.4G", control: 2437, segments: [2437] },
  power: 20,
  generation: "ax",
  streams: 2,
  security: { akms: ["psk"], pairwise: ["ccmp"], pmf: "optional" },
  keys: [{ keyId: 1, psk: "correct-horse" }],
  acl: { policy: "none", macs: [] },
};
const pressed: Bss = { ...bss, button: { psk: "correct-horse" } };

function setUp(clients: readonly ClientSpec[] = [printer]) {
  const clock = new VirtualClock();
  const world = new World({ clock, seed: "wps", spec: { clients } });
  world.addSite("gw", { x: 0, y: 0 });
  const outcomes: string[] = [];
  world.events.on("pushButton", ({ outcome }) => outcomes.push(outcome));
  return { clock, world, outcomes };
}

describe("a push button", () => {
  it("teaches a client the network when both are pressed, whichever is first", async () => {
    for (const clientFirst of [true, false]) {
      const { clock, world, outcomes } = setUp();
      world.putBss(bss);
      if (clientFirst) assert.ok(world.pressButton(printerMac));
      world.putBss(pressed);
      if (!clientFirst) assert.ok(world.pressButton(printerMac));
      assert.deepEqual(outcomes, ["success"]);
      await clock.advance(1000);
      assert.equal(world.stations(bssid)[0]?.keyId, 1);
    }
  });

  it("counts for two minutes", async () => {
    const { clock, world, outcomes } = setUp();
    world.pressButton(printerMac);
    await clock.advance(walkTime);
    world.putBss(pressed);
    assert.deepEqual(outcomes, []);
  });

  it("teaches nobody when several are pressed", async () => {
    const { clock, world, outcomes } = setUp([printer, scanner]);
    for (const { mac: address } of [printer, scanner]) world.pressButton(mac(address));
    world.putBss(pressed);
    assert.deepEqual(outcomes, ["overlap"]);
    await clock.advance(1000);
    assert.equal(world.stations(bssid).length, 0);
  });

  it("of nobody is not pressed", () => {
    assert.equal(setUp().world.pressButton(mac("02:00:00:00:00:99")), false);
  });
});
