/** Tokens: what programs show instead of logging in. Their text is told once, and only its hash is kept. */

import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "@opensync-ts/base/files";
import type { ExpressionBuilder } from "kysely";
import { audited, type By } from "../../store/audit.ts";
import { StoreRefusal } from "../../store/errors.ts";
import type { Store, StoreTransaction } from "../../store/store.ts";
import type { StoreTables } from "../../store/tables.ts";
import { tenantOf } from "../../store/tenants.ts";
import { atLeast, covers, type Grant, type TokenRole } from "../contract/roles.ts";
import * as limits from "../limits.ts";
import type { Principal } from "./principal.ts";
import { digestOf, isTokenText, newTokenText } from "./secrets.ts";
import type { TokensTable } from "./tables.ts";

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly user: string | null;
  readonly role: TokenRole;
  readonly tenant: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly usedAt: Date | null;
}

export interface NewToken extends Grant {
  readonly name: string;
  readonly expiresAt: Date | null;
}

/** One made with a token goes with it, and lasts no longer. */
export async function createToken(
  store: Store,
  token: NewToken,
  as: Principal,
  by: By,
): Promise<Token & { readonly secret: string }> {
  const { name, role, tenant, expiresAt } = token;
  const deed = { action: "token.create", tenant, target: `token '${name}'` };
  return audited(store, by, deed, async (transaction) => {
    if (!covers(as, token)) {
      throw new StoreRefusal("forbidden", "you may not make a token for that: it is more than you have");
    }
    if (expiresAt && expiresAt <= store.now()) {
      throw new StoreRefusal("invalid", "expiresAt: is over; give a time to come, or null");
    }
    const parent = as.kind === "token" ? as : null;
    if (parent?.expiresAt && (!expiresAt || expiresAt > parent.expiresAt)) {
      const end = parent.expiresAt.toISOString();
      throw new StoreRefusal("invalid", `expiresAt: the token that you use ends at ${end}; give no later time`);
    }
    if (tenant !== null) await tenantOf(transaction, tenant);
    await transaction.deleteFrom("tokens").where("expires_at", "<=", store.now()).execute();
    await checkRoom(transaction, as.user?.id ?? null);
    const secret = newTokenText();
    const row = rowOf(store, { ...token, user: as.user?.id ?? null, parent: parent?.id ?? null, secret });
    await transaction.insertInto("tokens").values(row).execute();
    const details = [`${role} of ${tenant === null ? "the cloud" : `tenant ${tenant}`}`];
    return { result: { ...tokenOf({ ...row, userName: as.user?.name ?? null }), secret }, details };
  });
}

/** The caller's own, or all within reach. By id. */
export async function listTokens(
  store: Store,
  as: Principal,
  question: { readonly all: boolean; readonly after?: string | undefined; readonly limit: number },
): Promise<readonly Token[]> {
  const { all, after = "", limit } = question;
  const rows = await store.run("list tokens", (transaction) => {
    const conditions = (builder: ExpressionBuilder<StoreTables, "tokens">) =>
      builder.and([
        builder("tokens.id", ">", after),
        ...(all
          ? as.tenant === null
            ? []
            : [builder("tokens.tenant_id", "=", as.tenant)]
          : [builder("tokens.user_id", as.user ? "=" : "is", as.user?.id ?? null)]),
      ]);
    return tokensWithUsers(transaction).where(conditions).orderBy("tokens.id").limit(limit).execute();
  });
  return rows.map(tokenOf);
}

/** One's own; admins: every one within reach that may not do more than they. */
export async function revokeToken(store: Store, id: string, as: Principal, by: By): Promise<void> {
  await audited(store, by, { action: "token.revoke", target: `token ${id}` }, async (transaction) => {
    const row = await tokensWithUsers(transaction).where("tokens.id", "=", id).executeTakeFirst();
    const isOwn = row !== undefined && row.user_id === (as.user?.id ?? null);
    const isManaged =
      row !== undefined && atLeast(as.role, "admin") && covers(as, { role: row.role, tenant: row.tenant_id });
    if (!row || !(isOwn || isManaged)) throw new StoreRefusal("not-found", "there is no such token");
    await transaction.deleteFrom("tokens").where("id", "=", id).execute();
    return { result: undefined, deed: { tenant: row.tenant_id, target: `token '${row.name}'` } };
  });
}

/** Where the cloud's own machine has its token. */
export function controlTokenFile(directory: string): string {
  return join(directory, "api.token");
}

/**
 * The token of whoever has the cloud's shell: an owner's, in a file that only the cloud's user can read. Made anew where the file is
 * missing, or the store does not know it.
 */
export async function ensureControlToken(store: Store, directory: string): Promise<void> {
  const file = controlTokenFile(directory);
  const text = readPrivate(file);
  if (text !== undefined && isTokenText(text)) {
    const known = await store.run("find a token", (transaction) =>
      transaction.selectFrom("tokens").select("id").where("hash", "=", digestOf(text)).executeTakeFirst(),
    );
    if (known) return;
  }
  const secret = newTokenText();
  const deed = { action: "token.create", target: `token '${controlName}'` };
  await audited(store, { actor: "cloud" }, deed, async (transaction) => {
    await transaction.deleteFrom("tokens").where("user_id", "is", null).where("name", "=", controlName).execute();
    const grant = { name: controlName, role: "owner", tenant: null, expiresAt: null } as const;
    await transaction
      .insertInto("tokens")
      .values(rowOf(store, { ...grant, user: null, parent: null, secret }))
      .execute();
    // Within the transaction: a token that nobody can read is of no use.
    writeFileAtomic(file, `${secret}\n`);
    return { result: undefined, details: ["owner of the cloud, in api.token"] };
  });
}

const controlName = "control";

function readPrivate(file: string): string | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

type TokenRow = Omit<TokensTable, "created_at" | "expires_at" | "used_at"> & {
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly used_at: Date | null;
};

function tokensWithUsers(transaction: StoreTransaction) {
  return transaction
    .selectFrom("tokens")
    .leftJoin("users", "users.id", "tokens.user_id")
    .selectAll("tokens")
    .select("users.name as userName");
}

async function checkRoom(transaction: StoreTransaction, user: string | null): Promise<void> {
  const count = async (own: boolean) => {
    const all = transaction.selectFrom("tokens").select((builder) => builder.fn.countAll().as("count"));
    const { count } = await (own
      ? all.where("user_id", user === null ? "is" : "=", user)
      : all
    ).executeTakeFirstOrThrow();
    return Number(count);
  };
  if ((await count(false)) >= limits.tokens)
    throw new StoreRefusal("limit", `there are ${limits.tokens} tokens already`);
  if ((await count(true)) < limits.tokensPerUser) return;
  throw new StoreRefusal("limit", `you have ${limits.tokensPerUser} tokens already; revoke some that are not used`);
}

function rowOf(
  store: Store,
  token: NewToken & { readonly user: string | null; readonly parent: string | null; readonly secret: string },
): TokenRow {
  return {
    id: store.random.uuid(),
    hash: digestOf(token.secret),
    name: token.name,
    user_id: token.user,
    parent_id: token.parent,
    role: token.role,
    tenant_id: token.tenant,
    created_at: store.now(),
    expires_at: token.expiresAt,
    used_at: null,
  };
}

function tokenOf(row: TokenRow & { readonly userName: string | null }): Token {
  return {
    id: row.id,
    name: row.name,
    user: row.userName,
    role: row.role,
    tenant: row.tenant_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}
