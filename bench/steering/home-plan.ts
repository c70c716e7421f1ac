/** Homes made from a seed: rooms, access points, neighbours' networks, and people with their devices. */

import { SeededRandom } from "@opensync-ts/base/random";
import type { DeviceModelName } from "@opensync-ts/target-sim/models";
import type { Place, Wall } from "@opensync-ts/world/geometry";
import type { ClientSpec, InterfererSpec, WalkSpec, WorldSpec } from "@opensync-ts/world/spec";

export interface NodePlan {
  readonly id: string;
  readonly model: DeviceModelName;
  readonly place: Place;
  /** Channel numbers; 20 MHz on 2.4 GHz, 80 MHz on 5 GHz. */
  readonly channel24: number;
  readonly channel50: number;
}

export interface HomePlan {
  readonly seed: number;
  readonly nodes: readonly NodePlan[];
  readonly spec: WorldSpec & { readonly clients: readonly ClientSpec[] };
  readonly walkers: number;
}

export const network = { ssid: "home", psk: "correct horse battery" } as const;

const depth = 9;
const widthPerNode = 9;
const mostNodes = 6;

/** 1 to 6 nodes by turns, 5 to 60 clients: more in larger homes, with a wide spread. */
export function homePlan(seed: number): HomePlan {
  const random = new SeededRandom(`steering bench ${seed}`);
  const count = 1 + ((seed - 1) % mostNodes);
  const width = 5 + widthPerNode * count;
  const anywhere = (): Place => ({ x: random.next() * width, y: random.next() * depth });
  const nodes = Array.from({ length: count }, (_, index): NodePlan => {
    const x = ((index + 0.5) / count) * width + (random.next() - 0.5) * 4;
    return {
      id: index === 0 ? "gw" : `ext${index}`,
      model: index === 0 ? "gateway" : "extender",
      place: { x, y: 1 + random.next() * (depth - 2) },
      channel24: [1, 6, 11][index % 3] ?? 1,
      channel50: index % 2 === 0 ? 36 : 149,
    };
  });
  const clients = Math.min(60, Math.max(5, Math.round(4 + count * (3 + random.next() * 9))));
  const specs = Array.from({ length: clients }, (_, index) => clientSpec(index, random, anywhere));
  return {
    ...{ seed, nodes },
    spec: { walls: walls(width, random), interferers: strangers(width, random), clients: specs },
    walkers: specs.filter(({ walk }) => walk !== undefined).length,
  };
}

/** An evening: so many of the devices that can are in the middle of a large download or backup. */
const busyShare = 0.35;
const downloaders: readonly string[] = ["modern-phone", "older-phone", "tablet", "laptop", "tv", "game-console"];

/** Classes and how many of them a home has, of 100 devices; and how likely one is carried about. */
const mix: readonly (readonly [device: string, share: number, carried: number])[] = [
  ["modern-phone", 18, 0.6],
  ["older-phone", 8, 0.5],
  ["tablet", 8, 0.3],
  ["laptop", 12, 0.2],
  ["laptop-wifi7", 3, 0.2],
  ["tv", 10, 0],
  ["game-console", 4, 0],
  ["smart-speaker", 7, 0],
  ["voip-handset", 3, 0.7],
  ["doorbell-camera", 4, 0],
  ["thermostat", 4, 0],
  ["iot", 19, 0],
];

function clientSpec(index: number, random: SeededRandom, anywhere: () => Place): ClientSpec {
  let at = random.next() * mix.reduce((sum, [, share]) => sum + share, 0);
  const [device, , carried] = mix.find(([, share]) => {
    at -= share;
    return at < 0;
  }) ?? ["iot", 0, 0];
  const place = anywhere();
  return {
    name: `${device} ${index}`,
    mac: `0a:00:00:00:00:${index.toString(16).padStart(2, "0")}`,
    ...{ device, place, networks: [network] },
    ...(random.next() < busyShare && downloaders.includes(device) ? { traffic: "bulk" as const } : {}),
    ...(random.next() < carried ? { walk: walk(place, random, anywhere) } : {}),
  };
}

/** Stays for half a minute to five minutes, then goes elsewhere at the pace of somebody at home. */
function walk(from: Place, random: SeededRandom, anywhere: () => Place): WalkSpec {
  const waypoints = [{ at: 0, place: from }];
  let here = from;
  let at = 0;
  while (at < 3_600) {
    at += 30 + random.next() * 270;
    waypoints.push({ at, place: here });
    const there = anywhere();
    at += Math.max(1, Math.hypot(there.x - here.x, there.y - here.y) / 0.8);
    waypoints.push({ at, place: there });
    here = there;
  }
  return { waypoints };
}

/** Rooms of some four metres, along a corridor. */
function walls(width: number, random: SeededRandom): Wall[] {
  const materials = ["drywall", "drywall", "brick", "concrete"] as const;
  const material = () => materials[random.integer(materials.length)] ?? "drywall";
  const all: Wall[] = [];
  for (let x = 3.5 + random.next(); x < width - 1; x += 3.5 + random.next() * 2) {
    const door = 3 + random.next() * 2;
    all.push({ from: { x, y: 0 }, to: { x, y: door }, material: material() });
    all.push({ from: { x, y: door + 1 }, to: { x, y: depth }, material: material() });
  }
  all.push({ from: { x: 0, y: depth / 2 }, to: { x: width * 0.8, y: depth / 2 }, material: "drywall" });
  return all;
}

function strangers(width: number, random: SeededRandom): InterfererSpec[] {
  return Array.from({ length: 2 + random.integer(5) }, (_, index): InterfererSpec => {
    const five = random.next() < 0.35;
    const first = five ? (random.next() < 0.5 ? 5180 : 5745) : ([2412, 2437, 2462][random.integer(3)] ?? 2412);
    return {
      name: `next door ${index}`,
      place: { x: random.next() * width, y: random.next() < 0.5 ? -6 : depth + 6 },
      band: five ? "5G" : "2.4G",
      segments: five ? [0, 20, 40, 60].map((each) => first + each) : [first],
      power: 20,
      airtime: 0.05 + random.next() * 0.3,
      bssid: `06:00:00:00:00:${index.toString(16).padStart(2, "0")}`,
      ssid: `next door ${index}`,
    };
  });
}
