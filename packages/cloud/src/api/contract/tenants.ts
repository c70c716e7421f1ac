/** Tenants and their locations. */

import { z } from "zod";
import { done, flag, id, limit, name, page, when } from "./fields.ts";
import { routes } from "./route.ts";

const tenant = z.object({ id: z.string(), name: z.string(), createdAt: when });

/** What the nodes of a location are doing, for lists. */
const live = z.object({
  /** As the applied version states, and proven. */
  settled: z.boolean(),
  /** Radios that are not as they were told, in what the document does not state, with their nodes, in one line; null: there is none. */
  note: z.string().nullable(),
  /** Number of the version that the nodes are being given. */
  version: z.int().nullable(),
  nodes: z.int(),
  connected: z.int(),
});

export const location = z.object({
  id: z.string(),
  tenant: z.string(),
  name: z.string(),
  createdAt: when,
  /** The newest version: what a change is based on; 0: none. */
  head: z.int(),
  applied: z.int().nullable(),
  proven: z.int().nullable(),
  /** Null: this cloud does not serve it (it has no applied version). */
  live: live.nullable(),
  /** It has `simulation` routes. */
  simulated: z.boolean(),
});

export const tenantRoutes = routes({
  "GET /tenants": {
    summary: "Tenants within the caller's reach, by name",
    needs: "viewer of something",
    query: z.strictObject({ after: z.string().max(128).optional(), limit }),
    answer: page(tenant),
  },
  "POST /tenants": {
    summary: "Make a tenant",
    needs: "admin of cloud",
    body: z.strictObject({ name }),
    answer: tenant,
    status: 201,
    errors: [409],
  },
  "GET /tenants/:tenant": { summary: "One tenant", needs: "viewer of tenant", answer: tenant, errors: [404] },
  "PATCH /tenants/:tenant": {
    summary: "Rename a tenant",
    needs: "admin of tenant",
    body: z.strictObject({ name }),
    answer: tenant,
    errors: [404, 409],
  },
  "DELETE /tenants/:tenant": {
    summary: "Remove a tenant without locations, and its users",
    needs: "admin of cloud",
    answer: done,
    errors: [404, 409],
  },
  "GET /locations": {
    summary: "Locations within the caller's reach, by name",
    needs: "viewer of something",
    query: z.strictObject({
      tenant: id.optional(),
      /** In the name, or in a node's serial number or id, whatever the case. */
      find: z.string().min(1, "is empty").max(128).optional(),
      /** Those only of which a node is not connected, not as stated, or has a radio that is not as it was told. */
      attention: flag,
      /** `next` of the answer before. */
      after: z.string().max(1024).optional(),
      limit,
    }),
    answer: page(location),
    errors: [404],
  },
  "POST /tenants/:tenant/locations": {
    summary: "Make a location",
    needs: "admin of tenant",
    body: z.strictObject({ name }),
    answer: location,
    status: 201,
    errors: [404, 409],
  },
  "GET /locations/:location": {
    summary: "One location, and how it is",
    needs: "viewer of location",
    answer: location,
    errors: [404],
  },
  "PATCH /locations/:location": {
    summary: "Rename a location",
    needs: "operator of location",
    body: z.strictObject({ name }),
    answer: location,
    errors: [404, 409],
  },
  "DELETE /locations/:location": {
    summary: "Remove a location with its versions; its nodes are nobody's then",
    needs: "admin of location",
    answer: done,
    errors: [404],
  },
});
