/**
 * The `simulation` section of a home file: where nodes and clients are, what stands between them, and what else is on the
 * air. The cloud never reads it. Clients name the networks of the same file, so that a key is written once.
 */

import { UserError } from "@opensync-ts/base/errors";
import { parseMac } from "@opensync-ts/base/units";
import type { Home } from "@opensync-ts/cloud/home";
import { channelNumber, channelOf, segments20 } from "@opensync-ts/target/channels";
import { deviceClassNames } from "@opensync-ts/world/device-classes";
import type { Place } from "@opensync-ts/world/geometry";
import { maxInterferers, maxSsidOctets } from "@opensync-ts/world/limits";
import type { ClientSpec, InterfererSpec, WorldSpec } from "@opensync-ts/world/spec";
import { trafficNames } from "@opensync-ts/world/traffic";
import { z } from "zod";

const point = z.strictObject({ x: z.number(), y: z.number() });
const place = point.extend({ z: z.number().optional() });
const material = z.enum(["glass", "wood", "drywall", "brick", "concrete", "metal"]);

const macText = z
  .string()
  .refine((text) => parseMac(text) !== undefined, "is not a MAC address; write aa:bb:cc:dd:ee:ff");

const client = z.strictObject({
  name: z.string().min(1).max(32),
  mac: macText,
  place,
  /** What it is; what the class says holds but for what is said here. */
  device: z
    .string()
    .refine((name) => deviceClassNames.includes(name), `is no device class; there are ${deviceClassNames.join(", ")}`)
    .optional(),
  bands: z
    .array(z.enum(["2.4G", "5G", "6G"]))
    .min(1)
    .optional(),
  /** Network of this file that it knows, and which of its keys. */
  ssid: z.string(),
  key: z.string(),
  traffic: z.enum(trafficNames).optional(),
  walk: z
    .strictObject({
      waypoints: z.array(z.strictObject({ at: z.number().min(0), place })).min(1),
      repeat: z.boolean().optional(),
    })
    .optional(),
});

/** A neighbour's network, or, without `bssid`, something that only keeps a channel busy. */
const interferer = z.strictObject({
  name: z.string().min(1).max(32),
  place,
  band: z.enum(["2.4G", "5G", "6G"]),
  channel: z.int(),
  /** MHz. */
  width: z.literal([20, 40, 80, 160]).default(20),
  /** dBm. */
  power: z.number().max(36).default(20),
  /** Fraction of time. */
  airtime: z.number().min(0).max(1).default(0.05),
  bssid: macText.optional(),
  ssid: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= maxSsidOctets, `is longer than ${maxSsidOctets} octets`)
    .optional(),
  generation: z.enum(["legacy", "n", "ac", "ax", "be"]).optional(),
  security: z.enum(["open", "wpa2", "wpa2-wpa3", "wpa3"]).default("wpa2"),
});

const simulationSchema = z.strictObject({
  seed: z.int().min(0).optional(),
  nodes: z.array(z.strictObject({ id: z.string(), place })).default([]),
  walls: z.array(z.strictObject({ from: point, to: point, material })).default([]),
  clients: z.array(client).default([]),
  interferers: z.array(interferer).max(maxInterferers).default([]),
});

type SimulatedInterferer = z.output<typeof interferer>;
type SimulatedClient = z.output<typeof client>;

export interface Simulation {
  readonly seed: number | undefined;
  readonly world: WorldSpec;
  /** Where a node of the home stands; nodes without a place stand in a row, ten metres apart. */
  placeOf(node: string): Place;
}

/** Throws a `UserError` of one line per problem: file, path inside it, what is wrong and what to write. */
export function parseSimulation(home: Home, file: string): Simulation {
  const result = simulationSchema.safeParse(home.simulation ?? {});
  if (!result.success) {
    const lines = result.error.issues.map(
      (issue) => `${file}: ${["simulation", ...issue.path].join(".")}: ${issue.message}`,
    );
    throw new UserError(lines.join("\n"));
  }
  const { seed, nodes, walls, clients, interferers } = result.data;
  const places = new Map<string, Place>(home.nodes.map(({ id }, index) => [id, { x: index * 10, y: 0 }]));
  for (const { id, place } of nodes) {
    if (!places.has(id)) {
      throw new UserError(
        `${file}: simulation.nodes: '${id}' is not among the home's nodes (${[...places.keys()].join(", ")})`,
      );
    }
    places.set(id, defined(place));
  }
  return {
    seed,
    world: {
      walls,
      clients: clients.map((entry, index) => clientSpec(entry, home, `${file}: simulation.clients.${index}`)),
      interferers: interferers.map((entry, index) => interfererSpec(entry, `${file}: simulation.interferers.${index}`)),
    },
    placeOf: (node) => places.get(node) ?? { x: 0, y: 0 },
  };
}

function clientSpec(entry: SimulatedClient, home: Home, where: string): ClientSpec {
  const network = home.networks.find(({ ssid }) => ssid === entry.ssid);
  if (!network) throw new UserError(`${where}.ssid: '${entry.ssid}' is no network of this home; add it to 'networks'`);
  const key = network.security.keys.find(({ id }) => id === entry.key);
  if (!key) {
    const known = network.security.keys.map(({ id }) => id).join(", ");
    throw new UserError(`${where}.key: network '${entry.ssid}' has no key '${entry.key}'; it has ${known}`);
  }
  return {
    name: entry.name,
    mac: entry.mac,
    place: defined(entry.place),
    networks: [{ ssid: network.ssid, psk: key.psk }],
    ...(entry.device ? { device: entry.device } : {}),
    ...(entry.bands ? { bands: entry.bands } : {}),
    ...(entry.traffic ? { traffic: entry.traffic } : {}),
    ...(entry.walk
      ? {
          walk: {
            waypoints: entry.walk.waypoints.map(({ at, place }) => ({ at, place: defined(place) })),
            ...(entry.walk.repeat === undefined ? {} : { repeat: entry.walk.repeat }),
          },
        }
      : {}),
  };
}

function interfererSpec(entry: SimulatedInterferer, where: string): InterfererSpec {
  const { name, band, channel: number, width, power, airtime, bssid, ssid, generation, security } = entry;
  const channel = channelOf({ band, number, width });
  if (!channel) throw new UserError(`${where}.channel: ${band} has no channel ${number} of ${width} MHz`);
  const segments = segments20(channel);
  return {
    name,
    place: defined(entry.place),
    band,
    // The primary comes first.
    segments: segments.toSorted((a, b) => Number(channelNumber(b) === number) - Number(channelNumber(a) === number)),
    power,
    airtime,
    security: securityTerms[security],
    ...(bssid === undefined ? {} : { bssid }),
    ...(ssid === undefined ? {} : { ssid }),
    ...(generation ? { generation } : {}),
  };
}

const securityTerms: Readonly<Record<SimulatedInterferer["security"], NonNullable<InterfererSpec["security"]>>> = {
  open: { akms: [], pairwise: [], pmf: "disabled" },
  wpa2: { akms: ["psk"], pairwise: ["ccmp"], pmf: "disabled" },
  "wpa2-wpa3": { akms: ["psk", "sae"], pairwise: ["ccmp"], pmf: "optional" },
  wpa3: { akms: ["sae"], pairwise: ["ccmp"], pmf: "required" },
};

function defined({ x, y, z }: { x: number; y: number; z?: number | undefined }): Place {
  return z === undefined ? { x, y } : { x, y, z };
}
