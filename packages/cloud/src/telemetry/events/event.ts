/** Something that happened at a location, as it is told live and kept. */

import { createHash } from "node:crypto";
import type { Note } from "../batch.ts";
import * as limits from "../limits.ts";

export type EventKind =
  | "node-redirected"
  | "node-connected"
  | "node-disconnected"
  /** Who called has not proven to be the node. */
  | "node-refused"
  | "node-settled"
  | "node-unsettled"
  | "node-rebooted"
  /** A radio is not as it was told, and is so again. */
  | "radio-differs"
  | "radio-agrees"
  /** Another version was too much for it: see the circuit breaker. */
  | "node-quarantined"
  | "node-duplicate"
  | "stranger"
  | "radar"
  | "client-connected"
  | "client-disconnected"
  | "client-roamed"
  | "auth-failures"
  | "alert-raised"
  | "alert-cleared"
  /** Somebody has done something to the home. */
  | "deed";

export type Detail = string | number | boolean | null;

export interface TelemetryEvent {
  readonly id: string;
  /** Null: nobody's. */
  readonly location: string | null;
  /** ms since 1970 */
  readonly at: number;
  readonly kind: EventKind;
  readonly node: string | null;
  /** The address of the client it is about. */
  readonly client: string | null;
  /** One line for people. */
  readonly text: string;
  readonly details: Readonly<Record<string, Detail>>;
}

/** An id that is the same whenever the same is told again. */
export function idOf(...parts: readonly (string | number | null)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** Text as the store takes it: no U+0000, and no more than there is room for. */
export function storable(text: string): string {
  return text.replaceAll("\u0000", "\ufffd").toWellFormed().slice(0, limits.textLength).toWellFormed();
}

export function eventNote({ id, location, at, kind, node, client, text, details }: TelemetryEvent): Note {
  const cleaned = Object.entries(details).map(([key, value]) => [
    key,
    typeof value === "string" ? storable(value) : value,
  ]);
  const row = { id, location_id: location, at: new Date(at), kind, node_id: node, client, text: storable(text) };
  return { table: "events", row: { ...row, details: JSON.stringify(Object.fromEntries(cleaned)) } };
}
