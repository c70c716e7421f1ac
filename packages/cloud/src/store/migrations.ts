/**
 * How the tables came to be what they are: numbered steps, forward only. A step that has been released is never changed; a change
 * is a new step. They run at start, in one transaction and under a lock, so that of two clouds on one store one does it.
 */

import { UserError } from "@opensync-ts/base/errors";
import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { usersSessionsTokens } from "../api/access/migration.ts";
import { createSteeringTables } from "../steering/loop/migration.ts";
import { telemetry } from "../telemetry/migration.ts";

/** Steps know no table types: those are of today. */
type Database = Kysely<unknown>;

export const migrations: Readonly<Record<string, Migration>> = {
  "0001-tenants-locations-versions": { up: tenantsLocationsVersions },
  "0002-telemetry": { up: telemetry },
  "0003-users": { up: usersSessionsTokens },
  "0004-steering": { up: createSteeringTables },
};

/** Names of the steps that are behind the database, the newest last. `store`: what messages call it. */
export async function migrate<T>(database: Kysely<T>, store = "the store"): Promise<readonly string[]> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const migrator = new Migrator({ db: database, provider });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    if (error instanceof Error && /corrupted migrations/.test(error.message)) {
      const message = `${store}: was written by a newer version of this program; use that one, or restore a backup`;
      throw new UserError(message, { cause: error });
    }
    throw error;
  }
  return Object.keys(migrations);
}

async function tenantsLocationsVersions(database: Database): Promise<void> {
  const now = "timestamptz";
  await database.schema
    .createTable("tenants")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("created_at", now, (column) => column.notNull())
    .execute();
  await database.schema
    .createTable("locations")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("tenant_id", "text", (column) => column.notNull().references("tenants.id"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created_at", now, (column) => column.notNull())
    .addColumn("head", "integer", (column) => column.notNull())
    .addColumn("applied", "integer")
    .addColumn("proven", "integer")
    .addUniqueConstraint("locations_name", ["tenant_id", "name"])
    .execute();
  await database.schema
    .createTable("versions")
    .addColumn("location_id", "text", (column) => column.notNull().references("locations.id").onDelete("cascade"))
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("state", "text", (column) =>
      column.notNull().check(sql`state in ('draft', 'discarded', 'applied', 'proven', 'reverted')`),
    )
    .addColumn("document", "jsonb", (column) => column.notNull())
    .addColumn("author", "text", (column) => column.notNull())
    .addColumn("why", "text")
    .addColumn("based_on", "integer", (column) => column.notNull())
    .addColumn("restores", "integer")
    .addColumn("created_at", now, (column) => column.notNull())
    .addColumn("applied_at", now)
    .addColumn("proven_at", now)
    .addPrimaryKeyConstraint("versions_key", ["location_id", "number"])
    .execute();
  await database.schema
    .createTable("nodes")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("serial_number", "text", (column) => column.notNull().unique())
    .addColumn("pack_id", "text")
    .addColumn("model", "text")
    .addColumn("registered_at", now, (column) => column.notNull())
    .addColumn("location_id", "text", (column) => column.references("locations.id"))
    .addColumn("claimed_at", now)
    .addColumn("claimed_by", "text")
    .addColumn("node_id", "text", (column) => column.unique())
    .execute();
  await database.schema.createIndex("nodes_of_pack").on("nodes").column("pack_id").execute();
  await database.schema.createIndex("nodes_of_location").on("nodes").column("location_id").execute();
  await database.schema
    .createTable("audit")
    .addColumn("id", "bigint", (column) => column.primaryKey().generatedByDefaultAsIdentity())
    .addColumn("at", now, (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("tenant_id", "text")
    .addColumn("location_id", "text")
    .addColumn("target", "text")
    .addColumn("why", "text")
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("reason", "text")
    .addColumn("details", "jsonb", (column) => column.notNull())
    .execute();
  await database.schema.createIndex("audit_of_tenant").on("audit").columns(["tenant_id", "id"]).execute();
  await database.schema.createIndex("audit_of_location").on("audit").columns(["location_id", "id"]).execute();
  await database.schema.createIndex("audit_by_time").on("audit").column("at").execute();
  await database.schema
    .createTable("settings")
    .addColumn("scope", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("value", "jsonb", (column) => column.notNull())
    .addColumn("changed_at", now, (column) => column.notNull())
    .addPrimaryKeyConstraint("settings_key", ["scope", "key"])
    .execute();
}
