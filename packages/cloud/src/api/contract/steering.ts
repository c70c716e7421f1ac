/** Steering of clients by the cloud: whether it does, what it has decided and why, and what good it does. */

import { z } from "zod";
import { done, instant, limit, mac, page, when } from "./fields.ts";
import { routes } from "./route.ts";

/** `recommend`: it decides and tells, and moves nobody. */
export const steeringMode = z.enum(["off", "recommend", "on"], "is no mode; use off, recommend or on");

const mbps = z.number().nullable();

/** An access point; null: it is not known any more. */
const spot = z.object({
  bssid: z.string(),
  node: z.string().nullable(),
  band: z.string().nullable(),
  channel: z.int().nullable(),
});

/** Where the client is, or could be. */
const candidate = z.object({
  bssid: z.string(),
  node: z.string(),
  band: z.string(),
  channel: z.int(),
  /** MHz. */
  width: z.int(),
  isPresent: z.boolean(),
  snrDb: z.number().nullable(),
  /** Who measured it: `link`, `beacon` (the client), `probe` (the access point), it is told from the node's `other band`; or the link when it was there `earlier`. */
  heardBy: z.string().nullable(),
  /** What was measured at this very access point last, also where that is too old to count. */
  measured: z.object({ snrDb: z.number(), at: when }).nullable(),
  /** Of the link; end to end; and of that what it wants: Mbit/s. */
  linkMbps: mbps,
  capacityMbps: mbps,
  scoreMbps: mbps,
  /** Of the air that bounds it, what others leave. */
  freePercent: z.number().nullable(),
  /** The hop that bounds it; 0: the client's own link. */
  bottleneck: z.int().nullable(),
  fit: z.boolean(),
  /** Why it is not moved there. */
  why: z.string().nullable(),
});

/** Figures are Mbit/s, as far as the client wants them. */
const attempt = z.object({
  askedAt: when,
  endedAt: when.nullable(),
  from: spot,
  to: spot,
  result: z.string(),
  before: z.number(),
  predicted: z.number(),
  after: mbps,
});

const holdingPolicy = z.object({
  id: z.string(),
  label: z.string().nullable(),
  scope: z.object({ kind: z.enum(["everybody", "network", "zone", "device"]), name: z.string().nullable() }),
  action: z.object({
    kind: z.enum(["freeze", "internet-only", "band", "profile", "unsteered"]),
    prefer: z.string().optional(),
    only: z.boolean().optional(),
    profile: z.string().optional(),
  }),
  /** Null: until it is changed. */
  until: when.nullable(),
  /** Where the document has it: `policies[3]`. */
  stated: z.string(),
});

export const explanation = z.object({
  mac: z.string(),
  mode: steeringMode,
  class: z.string().nullable(),
  /** How sure that is, 0 to 1. */
  confidence: z.number().nullable(),
  mobility: z.string().nullable(),
  /** By which nodes steer it. */
  profile: z.string(),
  /** All that there are. */
  profiles: z.array(z.string()),
  /** What would be decided now. */
  decision: z.object({ kind: z.enum(["move", "stay"]), why: z.string().nullable() }),
  wantsMbps: mbps,
  /** A place where it is heard with less is none, dB. */
  leastSnrDb: z.number(),
  /** Bands that it is known to use; `bandsComplete`: and no others. */
  bands: z.array(z.string()),
  bandsComplete: z.boolean(),
  /** Bands that the document holds it to; empty: all. */
  allowed: z.array(z.string()),
  /** Bands of its network that its key does not open: 6 GHz takes the first key alone. */
  closed: z.array(z.string()),
  /** Access points that it is on as all this is told, the one that it came to last first: several of a client with several links. */
  on: z.array(spot),
  /** Bands on which nodes have access points of which none is on the air now: the radio listens for radar first, or is off. */
  offAir: z.array(z.object({ node: z.string(), band: z.string(), why: z.enum(["radar", "off"]) })),
  /** The one it is at first, then the best. */
  candidates: z.array(candidate),
  moving: z.object({ to: spot, askedAt: when, arrivedAt: when.nullable() }).nullable(),
  blocked: z.array(z.object({ from: spot, to: spot, until: when })),
  /** The newest first. */
  attempts: z.array(attempt),
  /** In a row. */
  failures: z.int(),
  policies: z.array(holdingPolicy),
  /** The last decision in words, line by line. */
  text: z.array(z.string()),
  /** It is not moved before then. */
  notBefore: when.nullable(),
});

export const journalEntry = z.object({ at: when, digest: z.string(), text: z.array(z.string()) });

const share = z.object({ of: z.int(), share: z.number().nullable() });

/** Shares are 0 to 1; what cannot be told is null. */
export const indicators = z.object({
  moves: z.int(),
  success: share,
  harm: share,
  pingPong: share,
  convergenceMs: z.object({ median: z.number(), p90: z.number() }).nullable(),
  btmAcceptance: z.record(z.string(), share),
  forcedDeauthsPerClientDay: z.number().nullable(),
  offlineSecondsPerMove: z.number().nullable(),
});

export const steeringRoutes = routes({
  "GET /locations/:location/steering": {
    summary: "Whether the cloud steers clients here",
    needs: "viewer of location",
    answer: z.object({ mode: steeringMode }),
    errors: [404],
  },
  "PUT /locations/:location/steering": {
    summary: "Let the cloud steer clients here, only recommend, or not",
    needs: "operator of location",
    body: z.strictObject({ mode: steeringMode }),
    answer: z.object({ mode: steeringMode }),
    errors: [404],
  },
  "GET /locations/:location/steering/clients/:mac": {
    summary: "Why a client is moved, or stays",
    needs: "viewer of location",
    answer: explanation,
    errors: [404],
  },
  "POST /locations/:location/steering/clients/:mac/reset": {
    summary: "Forget failed moves of a client: it may be moved again",
    needs: "operator of location",
    answer: done,
    errors: [404],
  },
  "GET /locations/:location/steering/journal": {
    summary: "Decisions in words, the newest first",
    needs: "viewer of location",
    query: z.strictObject({ from: instant, to: instant, mac: mac.optional(), limit }),
    answer: page(journalEntry),
    errors: [404, 422],
  },
  "GET /locations/:location/steering/indicators": {
    summary: "What good steering does, in a time",
    needs: "viewer of location",
    query: z.strictObject({ from: instant, to: instant }),
    answer: indicators,
    errors: [404, 422],
  },
});
