/**
 * What a kind of client device can do and how it behaves: which 802.11k, v and r it speaks, how it probes, roams, sleeps and
 * answers those who would move it. Plain data, checked member by member; `devices/*.json` are such classes.
 */

import type { Db, Dbm, Mhz } from "@opensync-ts/base/units";
import { defaultHabits, type Habits } from "./choice.ts";
import { Fields } from "./fields.ts";
import { type Generation, generations } from "./rates.ts";
import { type Band, bands } from "./spectrum.ts";
import { type TrafficSpec, trafficKinds, trafficNames } from "./traffic.ts";

/** Milliseconds: least and most; what happens in between is chance. */
export type Span = readonly [number, number];

export interface Abilities {
  readonly bands: readonly Band[];
  readonly generation: Generation;
  /** Spatial streams. */
  readonly streams: number;
  readonly maxWidth: Mhz;
  readonly power: Dbm;
  readonly traffic: TrafficSpec;
  readonly habits: Habits;
  readonly joining: Joining;
  readonly probing: Probing;
  /** 802.11k; `null`: none of it. */
  readonly measurement: Measurement | null;
  /** 802.11v BSS transition; `null`: it does not take part. */
  readonly transition: Manners | null;
  /** WPA3: it knows SAE beside pre-shared keys, which 6 GHz demands. */
  readonly sae: boolean;
  /** 802.11r. */
  readonly fastTransition: boolean;
  /** Power save; `null`: it is always awake. */
  readonly sleep: Sleep | null;
  /** Links that it runs at a time with an access point that is a multi-link device; 1: no such links. */
  readonly links: number;
}

/** How it comes to a BSS. */
export interface Joining {
  /** Looking over all channels, when it has lost its link or just come. */
  readonly scan: Span;
  /** Authentication, association and handshake; no data meanwhile. */
  readonly full: Span;
  /** Fast BSS transition. */
  readonly fast: Span;
  /** Attempts in a row at a BSS that refuses it; then it goes elsewhere, and comes back after pauses that grow. */
  readonly attempts: number;
  readonly retryPause: Span;
}

export interface Probing {
  /** Seconds between looks without a link; `null`: it looks only when something that it knows comes on the air. */
  readonly unassociated: number | null;
  /** Seconds between looks with a good link; `null`: none. */
  readonly associated: number | null;
  /** It asks for its network by name, not for any. */
  readonly directed: boolean;
}

export type MeasurementMode = "passive" | "active" | "table";

export const measurementModes: readonly MeasurementMode[] = ["passive", "active", "table"];

export interface Measurement {
  readonly modes: readonly MeasurementMode[];
  /** Probability that it refuses a request that it could fulfil. */
  readonly refuse: number;
  /** Until it begins. */
  readonly delay: Span;
  /** dB by which what it measures may be off, either way. */
  readonly accuracy: Db;
  /** It asks its access point for a neighbor report when it has associated, and looks there first. */
  readonly asksNeighbors: boolean;
}

/** How it answers a BSS transition management request. */
export interface Manners {
  /** Probability that it says yes where it finds something suitable; `ignore`: that it says nothing at all. */
  readonly accept: number;
  readonly ignore: number;
  /** What else it says, by status code (1 to 8), each with its weight. */
  readonly rejections: Readonly<Record<string, number>>;
  readonly delay: Span;
  /** `preferred`: takes what the list prefers; `own`: judges for itself among what it hears. */
  readonly choice: "preferred" | "own";
  /** What is weaker is not suitable. */
  readonly minimumSignal: Dbm;
  /** With `own`: by how much another has to be better. */
  readonly gain: Db;
  /** Probability that it says yes and stays, or says yes and goes elsewhere. */
  readonly stays: number;
  readonly elsewhere: number;
  /** Told that it will be disassociated, it does not refuse what is suitable. */
  readonly honoursImminent: boolean;
  /** Asks its access point where to go when its link gets weak. */
  readonly queries: boolean;
}

export interface Sleep {
  /** Milliseconds between two looks for what the access point holds for it, while it has no traffic. */
  readonly interval: number;
}

export interface DeviceClass extends Abilities {
  readonly name: string;
  /** For people: what it is, and which known behaviour it has. */
  readonly description: string;
}

/** A client of no class: it takes no part in 802.11k, v or r and keeps to itself until it has a reason. */
export const plainAbilities: Abilities = {
  bands: ["2.4G", "5G"],
  generation: "ax",
  streams: 2,
  maxWidth: 80,
  power: 15,
  traffic: trafficKinds.web,
  habits: defaultHabits,
  joining: { scan: [100, 400], full: [20, 80], fast: [20, 80], attempts: 1, retryPause: [100, 400] },
  probing: { unassociated: null, associated: null, directed: false },
  measurement: null,
  transition: null,
  sae: true,
  fastTransition: false,
  sleep: null,
  links: 1,
};

