/**
 * The `simulation` section of a home file: where nodes and clients are, and what stands between them. The cloud never
 * reads it. Clients name the networks of the same file, so that a key is written once.
 */

import { UserError } from "@opensync-ts/base/errors";
import { parseMac } from "@opensync-ts/base/units";
import type { Home } from "@opensync-ts/cloud/home";
import type { Place } from "@opensync-ts/world/geometry";
import type { ClientSpec, WorldSpec } from "@opensync-ts/world/spec";
import { z } from "zod";

const point = z.strictObject({ x: z.number(), y: z.number() });
const place = point.extend({ z: z.number().optional() });
const material = z.enum(["glass", "wood", "drywall", "brick", "concrete", "metal"]);

const client = z.strictObject({
  name: z.string().min(1).max(32),
  mac: z.string().refine((text) => parseMac(text) !== undefined, "is not a MAC address; write aa:bb:cc:dd:ee:ff"),
  place,
  bands: z
    .array(z.enum(["2.4G", "5G", "6G"]))
    .min(1)
    .optional(),
  /** Network of this file that it knows, and which of its keys. */
  ssid: z.string(),
  key: z.string(),
  traffic: z.enum(["none", "idle", "web", "call", "video", "bulk"]).optional(),
  walk: z
    .strictObject({
      waypoints: z.array(z.strictObject({ at: z.number().min(0), place })).min(1),
      repeat: z.boolean().optional(),
    })
    .optional(),
});

const simulationSchema = z.strictObject({
  seed: z.int().min(0).optional(),
  nodes: z.array(z.strictObject({ id: z.string(), place })).default([]),
  walls: z.array(z.strictObject({ from: point, to: point, material })).default([]),
  clients: z.array(client).default([]),
});

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
  const { seed, nodes, walls, clients } = result.data;
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

function defined({ x, y, z }: { x: number; y: number; z?: number | undefined }): Place {
  return z === undefined ? { x, y } : { x, y, z };
}
