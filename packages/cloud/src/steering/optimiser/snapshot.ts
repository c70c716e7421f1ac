/**
 * What the optimiser looks at: one location at one moment, as plain JSON, so that a decision can be kept and played again.
 * What nobody knows is null: it is never taken for bad.
 */

import { z } from "zod";
import { mac } from "../../wifi-fields.ts";
import { homeBands } from "../evidence.ts";
import { generations } from "../generations.ts";
import * as limits from "../limits.ts";

const instant = z.number().min(0).max(8.64e15);
const band = z.enum(homeBands);
const width = z.literal([20, 40, 80, 160, 320]);
const percent = z.number().min(0).max(100).nullable();
const mbps = z.number().min(0).max(1e6);
const snrDb = z.number().min(-20).max(120);
const name = z.string().min(1).max(128);
/** Which part of the spectrum: the primary channel and its width (MHz). */
const channel = { band, channel: z.int().min(1).max(233), width };

const uplinkSchema = z.strictObject({
  parent: name,
  ...channel,
  /** Of the radio link, as rates are told: before anything that the medium costs. */
  linkMbps: mbps,
  busyPercent: percent,
});

const nodeSchema = z.strictObject({
  id: name,
  claimed: z.boolean(),
  /** Null: by cable, or the gateway itself. */
  uplink: uplinkSchema.nullable(),
});

const bssSchema = z.strictObject({
  bssid: mac,
  node: name,
  ifName: name,
  /** SSID: clients stay within one. */
  network: z.string().min(1).max(32),
  ...channel,
  generation: z.enum(generations),
  streams: z.int().min(1).max(16),
  /** Of the time, by anybody (survey of the operating channel). */
  busyPercent: percent,
});

const heardSchema = z.strictObject({
  bssid: mac,
  snrDb,
  at: instant,
  /** `link`: it was there; `beacon`: it measured it; `probe`: the access point heard it ask. */
  by: z.enum(["link", "beacon", "probe"]),
});

const clientSchema = z.strictObject({
  mac,
  /** Null: it is nowhere. */
  bssid: mac.nullable(),
  since: instant,
  /** When what follows was reported. */
  at: instant,
  /** At the access point. */
  snrDb: snrDb.nullable(),
  linkMbps: mbps.nullable(),
  /** What went over it lately, both ways together. */
  mbps,
  /** What it moves when it is used: of the last days. */
  typicalMbps: mbps,
  /** Fewer than 200 PPDUs a minute for three minutes. */
  idle: z.boolean().nullable(),
  /** Wanted at hand when it is used, by its class. */
  wantsMbps: mbps,
  class: name,
  eligible: z.enum(["always", "static", "never"]),
  mobility: z.enum(["static", "mobile", "unknown"]),
  /** Bands that the policy of the home allows it; empty: all. */
  allowed: z.array(band).max(homeBands.length),
  /** Bands of its network that its key does not open; left out: none. */
  closed: z.array(band).max(homeBands.length).optional(),
  ability: z.strictObject({
    bands: z.array(band).max(homeBands.length),
    generation: z.enum(generations),
    streams: z.int().min(1).max(16),
    maxWidth: width,
    btm: z.boolean(),
  }),
  heard: z.array(heardSchema).max(limits.heardPerClient),
});

export const snapshotSchema = z.strictObject({
  at: instant,
  nodes: z.array(nodeSchema).max(limits.nodes),
  bsses: z.array(bssSchema).max(limits.bsses),
  /** Clients proper: backhaul stations are not among them. */
  clients: z.array(clientSchema).max(limits.clients),
});

export type Snapshot = z.output<typeof snapshotSchema>;
export type SnapshotNode = z.output<typeof nodeSchema>;
export type SnapshotBss = z.output<typeof bssSchema>;
export type SnapshotClient = z.output<typeof clientSchema>;
