/** The tables of the store, as the newest migration leaves them. Times are in UTC; ids are UUIDs. */

import type { Generated } from "kysely";
import type { AccessTables } from "../api/access/tables.ts";
import type { SteeringTables } from "../steering/loop/tables.ts";
import { type TelemetryTables, telemetryBackedUp, telemetryJsonColumns } from "../telemetry/tables.ts";
import type { Instant, Json } from "./json.ts";

export type { Instant, Json } from "./json.ts";

export interface TenantsTable {
  readonly id: string;
  readonly name: string;
  readonly created_at: Instant;
}

export interface LocationsTable {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly created_at: Instant;
  /** Number of the newest version; 0: none. Whoever changes the location names it, and is refused when it is another by then. */
  readonly head: number;
  /** Number of the version that holds. */
  readonly applied: number | null;
  /** Number of the last version that the nodes have proven. */
  readonly proven: number | null;
}

export type VersionState = "draft" | "discarded" | "applied" | "proven" | "reverted";

export interface VersionsTable {
  readonly location_id: string;
  /** From 1. */
  readonly number: number;
  readonly state: VersionState;
  /** Its secrets are sealed. */
  readonly document: Json;
  readonly author: string;
  readonly why: string | null;
  /** The newest version when it was made. */
  readonly based_on: number;
  /** The version that it brings back. */
  readonly restores: number | null;
  readonly created_at: Instant;
  readonly applied_at: Instant | null;
  readonly proven_at: Instant | null;
}

export interface NodesTable {
  readonly id: string;
  readonly serial_number: string;
  readonly pack_id: string | null;
  readonly model: string | null;
  readonly registered_at: Instant;
  /** Null: nobody's. */
  readonly location_id: string | null;
  readonly claimed_at: Instant | null;
  readonly claimed_by: string | null;
  /** What the document that holds at its location calls it (`nodes[].id`); null: that does not name it. */
  readonly node_id: string | null;
}

export interface AuditTable {
  /** Grows with time. */
  readonly id: Generated<number>;
  readonly at: Instant;
  readonly actor: string;
  /** `version.apply` */
  readonly action: string;
  /** Of what is perhaps no longer there. */
  readonly tenant_id: string | null;
  readonly location_id: string | null;
  readonly target: string | null;
  readonly why: string | null;
  readonly outcome: "done" | "refused";
  /** Why it was refused. */
  readonly reason: string | null;
  /** Lines; no secret in them. */
  readonly details: Json<readonly string[]>;
}

export interface SettingsTable {
  /** `cloud`, or a tenant's or location's id. */
  readonly scope: string;
  readonly key: string;
  readonly value: Json;
  readonly changed_at: Instant;
}

export interface StoreTables extends TelemetryTables, AccessTables, SteeringTables {
  readonly tenants: TenantsTable;
  readonly locations: LocationsTable;
  readonly versions: VersionsTable;
  readonly nodes: NodesTable;
  readonly audit: AuditTable;
  readonly settings: SettingsTable;
}

/** In which order a backup has them (none refers to a later one), and what its rows are sorted by. A test holds it against the database. */
export const backedUp: { readonly [T in keyof StoreTables]: readonly (keyof StoreTables[T] & string)[] } = {
  tenants: ["id"],
  locations: ["id"],
  versions: ["location_id", "number"],
  nodes: ["id"],
  audit: ["id"],
  settings: ["scope", "key"],
  ...telemetryBackedUp,
  users: ["id"],
  sessions: ["id"],
  // A token may have been made with an older one.
  tokens: ["created_at", "id"],
  steering_clients: ["location_id", "mac"],
  steering_state: ["location_id"],
  steering_journal: ["location_id", "number"],
  steering_moves: ["location_id", "mac", "asked_at"],
  steering_days: ["location_id", "day"],
};

/** Columns of the type `Json`. */
export const jsonColumns: { readonly [T in keyof StoreTables]?: readonly (keyof StoreTables[T] & string)[] } = {
  versions: ["document"],
  audit: ["details"],
  settings: ["value"],
  ...telemetryJsonColumns,
  steering_clients: ["evidence", "classification", "history", "observed"],
  steering_state: ["state", "nodes"],
  steering_journal: ["macs", "entry"],
  steering_moves: ["judged"],
  steering_days: ["counts"],
};
