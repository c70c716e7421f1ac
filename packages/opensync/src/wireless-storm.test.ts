/**
 * Storms over a home whose extender has no cable: from each seed another story of lost backhauls, reboots and outages; it comes back by
 * itself every time. `OPENSYNC_SEEDS` plays more of them, `OPENSYNC_SEED` one of them again.
 */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "@opensync-ts/base/random";
import { SimWan } from "@opensync-ts/target-sim/network/wan";
import { minute, second, WirelessHome } from "./testing/wireless-home.ts";

const { OPENSYNC_SEED: only, OPENSYNC_SEEDS = "3" } = process.env;
const first = Number(only ?? 1);
const count = only === undefined ? Number(OPENSYNC_SEEDS) : 1;

/** From the end of the storm until everybody has the Internet again. */
const wellWithin = 5 * minute;

function eventsOf(home: WirelessHome): ReadonlyMap<string, () => unknown> {
  const wan = new SimWan(home.fabric, "gateway", "eth0");
  const [gateway, extender] = [home.device("gateway").control, home.device("extender").control];
  return new Map<string, () => unknown>([
    ["backhaul off", () => home.setRadios({ wifi0: false, wifi1: false })],
    ["5 GHz off", () => home.setRadios({ wifi1: false })],
    ["backhaul on", () => home.setRadios({ wifi0: true, wifi1: true })],
    ["gateway: reboot", () => gateway.reboot("the owner wants it")],
    ["gateway: power cut", () => gateway.powerCut()],
    ["extender: reboot", () => extender.reboot("the owner wants it")],
    ["extender: power cut", () => extender.powerCut()],
    ["extender: restart of managers", () => extender.restartManagers("somebody wants it")],
    ["the line is dead", () => wan.set("line")],
    ["no Internet", () => wan.set("internet")],
    ["WAN ok", () => wan.set("ok")],
  ]);
}

describe("an extender that has no cable, in a storm", () => {
  for (let seed = first; seed < first + count; seed++) {
    it(`is back soon after it, and stays (seed ${seed})`, async () => {
      await using home = await WirelessHome.settled();
      const random = new SeededRandom(`wireless storm ${seed}`);
      const events = eventsOf(home);
      const names = [...events.keys()];
      const story: string[] = [];
      for (let left = 6 + random.integer(8); left > 0; left--) {
        const longest = [2 * second, 90 * second, 8 * minute][random.integer(3)] ?? 0;
        await home.pass(random.next() * longest);
        const name = names[random.integer(names.length)] ?? "";
        story.push(`${(home.clock.now() / second).toFixed(1)} s ${name}`);
        await events.get(name)?.();
      }
      await events.get("WAN ok")?.();
      // Who is in the middle of a boot finds its radios as they left the factory.
      await home.pass(30 * second);
      await home.setRadios({ wifi0: true, wifi1: true });
      const isWell = () =>
        home.cloud.location.settled &&
        home.extenderIsOn() &&
        home.fabric.hosts().every(({ name, address }) => address !== null && home.fabric.reaches(name, "internet"));
      await home.until(`all is well (${story.join(", ")})`, isWell, wellWithin);
      await home.pass(20 * minute);
      assert.ok(isWell(), story.join(", "));
      const errors = home.log
        .records()
        .filter(({ severity, text }) => severity === "ERR" && !/power is off$/.test(text));
      assert.deepEqual(errors, []);
    });
  }
});
