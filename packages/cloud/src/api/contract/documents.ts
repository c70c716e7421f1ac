/** A location's document and its versions: draft, diff, apply, revert. */

import { z } from "zod";
import { documentBodyBytes } from "../limits.ts";
import { basedOn, document, done, flag, limit, page, versionNumber, when, whole } from "./fields.ts";
import { routes } from "./route.ts";

export const summary = z.object({
  location: z.string(),
  number: z.int(),
  state: z.enum(["draft", "discarded", "applied", "proven", "reverted"]),
  author: z.string(),
  why: z.string().nullable(),
  basedOn: z.int(),
  restores: z.int().nullable(),
  createdAt: when,
  appliedAt: when.nullable(),
  provenAt: when.nullable(),
});

export const version = summary.extend({ document });

const change = z.object({
  kind: z.enum(["added", "removed", "changed", "reordered"]),
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  words: z.string(),
});

const withSecrets = z.strictObject({ secrets: flag });

export const documentRoutes = routes({
  "GET /locations/:location/document": {
    summary: "The version that holds",
    needs: "viewer of location",
    query: withSecrets,
    secrets: "admin",
    answer: version,
    errors: [404],
  },
  "PUT /locations/:location/draft": {
    summary: "Save a draft; it takes the place of an older draft",
    needs: "operator of location",
    body: z.strictObject({ document, basedOn }),
    bodyBytes: documentBodyBytes,
    answer: version,
    errors: [404, 409, 413],
  },
  "GET /locations/:location/versions": {
    summary: "Versions without their documents, the newest first",
    needs: "viewer of location",
    query: z.strictObject({ before: whole(1, 2_147_483_647).optional(), limit }),
    answer: page(summary),
    errors: [404],
  },
  "GET /locations/:location/versions/:version": {
    summary: "One version",
    needs: "viewer of location",
    query: withSecrets,
    secrets: "admin",
    answer: version,
    errors: [404],
  },
  "GET /locations/:location/diff": {
    summary: "What a version changes, compared with another; by default the newest with the one that holds",
    needs: "viewer of location",
    query: z.strictObject({ from: whole(0, 2_147_483_647).optional(), to: whole(1, 2_147_483_647).optional() }),
    answer: z.object({ from: z.int(), to: z.int(), changes: z.array(change) }),
    errors: [404],
  },
  "POST /locations/:location/versions/:version/apply": {
    summary: "The draft that is the newest version holds from now on",
    needs: "operator of location",
    answer: summary,
    errors: [404, 409],
  },
  "POST /locations/:location/versions/:version/discard": {
    summary: "The draft that is the newest version is not to be",
    needs: "operator of location",
    answer: done,
    errors: [404, 409],
  },
  "POST /locations/:location/revert": {
    summary: "A new version that equals version `to` holds from now on",
    needs: "operator of location",
    body: z.strictObject({ to: versionNumber, basedOn }),
    answer: summary,
    errors: [404, 409],
  },
});
