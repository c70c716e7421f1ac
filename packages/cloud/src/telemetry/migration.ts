/** Step 0002 of the store: what nodes tell, by minutes and longer; events, alerts, and what steering is judged by. */

import { type Kysely, sql } from "kysely";

type Database = Kysely<unknown>;

export async function telemetry(database: Database): Promise<void> {
  const air = ["listen_ms", "busy_ms", "tx_ms", "rx_ms", "noise_sum", "noise_count"];
  await rollup(database, "rollup_clients", {
    key: ["location_id", "mac", "step", "at", "node_id", "band"],
    texts: ["ssid"],
    sums: [
      ...["reports", "connected_ms", "connects", "disconnects", "doubtful", "snr_sum", "snr_count"],
      ...["rx_bytes", "tx_bytes", "rx_frames", "tx_frames", "rx_retries", "tx_retries", "rx_errors", "tx_errors"],
      ...["rx_link_sum", "rx_link_count", "tx_link_sum", "tx_link_count"],
    ],
    others: ["snr_min", "snr_max", "rx_mbps_max", "tx_mbps_max", "last_ms"],
  });
  await rollup(database, "rollup_radios", {
    key: ["location_id", "node_id", "band", "step", "at"],
    sums: [...air, "self_ms", "clients_sum", "clients_count"],
    others: ["busy_max", "clients_max", "channel", "last_ms"],
  });
  await rollup(database, "rollup_channels", {
    key: ["location_id", "node_id", "band", "channel", "step", "at"],
    sums: air,
    others: ["busy_max", "last_ms"],
  });
  await rollup(database, "rollup_nodes", {
    key: ["location_id", "node_id", "step", "at"],
    sums: [
      ...["reports", "load_sum", "load_count", "cpu_sum", "cpu_count", "memory_used_sum", "memory_count"],
      ...["celsius_sum", "celsius_count", "reboots"],
    ],
    others: ["load_max", "cpu_max", "memory_total", "celsius_max", "uptime_s", "last_ms"],
  });
  const now = "timestamptz";
  await database.schema
    .createTable("telemetry_writers")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("batch", "bigint", (column) => column.notNull())
    .addColumn("at", now, (column) => column.notNull())
    .execute();
  await database.schema
    .createTable("events")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("location_id", "text")
    .addColumn("at", now, (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("node_id", "text")
    .addColumn("client", "text")
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("details", "jsonb", (column) => column.notNull())
    .execute();
  await database.schema.createIndex("events_of_location").on("events").columns(["location_id", "at", "id"]).execute();
  await database.schema.createIndex("events_by_time").on("events").column("at").execute();
  await database.schema
    .createTable("alerts")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("location_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("node_id", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("text", "text", (column) => column.notNull())
    .addColumn("raised_at", now, (column) => column.notNull())
    .addColumn("cleared_at", now)
    .addColumn("cleared_because", "text")
    .execute();
  await database.schema
    .createIndex("alerts_of_location")
    .on("alerts")
    .columns(["location_id", "raised_at", "id"])
    .execute();
  await database.schema
    .createIndex("alerts_open")
    .on("alerts")
    .column("location_id")
    .where(sql.ref("cleared_at"), "is", null)
    .execute();
  await database.schema
    .createTable("client_stays")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("location_id", "text", (column) => column.notNull())
    .addColumn("mac", "text", (column) => column.notNull())
    .addColumn("node_id", "text", (column) => column.notNull())
    .addColumn("band", "text", (column) => column.notNull())
    .addColumn("ssid", "text", (column) => column.notNull())
    .addColumn("from_ms", "bigint", (column) => column.notNull())
    .addColumn("to_ms", "bigint")
    .execute();
  await database.schema
    .createIndex("stays_of_location")
    .on("client_stays")
    .columns(["location_id", "from_ms"])
    .execute();
  await database.schema.createIndex("stays_by_time").on("client_stays").column("from_ms").execute();
  await database.schema
    .createTable("steering_events")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("location_id", "text", (column) => column.notNull())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("mac", "text", (column) => column.notNull())
    .addColumn("node_id", "text", (column) => column.notNull())
    .addColumn("band", "text", (column) => column.notNull())
    .addColumn("if_name", "text", (column) => column.notNull())
    .addColumn("event", "jsonb", (column) => column.notNull())
    .execute();
  await database.schema
    .createIndex("steering_events_of_location")
    .on("steering_events")
    .columns(["location_id", "at_ms"])
    .execute();
  await database.schema.createIndex("steering_events_by_time").on("steering_events").column("at_ms").execute();
}

interface Columns {
  readonly key: readonly string[];
  readonly texts?: readonly string[];
  readonly sums: readonly string[];
  readonly others: readonly string[];
}

/** Numbers are doubles: exact up to 2^53, and the same in both drivers. */
async function rollup(database: Database, name: string, { key, texts = [], sums, others }: Columns): Promise<void> {
  const typeOf = (column: string) =>
    column === "at" ? "bigint" : /^(step|channel)$/.test(column) ? "integer" : "text";
  let table = database.schema.createTable(name);
  for (const column of key) table = table.addColumn(column, typeOf(column), (builder) => builder.notNull());
  for (const column of texts) table = table.addColumn(column, "text");
  for (const column of sums) table = table.addColumn(column, "double precision", (builder) => builder.notNull());
  for (const column of others) table = table.addColumn(column, "double precision");
  await table.addPrimaryKeyConstraint(`${name}_key`, key as never).execute();
  await database.schema.createIndex(`${name}_by_time`).on(name).columns(["step", "at"]).execute();
}
