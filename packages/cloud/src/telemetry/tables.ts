/** The tables of telemetry, as the newest migration leaves them. */

import type { Instant, Json } from "../store/json.ts";
import type { RollupRow } from "./rollup/rollups.ts";

/** Who writes rows, and the last batch that it wrote: what is tried again after a lost answer is not added twice. */
export interface TelemetryWritersTable {
  readonly id: string;
  readonly batch: number;
  readonly at: Instant;
}

export interface EventsTable {
  readonly id: string;
  /** Null: nobody's. */
  readonly location_id: string | null;
  readonly at: Instant;
  readonly kind: string;
  readonly node_id: string | null;
  /** Its address. */
  readonly client: string | null;
  readonly text: string;
  readonly details: Json<Readonly<Record<string, unknown>>>;
}

export interface AlertsTable {
  readonly id: string;
  readonly location_id: string;
  readonly kind: string;
  readonly node_id: string;
  /** What of the node: a band, a client's address; empty: all of it. */
  readonly subject: string;
  readonly text: string;
  readonly raised_at: Instant;
  /** Null: it is still so. */
  readonly cleared_at: Instant | null;
  readonly cleared_because: string | null;
}

/** That a client was on an access point. Times in ms since 1970. */
export interface ClientStaysTable {
  readonly id: string;
  readonly location_id: string;
  readonly mac: string;
  readonly node_id: string;
  readonly band: string;
  readonly ssid: string;
  readonly from_ms: number;
  /** Null: it still is. */
  readonly to_ms: number | null;
}

/** What steering on a node did to a client. */
export interface SteeringEventsTable {
  readonly id: string;
  readonly location_id: string;
  readonly at_ms: number;
  readonly mac: string;
  readonly node_id: string;
  readonly band: string;
  readonly if_name: string;
  readonly event: Json<Readonly<Record<string, unknown>>>;
}

export interface TelemetryTables {
  readonly rollup_clients: RollupRow<"clients">;
  readonly rollup_radios: RollupRow<"radios">;
  readonly rollup_channels: RollupRow<"channels">;
  readonly rollup_nodes: RollupRow<"nodes">;
  readonly telemetry_writers: TelemetryWritersTable;
  readonly events: EventsTable;
  readonly alerts: AlertsTable;
  readonly client_stays: ClientStaysTable;
  readonly steering_events: SteeringEventsTable;
}

/** For backups: see `store/tables.ts`. */
export const telemetryBackedUp: {
  readonly [T in keyof TelemetryTables]: readonly (keyof TelemetryTables[T] & string)[];
} = {
  rollup_clients: ["location_id", "mac", "step", "at", "node_id", "band"],
  rollup_radios: ["location_id", "node_id", "band", "step", "at"],
  rollup_channels: ["location_id", "node_id", "band", "channel", "step", "at"],
  rollup_nodes: ["location_id", "node_id", "step", "at"],
  telemetry_writers: ["id"],
  events: ["id"],
  alerts: ["id"],
  client_stays: ["id"],
  steering_events: ["id"],
};

export const telemetryJsonColumns = {
  events: ["details"],
  steering_events: ["event"],
} as const satisfies { readonly [T in keyof TelemetryTables]?: readonly (keyof TelemetryTables[T] & string)[] };
