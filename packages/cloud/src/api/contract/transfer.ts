/** Export, import, backup, and what a device needs to reach this cloud. */

import { z } from "zod";
import { importBodyBytes } from "../limits.ts";
import { basedOn, flag } from "./fields.ts";
import { routes } from "./route.ts";
import { location } from "./tenants.ts";

/** As an export has it; it is checked as a whole. */
const exported = z.record(z.string(), z.unknown());
const withSecrets = z.strictObject({ secrets: flag });

export const transferRoutes = routes({
  "GET /locations/:location/export": {
    summary: "A location as JSON",
    needs: "viewer of location",
    query: withSecrets,
    secrets: "admin",
    answer: exported,
    errors: [404],
  },
  "POST /locations/:location/import": {
    summary: "An export as a new draft of this location",
    needs: "operator of location",
    body: z.strictObject({ export: exported, basedOn }),
    bodyBytes: importBodyBytes,
    answer: z.object({ version: z.int() }),
    status: 201,
    errors: [404, 409, 413, 422],
  },
  "GET /tenants/:tenant/export": {
    summary: "A tenant with its locations as JSON",
    needs: "viewer of tenant",
    query: withSecrets,
    secrets: "admin",
    answer: exported,
    errors: [404],
  },
  "POST /tenants/:tenant/import": {
    summary: "An export as a new location of this tenant, whose document is a draft",
    needs: "admin of tenant",
    body: z.strictObject({ export: exported }),
    bodyBytes: importBodyBytes,
    answer: location,
    status: 201,
    errors: [404, 409, 413, 422],
  },
  "POST /import": {
    summary: "An export of a tenant as a new tenant",
    needs: "admin of cloud",
    body: z.strictObject({ export: exported }),
    bodyBytes: importBodyBytes,
    answer: z.object({ tenant: z.string() }),
    status: 201,
    errors: [404, 409, 413, 422],
  },
  "GET /backup": {
    summary: "All that is in the store, as lines of JSON; secrets stay sealed, with the key in `store.key`",
    needs: "admin of cloud",
    answer: z.string(),
    raw: "application/x-ndjson",
  },
  "GET /connection": {
    summary: "What a device needs to reach this cloud",
    needs: "viewer of something",
    answer: z.object({
      /** For `AWLAN_Node.redirector_addr`. */
      redirector: z.string(),
      /** Whose certificates the cloud has and takes, as PEM; null: it uses no TLS. */
      authority: z.string().nullable(),
    }),
  },
  "GET /openapi.json": {
    summary: "This description (OpenAPI 3.1)",
    needs: "anybody",
    answer: z.record(z.string(), z.unknown()),
  },
});
