/** The forms of what steering keeps in the store. It is checked when it is read: a backup may be of another time, and anybody's. */

import { z } from "zod";
import { mac } from "../../wifi-fields.ts";
import { homeBands } from "../evidence.ts";
import { generations } from "../generations.ts";
import * as limits from "../limits.ts";

const instant = z.number().min(0).max(8.64e15);
const text = z.string().max(limits.evidenceText);
const snrDb = z.number().min(-1000).max(1e10);
const figure = z.number().min(0).max(1e12);
const count = z.number().min(0).max(1e9);

export const evidenceForm = z.object({
  mac,
  vendor: text.optional(),
  hostname: text.optional(),
  vendorClass: text.optional(),
  fingerprint: text.optional(),
  radio: z.object({
    bands: z.array(z.enum(homeBands)).max(homeBands.length).optional(),
    bandsComplete: z.boolean().optional(),
    generation: z.enum(generations).optional(),
    streams: z.number().optional(),
    maxWidth: z.number().optional(),
    btm: z.boolean().optional(),
    rrm: z.boolean().optional(),
    sae: z.boolean().optional(),
    fastTransition: z.boolean().optional(),
    multiLink: z.boolean().optional(),
    shown: z.object({ generation: z.enum(generations), streams: z.number(), width: z.number() }).optional(),
  }),
});

const verdict = z.enum(["static", "mobile", "unknown"]);
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const window = { bssid: mac, from: instant, count, sum: z.number(), least: snrDb, most: snrDb };

export const historyForm = z.object({
  days: z
    .array(z.object({ day, verdict, heardMinutes: count, moving: z.number(), spreadDb: z.number(), wanderings: count }))
    .max(limits.nightsKept),
  today: z
    .object({
      day,
      signals: z.object({
        ...{ windows: count, moving: count, heardMs: figure, wanderings: count },
        spread: z.array(z.object({ bssid: mac, counts: z.array(count).length(45) })).max(limits.bssesPerDay),
        open: z.object(window).nullable(),
        last: z.object({ at: instant, bssid: mac, node: z.string().max(128), snrDb }).nullable(),
      }),
    })
    .nullable(),
});

export const observedForm = z.object({
  network: z.string().max(64).nullable(),
  key: z.string().max(64).nullable(),
  observation: z
    .object({
      ...{ bssid: mac.nullable(), since: z.number(), at: z.number(), snrDb: snrDb.nullable() },
      ...{ linkMbps: figure.nullable(), mbps: figure, typicalMbps: figure },
      heard: z
        .array(z.object({ bssid: mac, snrDb, at: z.number(), by: z.enum(["link", "beacon", "probe"]) }))
        .max(limits.heardPerClient),
    })
    .nullable(),
});

const frequencyBand = z.enum(["2.4G", "5G", "5GL", "5GU", "6G"]);

export const nodesForm = z
  .array(
    z.object({
      id: z.string().min(1).max(128),
      at: instant,
      accessPoints: z
        .array(
          z.object({
            ...{ ifName: z.string().max(128), bssid: mac, band: frequencyBand, network: z.string().max(64) },
            ...{ channel: z.number(), width: z.number(), generation: z.enum(generations), streams: z.number() },
            mldAddress: mac.optional(),
          }),
        )
        .max(16),
      hears: z.array(z.object({ bssid: mac, snrDb: z.number() })).max(limits.bsses),
      taken: z.boolean(),
    }),
  )
  .max(limits.nodes);

const share = z.boolean().nullable();
export const judgedForm = z
  .object({
    ...{ success: share, harm: share, pingPong: share },
    ...{ tookMs: z.number().nullable(), offlineMs: z.number().nullable() },
  })
  .nullable();

export const countsForm = z.object({
  /** Clients that were connected. */
  clients: z.array(mac).max(limits.clients),
  /** That were thrown out. */
  forced: count,
  /** Answers to BTM requests by class: all, and those that accepted. */
  btm: z.record(z.string().max(64), z.tuple([count, count])),
});
