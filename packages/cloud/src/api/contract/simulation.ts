/** The simulated home of `opensync up`: where everything stands, what is broken on purpose, and how to break and mend it. Lengths are metres. */

import { z } from "zod";
import { psk, ssid } from "../../wifi-fields.ts";
import * as limits from "../limits.ts";
import { done, when } from "./fields.ts";
import { routes } from "./route.ts";

const place = z.object({ x: z.number(), y: z.number(), z: z.number() });
const corner = z.object({ x: z.number(), y: z.number() });

/** `cable`: it is out. `line`: nothing answers; of a wireless uplink: it is off the air. `internet`: the provider has none. */
export const uplinkState = z.enum(["ok", "cable", "line", "internet"], "is no state; use ok, cable, line or internet");
export const cloudState = z.enum(["ok", "down"], "is no state; use ok or down");
export const powerEvent = z.enum(["reboot", "power-cut"], "is nothing that happens to a node; use reboot or power-cut");

const radio = z.object({
  radio: z.string(),
  band: z.string(),
  /** It is on; null: nothing of it is on the air. */
  channel: z.int().nullable(),
  widthMhz: z.int().nullable(),
  /** It may use at all; those on which radars have to be listened for; those where one was heard. */
  channels: z.array(z.int()),
  radarChannels: z.array(z.int()),
  closedChannels: z.array(z.int()),
  interfaces: z.array(z.string()),
  jam: z.object({ channel: z.int(), airtimePercent: z.number() }).nullable(),
});

const fault = z.object({
  id: z.int(),
  scenario: z.string(),
  /** Null: all. */
  radio: z.string().nullable(),
  interface: z.string().nullable(),
  /** Null: until it is cleared. */
  until: when.nullable(),
});

const node = z.object({
  node: z.string(),
  role: z.string(),
  place,
  power: z.enum(["up", "booting", "going-down", "off"]),
  /** Null while the node is not up. */
  uplink: z.object({ kind: z.enum(["cable", "wifi"]), state: uplinkState, can: z.array(uplinkState) }).nullable(),
  radios: z.array(radio),
  faults: z.array(fault),
});

/** Of a client that somebody has brought. */
const joined = z.object({
  ssid: z.string(),
  /** `passphrase`: what it was told opens nothing; `no-network`: none of this name is on the air. Null: it is in, or tries still. */
  refused: z.enum(["passphrase", "no-network"]).nullable(),
  /** When its passphrase opened nothing last; it goes on trying. Null: it is not refused for that. */
  refusedAt: when.nullable(),
  /** Tried at this moment, of some others that have an address; null: it has no address. */
  reaches: z
    .object({
      internet: z.boolean(),
      others: z.array(z.object({ name: z.string(), mac: z.string(), reached: z.boolean() })),
      /** How many more there are. */
      untried: z.int(),
    })
    .nullable(),
});

const client = z.object({
  mac: z.string(),
  name: z.string(),
  place,
  /** Null: it stands, or goes round and round. */
  walkingTo: place.nullable(),
  state: z.enum(["searching", "joining", "associated"]),
  link: z
    .object({
      node: z.string(),
      ssid: z.string(),
      band: z.string(),
      channel: z.int(),
      /** As the client hears the node; as the node hears the client, over noise. */
      rssiDbm: z.number(),
      snrDb: z.number(),
      rateMbps: z.number(),
    })
    .nullable(),
  /** Null: it was there from the beginning. */
  joined: joined.nullable(),
});

export const simulationView = z.object({
  walls: z.array(z.object({ from: corner, to: corner, material: z.string() })),
  /** Where clients may go. */
  bounds: z.object({ left: z.number(), top: z.number(), right: z.number(), bottom: z.number() }),
  walkingSpeed: z.number(),
  cloud: cloudState,
  nodes: z.array(node),
  clients: z.array(client),
});

const scenario = z.object({
  scenario: z.string(),
  description: z.string(),
  /** It happens once, and cannot be cleared. */
  isOnce: z.boolean(),
  /** The smallest thing that it can be limited to. */
  concerns: z.enum(["node", "radio", "interface"]),
  parameters: z.array(z.object({ name: z.string(), default: z.string(), description: z.string() })),
});

const metres = z
  .number("is no number; give metres")
  .min(-limits.farthestMetres, "is too far away")
  .max(limits.farthestMetres, "is too far away");
