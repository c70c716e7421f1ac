/** What steering keeps in the store, for each location. All of it goes with the location. */

import type { Instant, Json } from "../../store/json.ts";
import type { Classification } from "../classify.ts";
import type { JudgedMove } from "../indicators/judge.ts";

export interface SteeringTables {
  readonly steering_clients: SteeringClientsTable;
  readonly steering_state: SteeringStateTable;
  readonly steering_journal: SteeringJournalTable;
  readonly steering_moves: SteeringMovesTable;
  readonly steering_days: SteeringDaysTable;
}

export interface SteeringClientsTable {
  readonly location_id: string;
  readonly mac: string;
  readonly seen_at: Instant;
  /** Of `classification`, and `static`, `mobile` or `unknown`: for whoever asks the tables. */
  readonly class: string;
  readonly mobility: string;
  readonly evidence: Json;
  readonly classification: Json<Classification>;
  readonly history: Json;
  /** `SavedObservation`, and the network and key it was seen with last. */
  readonly observed: Json;
}

export interface SteeringStateTable {
  readonly location_id: string;
  /** Of the optimiser. */
  readonly state: Json;
  /** `SavedNode[]` */
  readonly nodes: Json;
  /** The last night whose work is done: the day that goes on since. */
  readonly night: string | null;
  readonly changed_at: Instant;
}

export interface SteeringJournalTable {
  readonly location_id: string;
  /** From 1. */
  readonly number: number;
  readonly at: Instant;
  /** `on`, or `recommend`: nobody was asked. */
  readonly mode: string;
  /** Whom it tells more of than that they stay. */
  readonly macs: Json<readonly string[]>;
  readonly entry: Json;
}

export interface SteeringMovesTable {
  readonly location_id: string;
  readonly mac: string;
  readonly asked_at: Instant;
  readonly from_bssid: string;
  readonly to_bssid: string;
  readonly class: string;
  /** Null: not yet. */
  readonly judged: Json<JudgedMove | null>;
}

export interface SteeringDaysTable {
  readonly location_id: string;
  /** In UTC: `2026-11-26`. */
  readonly day: string;
  readonly counts: Json;
}
