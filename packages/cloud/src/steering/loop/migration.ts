/** The tables of steering, as they first were. */

import type { Kysely } from "kysely";

export async function createSteeringTables(database: Kysely<unknown>): Promise<void> {
  const ofLocation = (table: string) =>
    database.schema
      .createTable(table)
      .addColumn("location_id", "text", (column) => column.notNull().references("locations.id").onDelete("cascade"));
  await ofLocation("steering_clients")
    .addColumn("mac", "text", (column) => column.notNull())
    .addColumn("seen_at", "timestamptz", (column) => column.notNull())
    .addColumn("class", "text", (column) => column.notNull())
    .addColumn("mobility", "text", (column) => column.notNull())
    .addColumn("evidence", "jsonb", (column) => column.notNull())
    .addColumn("classification", "jsonb", (column) => column.notNull())
    .addColumn("history", "jsonb", (column) => column.notNull())
    .addColumn("observed", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("steering_clients_key", ["location_id", "mac"])
    .execute();
  await ofLocation("steering_state")
    .addColumn("state", "jsonb", (column) => column.notNull())
    .addColumn("nodes", "jsonb", (column) => column.notNull())
    .addColumn("night", "text")
    .addColumn("changed_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("steering_state_key", ["location_id"])
    .execute();
  await ofLocation("steering_journal")
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("mode", "text", (column) => column.notNull())
    .addColumn("macs", "jsonb", (column) => column.notNull())
    .addColumn("entry", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("steering_journal_key", ["location_id", "number"])
    .execute();
  await ofLocation("steering_moves")
    .addColumn("mac", "text", (column) => column.notNull())
    .addColumn("asked_at", "timestamptz", (column) => column.notNull())
    .addColumn("from_bssid", "text", (column) => column.notNull())
    .addColumn("to_bssid", "text", (column) => column.notNull())
    .addColumn("class", "text", (column) => column.notNull())
    .addColumn("judged", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("steering_moves_key", ["location_id", "mac", "asked_at"])
    .execute();
  await ofLocation("steering_days")
    .addColumn("day", "text", (column) => column.notNull())
    .addColumn("counts", "jsonb", (column) => column.notNull())
    .addPrimaryKeyConstraint("steering_days_key", ["location_id", "day"])
    .execute();
}