const somewhere = z.strictObject({ x: metres, y: metres });
const atNode = z.strictObject({ node: z.string().min(1, "is empty").max(64, "is longer than 64 characters") });
const to = z.union([somewhere, atNode], "is no place; give { x, y } in metres, or { node }");
const channel = z.int("is no channel number").min(1, "is no channel number").max(253, "is no channel number");
const named = z.string().min(1, "is empty").max(64, "is longer than 64 characters");

export const joinOrder = z.strictObject({
  name: z
    .string()
    .min(1, "is empty; give it a name")
    .max(32, "is longer than 32 characters")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .regex(/^[^\u0000-\u001f\u007f]*$/, "has characters that are none of a name; remove them")
    .refine((text) => text.trim() !== "", "is empty; give it a name"),
  ssid,
  passphrase: psk,
  to,
});

export const faultOrder = z.strictObject({
  scenario: named,
  /** Left out: all. */
  radio: named.optional(),
  interface: named.optional(),
  /** Left out: until it is cleared. */
  seconds: z
    .number("is no number of seconds")
    .positive("is not above 0")
    .max(limits.faultSeconds, `is more than ${limits.faultSeconds} s`)
    .optional(),
  /** By name of the scenario's parameters. */
  values: z
    .record(z.string().max(32), z.string("is no text").max(64, "is longer than 64 characters"))
    .refine((values) => Object.keys(values).length <= limits.faultValues, "has too many members; leave some out")
    .default({}),
});

const errors = [404, 422] as const;
const needs = "operator of location" as const;

export const simulationRoutes = routes({
  "GET /locations/:location/simulation": {
    summary: "The simulated home: places, links, what is broken on purpose; 404 where the home is not simulated",
    needs: "viewer of location",
    answer: simulationView,
    errors: [404],
  },
  "GET /locations/:location/simulation/scenarios": {
    summary: "What can be made to go wrong in drivers",
    needs: "viewer of location",
    answer: z.object({ items: z.array(scenario) }),
    errors: [404],
  },
  "PUT /locations/:location/simulation/clients/:mac/walk": {
    summary: "Send a client somewhere on foot: to a place, or to a node",
    needs,
    body: z.strictObject({ to }),
    answer: done,
    errors,
  },
  "POST /locations/:location/simulation/clients": {
    summary:
      "A new phone comes, and tries to join a network with a passphrase; whether it is let in stands in the simulation",
    needs,
    body: joinOrder,
    answer: z.object({ mac: z.string() }),
    status: 201,
    errors,
  },
  "DELETE /locations/:location/simulation/clients/:mac": {
    summary: "A client that came by this API leaves the home",
    needs,
    answer: done,
    errors,
  },
  "PUT /locations/:location/simulation/nodes/:node/uplink": {
    summary: "Break or mend the way out of a node",
    needs,
    body: z.strictObject({ state: uplinkState }),
    answer: done,
    errors,
  },
  "PUT /locations/:location/simulation/cloud": {
    summary: "Let the cloud refuse all nodes of this home, or take them again",
    needs,
    body: z.strictObject({ state: cloudState }),
    answer: done,
    errors,
  },
  "POST /locations/:location/simulation/nodes/:node/power": {
    summary: "Reboot a node, or cut its power for a moment",
    needs,
    body: z.strictObject({ event: powerEvent }),
    answer: done,
    errors,
  },
  "POST /locations/:location/simulation/nodes/:node/radios/:radio/radar": {
    summary: "Let a radio hear a radar; the channel is closed for half an hour then",
    needs,
    body: z.strictObject({ channel }),
    answer: done,
    errors,
  },
  "PUT /locations/:location/simulation/nodes/:node/radios/:radio/jam": {
    summary: "Keep a channel busy beside a node",
    needs,
    body: z.strictObject({
      channel,
      airtimePercent: z.number("is no number of percent").min(1, "is below 1").max(100, "is above 100").default(90),
    }),
    answer: done,
    errors,
  },
  "DELETE /locations/:location/simulation/nodes/:node/radios/:radio/jam": {
    summary: "Stop it",
    needs,
    answer: done,
    errors,
  },
  "POST /locations/:location/simulation/nodes/:node/faults": {
    summary: "Let something go wrong in a node's driver",
    needs,
    body: faultOrder,
    /** Null: it has happened, and is over. */
    answer: z.object({ id: z.int().nullable() }),
    errors,
  },
  "DELETE /locations/:location/simulation/nodes/:node/faults/:fault": {
    summary: "Clear a fault",
    needs,
    answer: done,
    errors,
  },
});
