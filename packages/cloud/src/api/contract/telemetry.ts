/** What nodes tell: series, events, alerts, and the live stream. */

import { z } from "zod";
import { flag, id, instant, limit, mac, page, span, when, whole } from "./fields.ts";
import { routes } from "./route.ts";

/** In order of time, at a distance of `step`; what is not known is null. */
export const series = z.object({
  from: when,
  to: when,
  /** Seconds. */
  step: z.int(),
  points: z.array(
    z.object({
      at: when,
      /** Of which node, band, channel and network; a client that roams, or has several links, has several points at a time. */
      node: z.string(),
      band: z.string().nullable(),
      channel: z.int().nullable(),
      ssid: z.string().nullable(),
      values: z.record(z.string(), z.number().nullable()),
    }),
  ),
  /** There is more than fits: ask for a shorter time. */
  truncated: z.boolean(),
});

export const event = z.object({
  id: z.string(),
  at: when,
  location: z.string().nullable(),
  node: z.string().nullable(),
  /** Address of the client that it is about. */
  client: z.string().nullable(),
  /** What that was called last, where nobody has given it a name; null: not known. */
  clientName: z.string().nullable(),
  kind: z.string(),
  text: z.string(),
  /** What the kind has to tell: `fromNode`, `fromBand`, `band` of a client that has roamed, `actor` of a deed. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const alert = z.object({
  id: z.string(),
  location: z.string(),
  node: z.string().nullable(),
  /** What of the node: a band, a client's address; null: all of it. */
  subject: z.string().nullable(),
  kind: z.string(),
  text: z.string(),
  raisedAt: when,
  /** Null: it is still so. */
  clearedAt: when.nullable(),
  clearedBecause: z.string().nullable(),
});

export const steeringEvent = z.object({
  at: when,
  node: z.string(),
  band: z.string(),
  ifName: z.string(),
  /** As in `BSReport`: `CLIENT_BTM_STATUS`. */
  type: z.string(),
  details: z.record(z.string(), z.unknown()),
});

export const talker = z.object({ mac: z.string(), rxBytes: z.number(), txBytes: z.number() });

const spanQuery = z.strictObject(span);
const before = z.string().min(1).max(64).optional();

export const telemetryRoutes = routes({
  "GET /locations/:location/series/clients/:mac": {
    summary: "A client over time",
    needs: "viewer of location",
    query: spanQuery,
    answer: series,
    errors: [404, 422],
  },
  "GET /locations/:location/series/nodes/:node": {
    summary: "A node over time",
    needs: "viewer of location",
    query: spanQuery,
    answer: series,
    errors: [404, 422],
  },
  "GET /locations/:location/series/nodes/:node/radios/:radio": {
    summary: "A radio over time; `radio` is its band",
    needs: "viewer of location",
    query: spanQuery,
    answer: series,
    errors: [404, 422],
  },
  "GET /locations/:location/series/nodes/:node/radios/:radio/channels/:channel": {
    summary: "A channel over time, as a radio has heard it; `radio` is the band",
    needs: "viewer of location",
    query: spanQuery,
    answer: series,
    errors: [404, 422],
  },
  "GET /locations/:location/talkers": {
    summary: "The clients that have sent and received most in a time",
    needs: "viewer of location",
    query: z.strictObject({ from: span.from, to: span.to, limit: whole(1, 100).default(10) }),
    answer: page(talker),
    errors: [404, 422],
  },
  "GET /locations/:location/events": {
    summary: "What has happened, the newest first",
    needs: "viewer of location",
    query: z.strictObject({
      kind: z.string().min(1).max(64).optional(),
      node: z.string().min(1).max(64).optional(),
      /** Of this client only. */
      client: mac.optional(),
      /** Before this time. */
      to: instant.optional(),
      before,
      limit,
    }),
    answer: page(event),
    errors: [404],
  },
  "GET /locations/:location/steering/clients/:mac/events": {
    summary: "What nodes have done to steer a client, the newest first",
    needs: "viewer of location",
    query: z.strictObject({ limit }),
    answer: page(steeringEvent),
    errors: [404],
  },
  "GET /alerts": {
    summary: "Alerts within the caller's reach, the newest first",
    needs: "viewer of something",
    query: z.strictObject({ tenant: id.optional(), open: flag, before, limit }),
    answer: page(alert),
    errors: [404],
  },
  "GET /locations/:location/alerts": {
    summary: "Alerts of a location, the newest first",
    needs: "viewer of location",
    query: z.strictObject({ open: flag, before, limit }),
    answer: page(alert),
    errors: [404],
  },
  "GET /events/stream": {
    summary: "What happens, as it happens (server-sent events `node`, `change`, `event`, `alert`, `caller`)",
    needs: "viewer of something",
    query: z.strictObject({ location: id.optional() }),
    answer: z.string(),
    raw: "text/event-stream",
    errors: [404],
  },
});
