/** Logging in and out, and who one is. */

import { z } from "zod";
import { done, password, tenantScope, when } from "./fields.ts";
import { roles, scrape } from "./roles.ts";
import { routes } from "./route.ts";

const me = z.object({
  kind: z.enum(["session", "token"]),
  /** As in the audit trail: `user:alice`, `token:alice/ci`. */
  actor: z.string(),
  user: z.string().nullable(),
  role: z.enum([...roles, scrape]),
  tenant: tenantScope,
  expiresAt: when.nullable(),
  /** Of a session: what changes have to bring along as the header `X-CSRF-Token`. */
  csrfToken: z.string().nullable(),
});

export const sessionRoutes = routes({
  "POST /session": {
    summary: "Log in; the session is a cookie",
    needs: "nobody",
    body: z.strictObject({ name: z.string().min(1, "is empty").max(64), password: z.string().min(1).max(256) }),
    answer: me,
    status: 201,
  },
  "GET /session": { summary: "Who the caller is", needs: "anybody", answer: me },
  "DELETE /session": { summary: "Log out", needs: "anybody", answer: done, errors: [409] },
  "PUT /session/password": {
    summary: "Change one's own password; other sessions of the user end",
    needs: "anybody",
    body: z.strictObject({ current: z.string().min(1).max(256), password }),
    answer: done,
    errors: [409],
  },
});
