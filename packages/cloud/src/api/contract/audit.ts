/** Who has done what, and the settings of the cloud, of tenants and of locations. */

import { z } from "zod";
import { done, limit, page, when, whole } from "./fields.ts";
import { routes } from "./route.ts";

const entry = z.object({
  id: z.int(),
  at: when,
  actor: z.string(),
  why: z.string().nullable(),
  action: z.string(),
  tenant: z.string().nullable(),
  location: z.string().nullable(),
  target: z.string().nullable(),
  outcome: z.enum(["done", "refused"]),
  reason: z.string().nullable(),
  details: z.array(z.string()),
});

const question = z.strictObject({
  actor: z.string().min(1).max(128).optional(),
  before: whole(1, 9_007_199_254_740_991).optional(),
  limit,
});

const settings = z.object({ settings: z.record(z.string(), z.unknown()) });
const json = z.union(
  [z.null(), z.boolean(), z.number(), z.string(), z.array(z.unknown()), z.record(z.string(), z.unknown())],
  { error: "is missing; give a JSON value" },
);
const value = z.strictObject({ value: json });

export const auditRoutes = routes({
  "GET /audit": {
    summary: "The audit trail of the cloud",
    needs: "admin of cloud",
    query: question,
    answer: page(entry),
  },
  "GET /tenants/:tenant/audit": {
    summary: "The audit trail of a tenant",
    needs: "viewer of tenant",
    query: question,
    answer: page(entry),
    errors: [404],
  },
  "GET /locations/:location/audit": {
    summary: "The audit trail of a location",
    needs: "viewer of location",
    query: question,
    answer: page(entry),
    errors: [404],
  },
  "GET /settings": { summary: "Settings of the cloud", needs: "viewer of cloud", answer: settings },
  "PUT /settings/:settingKey": {
    summary: "Set one of the cloud",
    needs: "admin of cloud",
    body: value,
    answer: done,
    errors: [422],
  },
  "DELETE /settings/:settingKey": {
    summary: "Unset one of the cloud",
    needs: "admin of cloud",
    answer: done,
    errors: [422],
  },
  "GET /tenants/:tenant/settings": {
    summary: "Settings of a tenant",
    needs: "viewer of tenant",
    answer: settings,
    errors: [404],
  },
  "PUT /tenants/:tenant/settings/:settingKey": {
    summary: "Set one of a tenant",
    needs: "admin of tenant",
    body: value,
    answer: done,
    errors: [404, 422],
  },
  "DELETE /tenants/:tenant/settings/:settingKey": {
    summary: "Unset one of a tenant",
    needs: "admin of tenant",
    answer: done,
    errors: [404, 422],
  },
  "GET /locations/:location/settings": {
    summary: "Settings of a location",
    needs: "viewer of location",
    answer: settings,
    errors: [404],
  },
  "PUT /locations/:location/settings/:settingKey": {
    summary: "Set one of a location",
    needs: "operator of location",
    body: value,
    answer: done,
    errors: [404, 422],
  },
  "DELETE /locations/:location/settings/:settingKey": {
    summary: "Unset one of a location",
    needs: "operator of location",
    answer: done,
    errors: [404, 422],
  },
});
