/** Events and alerts out of the store, the newest first, a page at a time. */

import { type ExpressionBuilder, type Insertable, type Selectable, sql } from "kysely";
import type { Store } from "../../store/store.ts";
import type { StoreTables } from "../../store/tables.ts";
import type { Alert } from "../alerts/alerts.ts";
import type { AlertKind } from "../alerts/rules.ts";
import type { EventKind, TelemetryEvent } from "../events/event.ts";
import * as limits from "../limits.ts";
import type { AlertsTable, EventsTable } from "../tables.ts";

export interface EventQuestion {
  /** Null: what is nobody's (strangers). */
  readonly location: string | null;
  readonly kinds?: readonly EventKind[] | undefined;
  readonly node?: string | undefined;
  readonly client?: string | undefined;
  /** ms since 1970; `to` is not included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit?: number;
}

/** `waiting`: rows that are on their way into the store. */
export async function listEvents(
  store: Store,
  question: EventQuestion,
  waiting: readonly Insertable<EventsTable>[] = [],
): Promise<readonly TelemetryEvent[]> {
  const { location, kinds, node, client, from, to, before, limit = 100 } = question;
  const last = waiting.find(({ id }) => id === before);
  const rows = await store.run("list events", (transaction) => {
    const conditions = (builder: ExpressionBuilder<StoreTables, "events">) =>
      builder.and([
        location === null ? builder("location_id", "is", null) : builder("location_id", "=", location),
        ...(kinds === undefined ? [] : [builder("kind", "in", kinds.length > 0 ? kinds : [""])]),
        ...(node === undefined ? [] : [builder("node_id", "=", node)]),
        ...(client === undefined ? [] : [builder("client", "=", client)]),
        ...(from === undefined ? [] : [builder("at", ">=", new Date(from))]),
        ...(to === undefined ? [] : [builder("at", "<", new Date(to))]),
        ...(before === undefined
          ? []
          : last
            ? [sql<boolean>`(at, id) < (${new Date(last.at)}::timestamptz, ${last.id}::text)`]
            : [sql<boolean>`(at, id) < (select at, id from events where id = ${before})`]),
      ]);
    return transaction
      .selectFrom("events")
      .selectAll()
      .where(conditions)
      .orderBy("at", "desc")
      .orderBy("id", "desc")
      .limit(pageOf(limit))
      .execute();
  });
  const stored = rows.map(eventOf);
  // Where a page goes on after what is in the store, those that wait were on one before.
  const fresh = before !== undefined && !last ? [] : waiting.filter((row) => isAskedFor(row, question, last));
  if (fresh.length === 0) return stored;
  const known = new Set(stored.map(({ id }) => id));
  return [...stored, ...fresh.filter(({ id }) => !known.has(id)).map(waitingEvent)]
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    .slice(0, pageOf(limit));
}

function isAskedFor(
  row: Insertable<EventsTable>,
  { location, kinds, node, client, from, to }: EventQuestion,
  last: Insertable<EventsTable> | undefined,
): boolean {
  const at = new Date(row.at).getTime();
  const lastAt = last && new Date(last.at).getTime();
  return (
    (row.location_id ?? null) === location &&
    (kinds === undefined || kinds.some((kind) => kind === row.kind)) &&
    (node === undefined || row.node_id === node) &&
    (client === undefined || row.client === client) &&
    (from === undefined || at >= from) &&
    (to === undefined || at < to) &&
    (last === undefined || lastAt === undefined || at < lastAt || (at === lastAt && row.id < last.id))
  );
}

function waitingEvent(row: Insertable<EventsTable>): TelemetryEvent {
  return {
    ...{ id: row.id, location: row.location_id ?? null, at: new Date(row.at).getTime(), kind: row.kind as EventKind },
    ...{ node: row.node_id ?? null, client: row.client ?? null, text: row.text },
    details: JSON.parse(row.details as string) as TelemetryEvent["details"],
  };
}

export interface AlertQuestion {
  /** Left out: of all locations, or of those of a tenant. */
  readonly location?: string | undefined;
  readonly tenant?: string | undefined;
  /** Those that are still so, or those that are over; left out: both. */
  readonly open?: boolean | undefined;
  /** Id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit?: number;
}

/** By when they were raised. */
export async function listAlerts(store: Store, question: AlertQuestion): Promise<readonly Alert[]> {
  const { location, tenant, open, before, limit = 100 } = question;
  const rows = await store.run("list alerts", (transaction) => {
    const conditions = (builder: ExpressionBuilder<StoreTables, "alerts">) =>
      builder.and([
        ...(location === undefined ? [] : [builder("location_id", "=", location)]),
        ...(tenant === undefined
          ? []
          : [
              builder(
                "location_id",
                "in",
                builder.selectFrom("locations").select("id").where("tenant_id", "=", tenant),
              ),
            ]),
        ...(open === undefined ? [] : [builder("cleared_at", open ? "is" : "is not", null)]),
        ...(before === undefined
          ? []
          : [sql<boolean>`(raised_at, id) < (select raised_at, id from alerts where id = ${before})`]),
      ]);
    return transaction
      .selectFrom("alerts")
      .selectAll()
      .where(conditions)
      .orderBy("raised_at", "desc")
      .orderBy("id", "desc")
      .limit(pageOf(limit))
      .execute();
  });
  return rows.map(alertOf);
}

export function alertOf(row: Selectable<AlertsTable>): Alert {
  return {
    id: row.id,
    location: row.location_id,
    kind: row.kind as AlertKind,
    node: row.node_id,
    subject: row.subject,
    text: row.text,
    raisedAt: row.raised_at.getTime(),
    clearedAt: row.cleared_at?.getTime() ?? null,
    clearedBecause: row.cleared_because,
  };
}

function eventOf(row: Selectable<EventsTable>): TelemetryEvent {
  return {
    id: row.id,
    location: row.location_id,
    at: row.at.getTime(),
    kind: row.kind as EventKind,
    node: row.node_id,
    client: row.client,
    text: row.text,
    details: row.details as TelemetryEvent["details"],
  };
}

function pageOf(limit: number): number {
  return Math.max(1, Math.min(Math.trunc(limit), limits.listedRows));
}
