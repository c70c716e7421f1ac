/** Steering of clients by the cloud: whether it does, what it has decided and why, and what good it does. */

import { z } from "zod";
import { done, instant, limit, mac, page, when } from "./fields.ts";
import { routes } from "./route.ts";

/** `recommend`: it decides and tells, and moves nobody. */
export const steeringMode = z.enum(["off", "recommend", "on"], "is no mode; use off, recommend or on");

export const explanation = z.object({
  mac: z.string(),
  class: z.string().nullable(),
  mobility: z.string().nullable(),
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
