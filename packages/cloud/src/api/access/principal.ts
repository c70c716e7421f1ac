/** Who calls: found out by the cookie of a session or by a token, and what they may do. */

import type { Store } from "../../store/store.ts";
import { atLeast, type Grant, lesser, type Needs, partsOf, type Role, reaches, scrape } from "../contract/roles.ts";
import * as limits from "../limits.ts";
import { digestOf, isTokenText } from "./secrets.ts";

export interface Principal extends Grant {
  readonly kind: "session" | "token";
  /** What limits are counted by. */
  readonly key: string;
  /** For the audit trail: `user:alice`, `token:alice/ci`. */
  readonly actor: string;
  readonly user: { readonly id: string; readonly name: string } | null;
  /** Of the session (a hash) or of the token. */
  readonly id: string;
  readonly expiresAt: Date | null;
}

/** Undefined: there is no such session, it is over, or its user may not log in. */
export async function principalOfSession(store: Store, secret: string): Promise<Principal | undefined> {
  const id = digestOf(secret);
  const now = store.now();
  return store.run("find a session", async (transaction) => {
    const row = await transaction
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .select(["users.id as user", "users.name", "users.role", "users.tenant_id", "users.disabled"])
      .select(["sessions.used_at", "sessions.expires_at"])
      .where("sessions.id", "=", id)
      .executeTakeFirst();
    if (!row || row.disabled || row.expires_at <= now) return undefined;
    const unused = now.getTime() - row.used_at.getTime();
    if (unused >= limits.sessionIdleMs) return undefined;
    if (unused >= limits.usedMs) {
      await transaction.updateTable("sessions").set({ used_at: now }).where("id", "=", id).execute();
    }
    return {
      kind: "session",
      key: `session ${id}`,
      actor: `user:${row.name}`,
      user: { id: row.user, name: row.name },
      id,
      role: row.role,
      tenant: row.tenant_id,
      expiresAt: row.expires_at,
    };
  });
}

/** Undefined: there is no such token, it has expired, or its user may not do any of what it is for. */
export async function principalOfToken(store: Store, text: string): Promise<Principal | undefined> {
  if (!isTokenText(text)) return undefined;
  const now = store.now();
  return store.run("find a token", async (transaction) => {
    const row = await transaction
      .selectFrom("tokens")
      .leftJoin("users", "users.id", "tokens.user_id")
      .select(["tokens.id", "tokens.name", "tokens.role", "tokens.tenant_id", "tokens.expires_at", "tokens.used_at"])
      .select(["users.id as user", "users.name as userName", "users.role as userRole"])
      .select(["users.tenant_id as userTenant", "users.disabled"])
      .where("tokens.hash", "=", digestOf(text))
      .executeTakeFirst();
    if (!row || row.disabled || (row.expires_at && row.expires_at <= now)) return undefined;
    const { user, userName, userRole } = row;
    const owner = user !== null && userName !== null && userRole !== null ? { id: user, name: userName } : null;
    const grant = owner && userRole ? narrowed(row, { role: userRole, tenant: row.userTenant }) : row;
    if (!grant) return undefined;
    if (!row.used_at || now.getTime() - row.used_at.getTime() >= limits.usedMs) {
      await transaction.updateTable("tokens").set({ used_at: now }).where("id", "=", row.id).execute();
    }
    return {
      kind: "token",
      key: `token ${row.id}`,
      actor: owner ? `token:${owner.name}/${row.name}` : `token:${row.name}`,
      user: owner,
      id: row.id,
      role: grant.role,
      tenant: "tenant" in grant ? grant.tenant : grant.tenant_id,
      expiresAt: row.expires_at,
    };
  });
}

/** What is left of a token where its user may do less by now. */
function narrowed(
  { role, tenant_id }: { readonly role: Grant["role"]; readonly tenant_id: string | null },
  user: Grant,
): Grant | undefined {
  if (tenant_id !== null && !reaches(user, tenant_id)) return undefined;
  return { role: lesser(role, user.role), tenant: tenant_id ?? user.tenant };
}

export type Decision = "allowed" | "forbidden" | "hidden";

/**
 * Whether `principal` may use a route; `tenant` is that of the path, or of the location in it. `hidden`: it may not even know that
 * there is such a tenant.
 */
export function decideAccess(principal: Grant, needs: Needs, tenant: string | null): Decision {
  if (needs === "nobody") return "allowed";
  if (principal.role === scrape) return "forbidden";
  if (needs === "anybody") return "allowed";
  const { role, on } = partsOf(needs);
  if (on === "tenant" || on === "location") {
    if (!reaches(principal, tenant)) return "hidden";
  } else if (on === "cloud" && principal.tenant !== null) return "forbidden";
  return atLeast(principal.role, role) ? "allowed" : "forbidden";
}

export function mayOf(principal: Grant, role: Role, tenant: string | null): boolean {
  return reaches(principal, tenant) && atLeast(principal.role, role);
}
