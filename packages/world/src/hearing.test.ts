import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { mac } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import type { InterfererSpec } from "./spec.ts";
import { noiseFloor, sensitivity } from "./spectrum.ts";
import { World } from "./world.ts";

const neighbour: InterfererSpec = {
  name: "next door",
  place: { x: 10, y: 0 },
  band: "5G",
  segments: [5200, 5180, 5220, 5240],
  power: 20,
  airtime: 0.1,
  bssid: "02:00:00:00:0a:01",
  ssid: "Next Door",
};

function bss(site: string, last: number, control: number): Bss {
  return {
    bssid: mac(`02:00:00:00:01:0${last}`),
    site,
    name: "home-ap-50",
    ssid: site,
    hidden: last === 2,
    channel: { band: "5G", control, segments: [control] },
    power: 20,
    generation: "ax",
    streams: 2,
    security: { akms: [], pairwise: [], pmf: "disabled" },
    keys: [],
    acl: { policy: "none", macs: [] },
  };
}

function made(interferers: readonly InterfererSpec[] = [neighbour]) {
  const world = new World({ clock: new VirtualClock(), seed: 1, spec: { interferers, propagation: { shadowing: 0 } } });
  world.addSite("gw", { x: 0, y: 0 });
  return world;
}

describe("a radio that scans", () => {
  it("hears the networks of other devices and of neighbours on their primaries, not its own", () => {
    const world = made();
    world.addSite("ext", { x: 5, y: 0 });
    world.putBss(bss("gw", 1, 5200));
    world.putBss(bss("ext", 2, 5200));
    world.putBss(bss("ext", 3, 5180));
    const names = (control: number) => world.heardNetworks("gw", control).map(({ ssid, hidden }) => [ssid, hidden]);
    assert.deepEqual(names(5200), [
      ["ext", true],
      ["Next Door", false],
    ]);
    assert.deepEqual(names(5180), [["ext", false]]);
    assert.deepEqual(names(5220), []);
    assert.deepEqual(world.heardNetworks("nowhere", 5200), []);
  });

  it("hears them as strong as they arrive, and none that are too weak", () => {
    const far = { ...neighbour, name: "far", bssid: "02:00:00:00:0a:02", place: { x: 40, y: 0 } };
    const gone = { ...neighbour, name: "gone", bssid: "02:00:00:00:0a:03", place: { x: 4000, y: 0 } };
    const [near, weaker, ...others] = made([neighbour, far, gone]).heardNetworks("gw", 5200);
    assert.ok(near && weaker && others.length === 0);
    // Four times as far.
    assert.ok(Math.abs(near.rssi - weaker.rssi - 26 * Math.log10(4)) < 1e-9);
    assert.ok(weaker.rssi > sensitivity && near.rssi < 0 && near.rssi > noiseFloor);
  });

  it("hears neighbours only while they are on the air, and no ovens", () => {
    const { bssid: _, ssid: __, ...noise } = neighbour;
    const world = made([neighbour, { ...noise, name: "oven" }]);
    assert.equal(world.heardNetworks("gw", 5200).length, 1);
    const used = () => world.occupancy("gw", { band: "5G", control: 5200, segments: [5200] });
    assert.deepEqual(used(), { busy: 0.2, tx: 0, rx: 0.1, rxSelf: 0 });
    assert.ok(world.setOnAir("next door", false));
    assert.equal(world.heardNetworks("gw", 5200).length, 0);
    assert.deepEqual(used(), { busy: 0.1, tx: 0, rx: 0, rxSelf: 0 });
    assert.ok(world.setOnAir("next door", true));
    assert.equal(world.heardNetworks("gw", 5200).length, 1);
    assert.equal(world.setOnAir("nobody", true), false);
    assert.equal(made([{ ...neighbour, onAir: false }]).heardNetworks("gw", 5200).length, 0);
  });
});

describe("an interferer", () => {
  it("that cannot be is refused in one line", () => {
    const { bssid: _, ...nameless } = neighbour;
    const cases: readonly (readonly [readonly InterfererSpec[], RegExp])[] = [
      [[nameless], /interferer 'next door': it has an ssid and no bssid/],
      [[{ ...neighbour, bssid: "nonsense" }], /interferer 'next door': bssid /],
      [[neighbour, neighbour], /there are two interferers 'next door'/],
      [[neighbour, { ...neighbour, name: "b" }], /interferers 'next door' and 'b' have the same bssid/],
      [[{ ...neighbour, ssid: "ß".repeat(17) }], /its ssid is longer than 32 octets/],
    ];
    for (const [interferers, message] of cases) assert.throws(() => made(interferers), message);
  });
});

describe("a radio that is away from its channel", () => {
  it("counts nothing of its own device as on the air", () => {
    const world = made([]);
    world.putBss(bss("gw", 1, 5200));
    const channel = { band: "5G" as const, control: 5200, segments: [5200] };
    assert.ok(world.occupancy("gw", channel).tx > 0);
    assert.deepEqual(world.occupancy("gw", channel, "silent"), { busy: 0, tx: 0, rx: 0, rxSelf: 0 });
  });
});
