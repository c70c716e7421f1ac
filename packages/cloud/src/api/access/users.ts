/** Users: people who log in. Nobody makes, changes or removes somebody who may do more than they. */

import type { ExpressionBuilder } from "kysely";
import { audited, type By } from "../../store/audit.ts";
import { isDuplicate, StoreRefusal } from "../../store/errors.ts";
import type { Store, StoreTransaction } from "../../store/store.ts";
import type { StoreTables } from "../../store/tables.ts";
import { tenantOf } from "../../store/tenants.ts";
import { covers, type Grant, type Role } from "../contract/roles.ts";
import * as limits from "../limits.ts";
import type { Passwords } from "./passwords.ts";
import type { UsersTable } from "./tables.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly tenant: string | null;
  readonly disabled: boolean;
  readonly createdAt: Date;
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly tenant: string | null;
}

export interface UserChange {
  readonly role?: Role | undefined;
  readonly tenant?: string | null | undefined;
  readonly password?: string | undefined;
  readonly disabled?: boolean | undefined;
}

/** The cloud itself, and who has its shell. */
export const everything: Grant = { role: "owner", tenant: null };

export async function createUser(store: Store, passwords: Passwords, user: NewUser, as: Grant, by: By): Promise<User> {
  const { name, role, tenant } = user;
  const deed = { action: "user.create", tenant, target: `user '${name}'` };
  return hashed(store, passwords, user.password, by, deed, as, user, async (transaction, password) => {
    await checkRoom(transaction, tenant);
    return {
      result: await insertUser(store, transaction, { name, role, tenant }, password),
      details: [grantText(user)],
    };
  });
}

/** The first one, who can make all others. Refused once there is an owner. */
export async function createFirstOwner(
  store: Store,
  passwords: Passwords,
  { name, password }: Pick<NewUser, "name" | "password">,
  by: By,
): Promise<User> {
  const user = { name, password, ...everything, role: "owner" } as const;
  const deed = { action: "user.create", target: `user '${name}'` };
  return hashed(store, passwords, password, by, deed, everything, user, async (transaction, hash) => {
    const owner = await owners(transaction).limit(1).executeTakeFirst();
    if (owner) {
      throw new StoreRefusal(
        "conflict",
        `there is an owner already ('${owner.name}'); who has forgotten the password is given another one`,
      );
    }
    const { role, tenant } = user;
    return { result: await insertUser(store, transaction, { name, role, tenant }, hash), details: ["first owner"] };
  });
}

/** Refused where it leaves the cloud without an owner. A new role, scope or password, and disabling, end the user's sessions. */
export async function changeUser(
  store: Store,
  passwords: Passwords,
  id: string,
  change: UserChange,
  as: Grant,
  by: By,
): Promise<User> {
  const password = change.password === undefined ? undefined : await passwords.hash(change.password);
  return audited(store, by, { action: "user.change", target: `user ${id}` }, async (transaction) => {
    const row = await userWithin(transaction, id, as);
    const { role = row.role, tenant = row.tenant_id, disabled = row.disabled } = change;
    checkCovers(as, { role, tenant });
    if (tenant !== null) await tenantOf(transaction, tenant);
    const next = { ...row, role, tenant_id: tenant, disabled, password: password ?? row.password };
    if (isOwner(row) && !isOwner(next)) await checkOtherOwner(transaction, id);
    const { password: hash } = next;
    await transaction
      .updateTable("users")
      .set({ role, tenant_id: tenant, disabled, password: hash })
      .where("id", "=", id)
      .execute();
    const details = [
      ...(role !== row.role || tenant !== row.tenant_id ? [grantText({ role, tenant })] : []),
      ...(disabled === row.disabled ? [] : [disabled ? "may not log in" : "may log in again"]),
      ...(password === undefined ? [] : ["password changed"]),
    ];
    if (details.length > 0) await transaction.deleteFrom("sessions").where("user_id", "=", id).execute();
    const deed = { tenant: row.tenant_id, target: `user '${row.name}'` };
    return { result: userOf(next), details, deed, idle: details.length === 0 };
  });
}

/** With all sessions and tokens. */
export async function removeUser(store: Store, id: string, as: Grant, by: By): Promise<void> {
  await audited(store, by, { action: "user.remove", target: `user ${id}` }, async (transaction) => {
    const row = await userWithin(transaction, id, as);
    if (isOwner(row)) await checkOtherOwner(transaction, id);
    await transaction.deleteFrom("users").where("id", "=", id).execute();
    return { result: undefined, deed: { tenant: row.tenant_id, target: `user '${row.name}'` } };
  });
}

