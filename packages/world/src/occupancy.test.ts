import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import { beaconAirtime } from "./airtime.ts";
import type { AirChannel } from "./spectrum.ts";
import { World } from "./world.ts";

const channel = (control: number): AirChannel => ({ band: "5G", control, segments: [control] });

function bssAt(site: string, last: number, control: number): Bss {
  return {
    bssid: mac(`02:00:00:00:01:0${last}`),
    site,
    name: "home-ap-50",
    ssid: site,
    hidden: false,
    channel: channel(control),
    power: 20,
    generation: "ax",
    streams: 2,
    security: { akms: [], pairwise: [], pmf: "disabled" },
    keys: [],
    acl: { policy: "none", macs: [] },
  };
}

describe("a radio that listens", () => {
  it("tells what it sends itself from what others send, and both from noise", async () => {
    const clock = new VirtualClock();
    const interferer = { name: "oven", place: { x: 1, y: 0 }, band: "5G" as const, power: 20, airtime: 0.25 };
    const laptop = {
      name: "laptop",
      mac: "02:00:00:00:00:01",
      place: { x: 4, y: 0 },
      networks: [{ ssid: "gw" }],
      traffic: { down: 30, up: 10, burst: 1, silence: 0 },
    };
    const spec = { interferers: [{ ...interferer, segments: [5220] }], clients: [laptop] };
    const world = new World({ clock, seed: 1, spec });
    world.addSite("gw", { x: 0, y: 0 });
    world.addSite("next door", { x: 12, y: 0 });
    world.putBss(bssAt("gw", 1, 5180));
    world.putBss(bssAt("next door", 2, 5180));
    await clock.advance(1000);
    const own = world.occupancy("gw", channel(5180));
    assert.ok(own.tx > beaconAirtime && own.rxSelf > 0);
    assert.ok(Math.abs((own.tx - beaconAirtime) / own.rxSelf - 3) < 1e-9, "three times as much down as up");
    assert.ok(Math.abs(own.rx - own.rxSelf - beaconAirtime) < 1e-9, "the neighbour only beacons");
    assert.ok(Math.abs(own.busy - own.tx - own.rx) < 1e-9);
    assert.deepEqual(world.occupancy("gw", channel(5220)), { busy: 0.25, tx: 0, rx: 0, rxSelf: 0 });
    assert.equal(world.occupancy("nowhere", channel(5180)).busy, 0);
    world.close();
  });
});
