/** For tests: a home on virtual time, with access points of three bands each, and what happens in it as lines. */

import { VirtualClock } from "@opensync-ts/base/clock";
import { mac } from "@opensync-ts/base/units";
import type { Bss } from "../access-point.ts";
import type { ClientMessage } from "../requests.ts";
import type { ClientSpec, WorldSpec } from "../spec.ts";
import { World } from "../world.ts";

export const laptop: ClientSpec = {
  name: "laptop",
  mac: "02:00:00:00:00:01",
  place: { x: 3, y: 2 },
  networks: [{ ssid: "home", psk: "correct-horse" }],
};

/** The BSSs of a device: of 2.4, 5 and 6 GHz; `n` tells devices apart. */
export function triBand(site: string, n: number): [Bss, Bss, Bss] {
  const common = {
    site,
    ssid: "home",
    hidden: false,
    generation: "ax" as const,
    streams: 2,
    security: { akms: ["psk"] as const, pairwise: ["ccmp"] as const, pmf: "optional" as const },
    keys: [{ keyId: 1, psk: "correct-horse" }],
    acl: { policy: "none" as const, macs: [] },
  };
  const bssid = (band: string) => mac(`02:00:00:00:1${n.toString(16)}:${band}`);
  const five = n % 2 === 0 ? [5180, 5200, 5220, 5240] : [5745, 5765, 5785, 5805];
  const two = [2412, 2437, 2462][n % 3] ?? 2412;
  return [
    {
      ...common,
      bssid: bssid("24"),
      name: "home-ap-24",
      channel: { band: "2.4G", control: two, segments: [two] },
      power: 20,
    },
    {
      ...common,
      bssid: bssid("50"),
      name: "home-ap-50",
      channel: { band: "5G", control: five[0] ?? 5180, segments: five },
      power: 23,
    },
    {
      ...common,
      bssid: bssid("60"),
      name: "home-ap-60",
      channel: { band: "6G", control: 5955 + 160 * n, segments: [0, 20, 40, 60].map((each) => 5955 + 160 * n + each) },
      power: 23,
    },
  ];
}

/** One device at the origin, `gw`, with nothing on the air. */
export function setUp(spec: WorldSpec, seed: string | number = "test") {
  const clock = new VirtualClock();
  const world = new World({ clock, seed, spec });
  world.addSite("gw", { x: 0, y: 0 });
  const events: string[] = [];
  const messages: ClientMessage[] = [];
  world.events.on("associated", ({ client, bssid }) => events.push(`${client} + ${bssid}`));
  world.events.on("disassociated", ({ client, bssid, reason }) => events.push(`${client} - ${bssid} ${reason}`));
  world.events.on("failed", ({ client, bssid, reason }) => events.push(`${client} ! ${bssid} ${reason}`));
  world.events.on("authenticating", ({ client, bssid }) => events.push(`${client} ? ${bssid}`));
  world.events.on("clientMessage", ({ message }) => messages.push(message));
  return { clock, world, events, messages };
}