/** What a client that is only said to speak 802.11k, or v, does: all of it, at once, and gladly. */
export const willing: { readonly measurement: Measurement; readonly transition: Manners } = {
  measurement: { modes: measurementModes, refuse: 0, delay: [10, 50], accuracy: 0, asksNeighbors: false },
  transition: {
    accept: 1,
    ignore: 0,
    rejections: {},
    delay: [10, 50],
    choice: "preferred",
    minimumSignal: -85,
    gain: 0,
    stays: 0,
    elsewhere: 0,
    honoursImminent: true,
    queries: false,
  },
};

/** Throws a `UserError` of one line that names the class, the member, what it must be and what it is. */
export function parseDeviceClass(value: unknown, name: string): DeviceClass {
  const fields = new Fields(value, `device class '${name}'`);
  const parsed = { name, description: fields.text("description"), ...readAbilities(fields) };
  fields.done();
  return parsed;
}

/** The same of abilities that were put together of a class and what goes over it. */
export function checkAbilities(value: unknown, who: string): Abilities {
  return readAbilities(new Fields(value, who));
}

const minute = 60_000;

/** Status codes of a BSS transition management response that say no (IEEE 802.11-2020 table 9-428). */
const rejectionCodes = ["1", "2", "3", "4", "5", "6", "7", "8"];

function readAbilities(fields: Fields): Abilities {
  return {
    bands: fields.choices("bands", bands),
    generation: fields.choice("generation", generations),
    streams: fields.integer("streams", 1, 16),
    maxWidth: fields.number("maxWidth", 20, 320),
    power: fields.number("power", -100, 36),
    traffic: readTraffic(fields),
    habits: fields.object("habits", readHabits),
    joining: fields.object("joining", (inside) => ({
      scan: inside.range("scan", 1, minute),
      full: inside.range("full", 1, minute),
      fast: inside.range("fast", 1, minute),
      attempts: inside.integer("attempts", 1, 100),
      retryPause: inside.range("retryPause", 1, minute),
    })),
    probing: fields.object("probing", (inside) => ({
      unassociated: inside.numberOrNull("unassociated", 1, 86_400),
      associated: inside.numberOrNull("associated", 1, 86_400),
      directed: inside.boolean("directed"),
    })),
    measurement: fields.orNull("measurement", (inside) => ({
      modes: inside.choices("modes", measurementModes),
      refuse: inside.number("refuse", 0, 1),
      delay: inside.range("delay", 0, minute),
      accuracy: inside.number("accuracy", 0, 20),
      asksNeighbors: inside.boolean("asksNeighbors"),
    })),
    transition: fields.orNull("transition", readManners),
    sae: fields.boolean("sae"),
    fastTransition: fields.boolean("fastTransition"),
    sleep: fields.orNull("sleep", (inside) => ({ interval: inside.number("interval", 1, minute) })),
    links: fields.integer("links", 1, 3),
  };
}

/** A kind by its name, or a specification in full. */
function readTraffic(fields: Fields): TrafficSpec {
  if (fields.isText("traffic")) {
    return trafficKinds[fields.choice("traffic", trafficNames)];
  }
  return fields.object("traffic", (inside) => ({
    down: inside.number("down", 0, 100_000),
    up: inside.number("up", 0, 100_000),
    burst: inside.number("burst", 0, 86_400),
    silence: inside.number("silence", 0, 86_400),
  }));
}

function readHabits(fields: Fields): Habits {
  return {
    roamBelow: fields.number("roamBelow", -200, 0),
    roamHysteresis: fields.number("roamHysteresis", 0, 100),
    stickiness: fields.number("stickiness", 0, 1),
    bandPreference: fields.object("bandPreference", (inside) => ({
      "2.4G": inside.number("2.4G", -100, 100),
      "5G": inside.number("5G", -100, 100),
      "6G": inside.number("6G", -100, 100),
    })),
    scanInterval: fields.number("scanInterval", 1, 86_400),
  };
}

function readManners(fields: Fields): Manners {
  return {
    accept: fields.number("accept", 0, 1),
    ignore: fields.number("ignore", 0, 1),
    rejections: fields.numbers("rejections", rejectionCodes, 1000),
    delay: fields.range("delay", 0, minute),
    choice: fields.choice("choice", ["preferred", "own"]),
    minimumSignal: fields.number("minimumSignal", -100, 0),
    gain: fields.number("gain", -100, 100),
    stays: fields.number("stays", 0, 1),
    elsewhere: fields.number("elsewhere", 0, 1),
    honoursImminent: fields.boolean("honoursImminent"),
    queries: fields.boolean("queries"),
  };
}
