import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { parseHome } from "@opensync-ts/cloud/home";
import { World } from "@opensync-ts/world/world";
import { parseSimulation } from "./simulation.ts";

const neighbour = {
  name: "next door",
  place: { x: 8, y: 0 },
  band: "5G",
  channel: 44,
  width: 80,
  bssid: "02:00:00:00:0A:01",
  ssid: "Next Door",
};

function simulation(interferers: readonly unknown[], clients: readonly unknown[] = []) {
  const networks = [{ ssid: "home", security: { mode: "wpa2", keys: [{ id: "key", psk: "correct-horse" }] } }];
  const nodes = [{ id: "gw", role: "gateway" }];
  const home = { name: "test", nodes, networks, simulation: { interferers, clients } };
  return parseSimulation(parseHome(JSON.stringify(home), "home.json"), "home.json");
}

describe("interferers of a home file", () => {
  it("are networks of the world where they have a bssid, on their primary, and noise otherwise", () => {
    const { bssid: _, ssid: __, ...noise } = neighbour;
    const spec = simulation([neighbour, { ...noise, name: "oven", channel: 149, width: 20, airtime: 0.5 }]).world;
    const world = new World({ clock: new VirtualClock(), seed: 1, spec });
    world.addSite("gw", { x: 0, y: 0 });
    const [network, ...others] = world.heardNetworks("gw", 5220);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [network?.bssid, network?.ssid, network?.channel.segments, network?.security.akms],
      ["02:00:00:00:0a:01", "Next Door", [5180, 5200, 5220, 5240], ["psk"]],
    );
    assert.equal(world.heardNetworks("gw", 5745).length, 0);
    assert.equal(world.occupancy("gw", { band: "5G", control: 5745, segments: [5745] }).busy, 0.5);
  });

  it("that cannot be are refused, with where and why", () => {
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ ...neighbour, channel: 43 }, /home.json: simulation.interferers.0.channel: 5G has no channel 43 of 80 MHz/],
      [{ ...neighbour, band: "2.4G", channel: 1, width: 160 }, /2.4G has no channel 1 of 160 MHz/],
      [{ ...neighbour, bssid: "x" }, /home.json: simulation.interferers.0.bssid: is not a MAC address/],
      [{ ...neighbour, airtime: 2 }, /home.json: simulation.interferers.0.airtime: /],
      [{ ...neighbour, ssid: "x".repeat(33) }, /simulation.interferers.0.ssid: is longer than 32 octets/],
      [{ ...neighbour, colour: "red" }, /simulation.interferers.0: /],
    ];
    for (const [entry, message] of refused) {
      assert.throws(
        () => simulation([entry]),
        (error) => error instanceof UserError && message.test(error.message),
      );
    }
  });
});

describe("clients of a home file", () => {
  const phone = { name: "phone", mac: "02:00:00:00:00:01", place: { x: 1, y: 1 }, ssid: "home", key: "key" };

  it("are of the class that they name, but for what the file says of them", () => {
    const { world: spec } = simulation(
      [],
      [
        { ...phone, device: "modern-phone", traffic: "voice" },
        { ...phone, mac: "02:00:00:00:00:02", device: "tv", bands: ["2.4G"] },
      ],
    );
    const world = new World({ clock: new VirtualClock(), seed: 1, spec });
    const [first, second] = world.clients().map(({ device }) => device);
    assert.deepEqual(
      [first?.deviceClass, first?.bands, first?.traffic.burst],
      ["modern-phone", ["2.4G", "5G", "6G"], 180],
    );
    assert.deepEqual([second?.deviceClass, second?.bands, second?.transition?.choice], ["tv", ["2.4G"], "preferred"]);
  });

  it("of a class that there is not are refused in one line", () => {
    assert.throws(
      () => simulation([], [{ ...phone, device: "fridge" }]),
      (error) =>
        error instanceof UserError &&
        /^home.json: simulation.clients.0.device: is no device class; there are doorbell-camera, .*$/.test(
          error.message,
        ),
    );
  });
});
