/** A location as it is or was at one time: nodes, what they hang on, who is on them. What is not known is null. */

import { z } from "zod";
import { instant, when } from "./fields.ts";
import { radioFault } from "./nodes.ts";
import { routes } from "./route.ts";

const node = z.object({
  id: z.string(),
  role: z.enum(["gateway", "extender"]),
  model: z.string().nullable(),
  connection: z.enum(["absent", "redirected", "refused", "connected"]).nullable(),
  /** As the document states. */
  settled: z.boolean().nullable(),
  /** What is still to come or wrong, in one line; null when settled. */
  pending: z.string().nullable(),
  /** When anything was heard of it last; null: not known. */
  heardAt: when.nullable(),
  /** It is connected, has been asked for a sign of life, and has not given one. */
  silent: z.boolean(),
  /** Radios that are not as they were told, in what the document does not state; of now only. */
  faults: z.array(radioFault),
  /** The same in one line; null: nothing. */
  note: z.string().nullable(),
});

/** From a node towards the Internet. */
const link = z.object({
  node: z.string(),
  /** Null: the Internet. */
  parent: z.string().nullable(),
  medium: z.enum(["ethernet", "wifi"]).nullable(),
  /** Whether it was there; null: not known, as of one by whose node nothing is heard. */
  up: z.boolean().nullable(),
  band: z.string().nullable(),
  channel: z.int().nullable(),
  snrDb: z.number().nullable(),
  /** Rates of the link from the parent and to it, Mbit/s. */
  downLinkMbps: z.number().nullable(),
  upLinkMbps: z.number().nullable(),
});

/** rx is from the client. Rates in Mbit/s. */
const client = z.object({
  mac: z.string(),
  /** Nickname, host name or address. */
  name: z.string(),
  node: z.string(),
  ssid: z.string(),
  band: z.string(),
  channel: z.int().nullable(),
  snrDb: z.number().nullable(),
  /** Of the link. */
  rxLinkMbps: z.number().nullable(),
  txLinkMbps: z.number().nullable(),
  /** What went over it. */
  rxMbps: z.number().nullable(),
  txMbps: z.number().nullable(),
  /** Links that it has at once; more than one of a multi-link client. */
  links: z.int(),
  /** Since when it is there. */
  since: when.nullable(),
  /** Of when all this is, where nothing is heard of its node any more; null: of the time of the picture. */
  lastKnownAt: when.nullable(),
  frozen: z.boolean(),
  /** Of the key that it came with. */
  zone: z.string().nullable(),
});

const radio = z.object({
  node: z.string(),
  band: z.string(),
  channel: z.int().nullable(),
  widthMhz: z.int().nullable(),
  /** Airtime of its channel, percent: all of it, what the node and its clients send, and what others do. */
  busyPercent: z.number().nullable(),
  ownPercent: z.number().nullable(),
  othersPercent: z.number().nullable(),
  /** Of its channel; null: not one that radar has to be looked for on, or not known. */
  dfs: z.enum(["checking", "clear", "barred", "unchecked"]).nullable(),
});

export const picture = z.object({
  at: when,
  /**
   * What it was made of: `now` is what nodes say at present, `reports` what they had reported last at that time, `averages` are those of the
   * step that the time is in.
   */
  from: z.enum(["now", "reports", "averages", "nothing"]),
  /** Of averages, s. */
  stepSeconds: z.int().nullable(),
  /** Between these times something is known of the location; null: nothing is. */
  knownFrom: when.nullable(),
  knownTo: when.nullable(),
  nodes: z.array(node),
  links: z.array(link),
  clients: z.array(client),
  /** There were more clients than are listed. */
  truncated: z.boolean(),
  radios: z.array(radio),
  /** What is not known of that time, in words. */
  unknown: z.array(z.string()),
});

export const pictureRoutes = routes({
  "GET /locations/:location/picture": {
    summary: "Nodes, links, clients and radios as they are, or as they were at a time",
    needs: "viewer of location",
    query: z.strictObject({ at: instant.optional() }),
    answer: picture,
    errors: [404],
  },
});
