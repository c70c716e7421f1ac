/** The step that makes the tables of users, sessions and tokens. */

import { type Kysely, sql } from "kysely";

export async function usersSessionsTokens(database: Kysely<unknown>): Promise<void> {
  const now = "timestamptz";
  await database.schema
    .createTable("users")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("password", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) =>
      column.notNull().check(sql`role in ('owner', 'admin', 'operator', 'viewer')`),
    )
    .addColumn("tenant_id", "text", (column) => column.references("tenants.id").onDelete("cascade"))
    .addColumn("disabled", "boolean", (column) => column.notNull())
    .addColumn("created_at", now, (column) => column.notNull())
    .execute();
  await database.schema.createIndex("users_of_tenant").on("users").column("tenant_id").execute();
  await database.schema
    .createTable("sessions")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("user_id", "text", (column) => column.notNull().references("users.id").onDelete("cascade"))
    .addColumn("created_at", now, (column) => column.notNull())
    .addColumn("used_at", now, (column) => column.notNull())
    .addColumn("expires_at", now, (column) => column.notNull())
    .execute();
  await database.schema.createIndex("sessions_of_user").on("sessions").columns(["user_id", "used_at"]).execute();
  await database.schema
    .createTable("tokens")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => column.references("users.id").onDelete("cascade"))
    .addColumn("parent_id", "text", (column) => column.references("tokens.id").onDelete("cascade"))
    .addColumn("role", "text", (column) =>
      column.notNull().check(sql`role in ('owner', 'admin', 'operator', 'viewer', 'scrape')`),
    )
    .addColumn("tenant_id", "text", (column) => column.references("tenants.id").onDelete("cascade"))
    .addColumn("created_at", now, (column) => column.notNull())
    .addColumn("expires_at", now)
    .addColumn("used_at", now)
    .execute();
  await database.schema.createIndex("tokens_of_user").on("tokens").column("user_id").execute();
}