/** By name, those within reach of `as`. */
export async function listUsers(
  store: Store,
  as: Grant,
  question: { readonly tenant?: string | undefined; readonly after?: string | undefined; readonly limit: number },
): Promise<readonly User[]> {
  const { tenant, after = "", limit } = question;
  const rows = await store.run("list users", (transaction) => {
    const conditions = (builder: ExpressionBuilder<StoreTables, "users">) =>
      builder.and([
        builder("name", ">", after),
        ...(as.tenant === null ? [] : [builder("tenant_id", "=", as.tenant)]),
        ...(tenant === undefined ? [] : [builder("tenant_id", "=", tenant)]),
      ]);
    return transaction.selectFrom("users").selectAll().where(conditions).orderBy("name").limit(limit).execute();
  });
  return rows.map(userOf);
}

export async function getUser(store: Store, id: string, as: Grant): Promise<User> {
  return store.run("read a user", async (transaction) => {
    const row = await transaction.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row || !(as.tenant === null || as.tenant === row.tenant_id)) throw noUser();
    return userOf(row);
  });
}

type UserRow = Omit<UsersTable, "created_at"> & { readonly created_at: Date };

type HashedWork = (
  transaction: StoreTransaction,
  password: string,
) => Promise<{ readonly result: User; readonly details: readonly string[] }>;

/** The work on the password comes first, and only for who may; nothing holds the store meanwhile. */
async function hashed(
  store: Store,
  passwords: Passwords,
  password: string,
  by: By,
  deed: Parameters<typeof audited>[2],
  as: Grant,
  grant: Grant,
  work: HashedWork,
): Promise<User> {
  const hash = covers(as, grant) ? await passwords.hash(password) : "";
  return audited(store, by, deed, (transaction) => {
    checkCovers(as, grant);
    return work(transaction, hash);
  });
}

async function checkRoom(transaction: StoreTransaction, tenant: string | null): Promise<void> {
  if (tenant !== null) await tenantOf(transaction, tenant);
  const { count } = await transaction
    .selectFrom("users")
    .select((builder) => builder.fn.countAll().as("count"))
    .executeTakeFirstOrThrow();
  if (Number(count) >= limits.users) throw new StoreRefusal("limit", `there are ${limits.users} users already`);
}

async function insertUser(
  store: Store,
  transaction: StoreTransaction,
  { name, role, tenant }: Omit<NewUser, "password">,
  password: string,
): Promise<User> {
  const id = store.random.uuid();
  const row: UserRow = { id, name, password, role, tenant_id: tenant, disabled: false, created_at: store.now() };
  try {
    await transaction.insertInto("users").values(row).execute();
  } catch (error) {
    if (isDuplicate(error)) throw new StoreRefusal("conflict", `there is a user '${name}' already; use another name`);
    throw error;
  }
  return userOf(row);
}

function checkCovers(as: Grant, grant: Grant): void {
  if (covers(as, grant)) return;
  throw new StoreRefusal("forbidden", `you may not give the role ${grantText(grant)}: it is more than you have`);
}

/** For change. One out of reach is as if there were none. */
async function userWithin(transaction: StoreTransaction, id: string, as: Grant): Promise<UserRow> {
  const row = await transaction.selectFrom("users").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  if (!row || !(as.tenant === null || as.tenant === row.tenant_id)) throw noUser();
  if (!covers(as, { role: row.role, tenant: row.tenant_id })) {
    throw new StoreRefusal("forbidden", `user '${row.name}' may do more than you; ask somebody who may do as much`);
  }
  return row;
}

function isOwner({ role, tenant_id, disabled }: Pick<UserRow, "role" | "tenant_id" | "disabled">): boolean {
  return role === "owner" && tenant_id === null && !disabled;
}

function owners(transaction: StoreTransaction) {
  return transaction
    .selectFrom("users")
    .select(["id", "name"])
    .where("role", "=", "owner")
    .where("tenant_id", "is", null)
    .where("disabled", "=", false)
    .forUpdate();
}

async function checkOtherOwner(transaction: StoreTransaction, id: string): Promise<void> {
  // All of them, in one order, so that two owners who remove each other wait for each other.
  const rows = await owners(transaction).orderBy("id").execute();
  if (rows.some((row) => row.id !== id)) return;
  throw new StoreRefusal("conflict", "this is the cloud's only owner; make another one first");
}

function noUser(): StoreRefusal {
  return new StoreRefusal("not-found", "there is no such user");
}

function grantText({ role, tenant }: Grant): string {
  return tenant === null ? `${role} of the cloud` : `${role} of tenant ${tenant}`;
}

function userOf({ id, name, role, tenant_id, disabled, created_at }: UserRow): User {
  return { id, name, role, tenant: tenant_id, disabled, createdAt: created_at };
}
