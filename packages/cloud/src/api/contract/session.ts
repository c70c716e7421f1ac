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

/** Name and password, or the code of a link. */
const proof = z
  .strictObject({
    name: z.string().min(1, "is empty").max(64).optional(),
    password: z.string().min(1).max(256).optional(),
    code: z.string().min(1, "is empty").max(256).optional(),
  })
  .superRefine(({ name, password, code }, context) => {
    const refuse = (member: string, message: string) => context.addIssue({ code: "custom", path: [member], message });
    if (code === undefined) {
      if (name === undefined) refuse("name", "is missing; give name and password, or a code");
      if (password === undefined) refuse("password", "is missing; give name and password, or a code");
    } else if (name !== undefined || password !== undefined) {
      refuse("code", "is given beside a name or password; give one or the other");
    }
  });

export const sessionRoutes = routes({
  "POST /session": {
    summary: "Log in, with name and password or with the code of a link; the session is a cookie",
    needs: "nobody",
    body: proof,
    answer: me,
    status: 201,
  },
  "POST /session/links": {
    summary: "A code that signs the caller in once, within 10 minutes; /sign-in#code=CODE takes it",
    needs: "owner of cloud",
    answer: z.object({
      code: z.string(),
      /** Whom it signs in. */
      user: z.string(),
      expiresAt: when,
    }),
    status: 201,
    errors: [409],
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
