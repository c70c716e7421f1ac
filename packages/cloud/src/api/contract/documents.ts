/** A location's document and its versions: draft, diff, apply, revert. */

import { z } from "zod";
import { documentBodyBytes } from "../limits.ts";
import { basedOn, document, done, flag, limit, page, shownDocument, versionNumber, when, whole } from "./fields.ts";
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

export const version = summary.extend({ document: shownDocument });

const change = z.object({
  kind: z.enum(["added", "removed", "changed", "reordered"]),
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  words: z.string(),
});

/** Values as people read them; secrets as their shape only. */
const plannedColumn = z.object({ column: z.string(), before: z.string().nullable(), after: z.string() });

const plannedRow = z.object({
  kind: z.enum(["insert", "update", "delete"]),
  /** `Wifi_VIF_Config home-ap-24` */
  id: z.string(),
  table: z.string(),
  columns: z.array(plannedColumn),
  /** Of a row that goes. */
  reason: z.string().nullable(),
});

const plannedNode = z.object({
  node: z.string(),
  /** Null: it cannot be said, for this `reason`. */
  rows: z.array(plannedRow).nullable(),
  reason: z.string().nullable(),
  /** What the version states and this node cannot do. */
  refused: z.array(z.object({ id: z.string(), stated: z.string(), reason: z.string() })),
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
    body: z.strictObject({
      document,
      basedOn,
      /** Where a secret is null, it is that of this version; left out: of the one it is `basedOn`. */
      secretsOf: versionNumber.optional(),
    }),
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
  "GET /locations/:location/versions/:version/rows": {
    summary: "What each node would be written now if a version held",
    needs: "viewer of location",
    answer: z.object({ items: z.array(plannedNode) }),
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
