/** Locations: homes of tenants, each with its versions and its nodes. */

import { sql } from "kysely";
import * as limits from "../limits.ts";
import { audited, type By } from "./audit.ts";
import { isDuplicate, StoreRefusal } from "./errors.ts";
import { checkName } from "./names.ts";
import type { Store, StoreTransaction } from "./store.ts";
import type { LocationsTable } from "./tables.ts";
import { tenantOf } from "./tenants.ts";

export interface StoredLocation {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly createdAt: Date;
  /** Number of the newest version; 0: none. What a change of it is based on. */
  readonly head: number;
  /** Of the version that holds; null: none. */
  readonly applied: number | null;
  /** Of the last version that its nodes have proven; null: none. */
  readonly proven: number | null;
}

/** Refused where the tenant has another of that name. */
export async function createLocation(store: Store, tenant: string, name: string, by: By): Promise<StoredLocation> {
  const id = store.random.uuid();
  const deed = { action: "location.create", tenant, location: id, target: `location '${name}'` };
  return audited(store, by, deed, (transaction) => insertLocation(store, transaction, tenant, id, name));
}

export async function insertLocation(
  store: Store,
  transaction: StoreTransaction,
  tenant: string,
  id: string,
  name: string,
): Promise<{ result: StoredLocation }> {
  checkName(name);
  await tenantOf(transaction, tenant);
  const { count } = await transaction
    .selectFrom("locations")
    .select((builder) => builder.fn.countAll().as("count"))
    .where("tenant_id", "=", tenant)
    .executeTakeFirstOrThrow();
  if (Number(count) >= limits.locationsPerTenant) {
    throw new StoreRefusal("limit", `the tenant has ${limits.locationsPerTenant} locations already`);
  }
  const row: LocationsRow = {
    id,
    tenant_id: tenant,
    name,
    created_at: store.now(),
    head: 0,
    applied: null,
    proven: null,
  };
  try {
    await transaction.insertInto("locations").values(row).execute();
  } catch (error) {
    if (isDuplicate(error)) throw alike(name);
    throw error;
  }
  return { result: locationOf(row) };
}

export async function getLocation(store: Store, id: string): Promise<StoredLocation> {
  return store.run("read a location", async (transaction) => locationOf(await locationRow(transaction, id)));
}

/** All, or those of a tenant, by id; from after the id `after` on. */
export async function listLocations(
  store: Store,
  question: { readonly tenant?: string; readonly after?: string; readonly limit?: number } = {},
): Promise<readonly StoredLocation[]> {
  const { tenant, after = "", limit = limits.storePage } = question;
  const rows = await store.run("list locations", (transaction) => {
    const all = transaction
      .selectFrom("locations")
      .selectAll()
      .where("id", ">", after)
      .orderBy("id")
      .limit(Math.min(limit, limits.storePage));
    return (tenant === undefined ? all : all.where("tenant_id", "=", tenant)).execute();
  });
  return rows.map(locationOf);
}

/** Where a list by name goes on: after the location that has this name (as lists compare it) and id. */
export interface LocationCursor {
  readonly name: string;
  readonly id: string;
}

export interface LocationSearch {
  readonly tenant?: string | undefined;
  /** Of these only. */
  readonly ids?: readonly string[] | undefined;
  /** In the name, whatever the case, or in a node's serial number or id. */
  readonly find?: string | undefined;
  readonly after?: LocationCursor | undefined;
  readonly limit?: number | undefined;
}

/** By name, whatever the case; each with where a list goes on after it. */
export async function searchLocations(
  store: Store,
  { tenant, ids, find, after, limit = limits.storePage }: LocationSearch,
): Promise<readonly (StoredLocation & { readonly cursor: LocationCursor })[]> {
  const rows = await store.run("search locations", (transaction) => {
    const name = sql<string>`lower(locations.name)`;
    let asked = transaction.selectFrom("locations").selectAll().select(name.as("sort"));
    if (tenant !== undefined) asked = asked.where("tenant_id", "=", tenant);
    if (ids) asked = asked.where(sql<boolean>`locations.id = any(${[...ids]})`);
    if (find !== undefined) {
      const words = find.toLowerCase();
      const of = (column: string) => sql<boolean>`position(${words} in lower(${sql.ref(column)})) > 0`;
      asked = asked.where(({ or, exists, selectFrom }) => {
        const node = selectFrom("nodes")
          .select("nodes.id")
          .whereRef("nodes.location_id", "=", "locations.id")
          .where((nodes) => nodes.or([of("nodes.serial_number"), of("nodes.node_id")]));
        return or([of("locations.name"), exists(node)]);
      });
    }
    if (after) asked = asked.where(sql<boolean>`(${name}, locations.id) > (${after.name}, ${after.id})`);
    return asked.orderBy("sort").orderBy("id").limit(Math.min(limit, limits.storePage)).execute();
  });
  return rows.map(({ sort, ...row }) => ({ ...locationOf(row), cursor: { name: sort, id: row.id } }));
}

export async function renameLocation(store: Store, id: string, name: string, by: By): Promise<StoredLocation> {
  return audited(store, by, { action: "location.rename", location: id }, async (transaction) => {
    checkName(name);
    const row = await locationRow(transaction, id, "change");
    try {
      await transaction.updateTable("locations").set({ name }).where("id", "=", id).execute();
    } catch (error) {
      if (isDuplicate(error)) throw alike(name);
      throw error;
    }
    const details = [`name ${row.name} -> ${name}`];
    return { result: locationOf({ ...row, name }), details, deed: { tenant: row.tenant_id } };
  });
}

/** With its versions; its nodes are nobody's then. */
export async function removeLocation(store: Store, id: string, by: By): Promise<void> {
  await audited(store, by, { action: "location.remove", location: id }, async (transaction) => {
    const { name, tenant_id } = await locationRow(transaction, id, "change");
    const released = await transaction
      .updateTable("nodes")
      .set({ location_id: null, claimed_at: null, claimed_by: null, node_id: null })
      .where("location_id", "=", id)
      .returning("serial_number")
      .execute();
    await transaction.deleteFrom("settings").where("scope", "=", id).execute();
    await transaction.deleteFrom("locations").where("id", "=", id).execute();
    const details = released.map(({ serial_number }) => `node ${serial_number} released`);
    return { result: undefined, details, deed: { tenant: tenant_id, target: `location '${name}'` } };
  });
}

export type LocationsRow = Omit<LocationsTable, "created_at"> & { readonly created_at: Date };

/** `change`: nobody else changes it until the transaction ends. Throws a refusal where there is none. */
export async function locationRow(
  transaction: StoreTransaction,
  id: string,
  intent: "read" | "change" = "read",
): Promise<LocationsRow> {
  const query = transaction.selectFrom("locations").selectAll().where("id", "=", id);
  const row = await (intent === "change" ? query.forUpdate() : query).executeTakeFirst();
  if (!row) throw new StoreRefusal("not-found", `there is no location ${id}`);
  return row;
}

export function locationOf({ id, tenant_id, name, created_at, head, applied, proven }: LocationsRow): StoredLocation {
  return { id, tenant: tenant_id, name, createdAt: created_at, head, applied, proven };
}

function alike(name: string): StoreRefusal {
  return new StoreRefusal("conflict", `the tenant has a location '${name}' already; use another name`);
}
