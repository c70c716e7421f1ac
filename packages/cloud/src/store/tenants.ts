/** Tenants, whose are locations. */

import * as limits from "../limits.ts";
import { audited, type By } from "./audit.ts";
import { isDuplicate, StoreRefusal } from "./errors.ts";
import { checkName } from "./names.ts";
import type { Store, StoreTransaction } from "./store.ts";

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** Refused where another has the name. */
export async function createTenant(store: Store, name: string, by: By): Promise<Tenant> {
  const id = store.random.uuid();
  return audited(store, by, { action: "tenant.create", tenant: id, target: `tenant '${name}'` }, (transaction) =>
    insertTenant(store, transaction, id, name),
  );
}

export async function insertTenant(store: Store, transaction: StoreTransaction, id: string, name: string) {
  checkName(name);
  const { count } = await transaction
    .selectFrom("tenants")
    .select((builder) => builder.fn.countAll().as("count"))
    .executeTakeFirstOrThrow();
  if (Number(count) >= limits.tenants) throw new StoreRefusal("limit", `there are ${limits.tenants} tenants already`);
  const created_at = store.now();
  try {
    await transaction.insertInto("tenants").values({ id, name, created_at }).execute();
  } catch (error) {
    if (isDuplicate(error)) throw new StoreRefusal("conflict", `there is a tenant '${name}' already; use another name`);
    throw error;
  }
  return { result: { id, name, createdAt: created_at } };
}

/** By name; from after the tenant of the name `after` on. */
export async function listTenants(
  store: Store,
  { after = "", limit = limits.storePage }: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly Tenant[]> {
  const rows = await store.run("list tenants", (transaction) =>
    transaction
      .selectFrom("tenants")
      .selectAll()
      .where("name", ">", after)
      .orderBy("name")
      .limit(Math.min(limit, limits.storePage))
      .execute(),
  );
  return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at }));
}

/** Undefined where there is none of that name. */
export async function findTenant(store: Store, name: string): Promise<Tenant | undefined> {
  const row = await store.run("find a tenant", (transaction) =>
    transaction.selectFrom("tenants").selectAll().where("name", "=", name).executeTakeFirst(),
  );
  return row && { id: row.id, name: row.name, createdAt: row.created_at };
}

export async function getTenant(store: Store, id: string): Promise<Tenant> {
  return store.run("read a tenant", (transaction) => tenantOf(transaction, id));
}

export async function tenantOf(transaction: StoreTransaction, id: string): Promise<Tenant> {
  const row = await transaction.selectFrom("tenants").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw new StoreRefusal("not-found", `there is no tenant ${id}`);
  return { id, name: row.name, createdAt: row.created_at };
}

export async function renameTenant(store: Store, id: string, name: string, by: By): Promise<Tenant> {
  return audited(store, by, { action: "tenant.rename", tenant: id }, async (transaction) => {
    checkName(name);
    const tenant = await tenantOf(transaction, id);
    try {
      await transaction.updateTable("tenants").set({ name }).where("id", "=", id).execute();
    } catch (error) {
      if (isDuplicate(error))
        throw new StoreRefusal("conflict", `there is a tenant '${name}' already; use another name`);
      throw error;
    }
    return { result: { ...tenant, name }, details: [`name ${tenant.name} -> ${name}`] };
  });
}

/** Refused while it has locations. */
export async function removeTenant(store: Store, id: string, by: By): Promise<void> {
  await audited(store, by, { action: "tenant.remove", tenant: id }, async (transaction) => {
    const { name } = await tenantOf(transaction, id);
    const location = await transaction
      .selectFrom("locations")
      .select("name")
      .where("tenant_id", "=", id)
      .limit(1)
      .executeTakeFirst();
    if (location) {
      throw new StoreRefusal(
        "conflict",
        `tenant '${name}' has locations, such as '${location.name}'; remove those first`,
      );
    }
    await transaction.deleteFrom("settings").where("scope", "=", id).execute();
    await transaction.deleteFrom("tenants").where("id", "=", id).execute();
    return { result: undefined, deed: { target: `tenant '${name}'` } };
  });
}
