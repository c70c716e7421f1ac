/** Users, and the tokens that programs use. */

import { z } from "zod";
import { done, flag, id, instant, limit, name, page, password, tenantScope, when } from "./fields.ts";
import { roles, scrape } from "./roles.ts";
import { routes } from "./route.ts";

export const userName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._@-]{0,62}$/,
    "is not usable; use up to 63 lower-case letters, digits, '.', '_', '@' and '-'",
  );

const role = z.enum(roles, `is no role; use ${roles.join(", ")}`);
const tokenRole = z.enum([...roles, scrape], `is no role; use ${roles.join(", ")} or ${scrape}`);

export const user = z.object({
  id: z.string(),
  name: z.string(),
  role,
  tenant: tenantScope,
  disabled: z.boolean(),
  createdAt: when,
});

export const token = z.object({
  id: z.string(),
  name: z.string(),
  /** Null: nobody's, such as the one that the cloud's own machine uses. */
  user: z.string().nullable(),
  role: tokenRole,
  tenant: tenantScope,
  createdAt: when,
  expiresAt: when.nullable(),
  usedAt: when.nullable(),
});

export const userRoutes = routes({
  "GET /users": {
    summary: "Users within the caller's reach, by name",
    needs: "admin of something",
    query: z.strictObject({ tenant: id.optional(), after: z.string().max(64).optional(), limit }),
    answer: page(user),
  },
  "POST /users": {
    summary: "Make a user with a role that the caller has",
    needs: "admin of something",
    body: z.strictObject({ name: userName, password, role, tenant: tenantScope }),
    answer: user,
    status: 201,
    errors: [404, 409],
  },
  "GET /users/:user": { summary: "One user", needs: "admin of something", answer: user, errors: [404] },
  "PATCH /users/:user": {
    summary: "Change a user; a new password or role ends the user's sessions",
    needs: "admin of something",
    body: z.strictObject({
      role: role.optional(),
      tenant: tenantScope.optional(),
      password: password.optional(),
      disabled: z.boolean().optional(),
    }),
    answer: user,
    errors: [404, 409],
  },
  "DELETE /users/:user": {
    summary: "Remove a user with all sessions and tokens",
    needs: "admin of something",
    answer: done,
    errors: [404, 409],
  },
  "GET /tokens": {
    summary: "The caller's tokens; with `all`, for admins, those within reach",
    needs: "anybody",
    query: z.strictObject({ all: flag, after: id.optional(), limit }),
    answer: page(token),
  },
  "POST /tokens": {
    summary: "Make a token; its text is in this answer, and nowhere else",
    needs: "anybody",
    body: z.strictObject({ name, role: tokenRole, tenant: tenantScope, expiresAt: instant.nullable().default(null) }),
    answer: token.extend({ secret: z.string() }),
    status: 201,
    errors: [404, 409, 422],
  },
  "DELETE /tokens/:token": {
    summary: "Revoke a token, and those that were made with it",
    needs: "anybody",
    answer: done,
    errors: [404],
  },
});
