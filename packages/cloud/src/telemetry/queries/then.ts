/** Where clients were at a time in the past, and what was measured on average of the step that it is in, out of the store. */

import type { Mac } from "@opensync-ts/base/units";
import { type Insertable, sql } from "kysely";
import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";
import { type RollupRow, startOf, steps } from "../rollup/rollups.ts";
import type { ClientStaysTable } from "../tables.ts";

export interface Stay {
  readonly mac: Mac;
  readonly node: string;
  readonly band: string;
  readonly ssid: string;
  /** ms since 1970. */
  readonly from: number;
}

/** By client. */
export interface Stays {
  /** Where it came last, and still was. */
  readonly here: ReadonlyMap<Mac, Stay>;
  /** Of who was nowhere, but a moment ago: when it had left, ms since 1970. */
  readonly left: ReadonlyMap<Mac, number>;
}

type StayRow = Insertable<ClientStaysTable>;

/** `waiting`: rows that are on their way into the store, in the order in which they came. */
export async function staysAt(
  store: Store,
  location: string,
  at: number,
  waiting: readonly StayRow[] = [],
): Promise<Stays> {
  const stored = await store.run("read where clients were", (transaction) =>
    transaction
      .selectFrom("client_stays")
      .selectAll()
      .where("location_id", "=", location)
      .where("from_ms", "<=", at)
      .where((where) => where.or([where("to_ms", "is", null), where("to_ms", ">", at - limits.replayMs)]))
      .orderBy("from_ms")
      .limit(limits.listedClients)
      .execute(),
  );
  const rows = new Map<string, StayRow>(stored.map((row) => [row.id, row]));
  for (const row of waiting) {
    if (row.location_id !== location || row.from_ms > at) continue;
    rows.set(row.id, { ...row, to_ms: row.to_ms ?? rows.get(row.id)?.to_ms ?? null });
  }
  const here = new Map<Mac, Stay>();
  const left = new Map<Mac, number>();
  for (const { mac: address, node_id: node, band, ssid, from_ms: from, to_ms } of [...rows.values()].sort(
    (a, b) => a.from_ms - b.from_ms,
  )) {
    const mac = address as Mac;
    const to = to_ms ?? null;
    here.delete(mac);
    left.delete(mac);
    if (to === null || to > at) here.set(mac, { mac, node, band, ssid, from });
    else left.set(mac, to);
  }
  return { here, left };
}

export interface Averages {
  /** s */
  readonly step: number;
  readonly clients: readonly RollupRow<"clients">[];
  readonly radios: readonly RollupRow<"radios">[];
}

/** Of the shortest step of which there are rows; undefined: there are none. */
export async function averagesAt(store: Store, location: string, at: number): Promise<Averages | undefined> {
  return store.run("read averages", async (transaction) => {
    for (const step of steps) {
      const begin = startOf(at, step);
      const of = <N extends "rollup_clients" | "rollup_radios">(table: N) =>
        sql<N extends "rollup_clients" ? RollupRow<"clients"> : RollupRow<"radios">>`
          select * from ${sql.table(table)} where step = ${step} and at = ${begin} and location_id = ${location}
          limit ${limits.listedClients}`.execute(transaction);
      const radios = await of("rollup_radios");
      const clients = await of("rollup_clients");
      if (radios.rows.length > 0 || clients.rows.length > 0)
        return { step, radios: radios.rows, clients: clients.rows };
    }
    return undefined;
  });
}

/** Of the first event that is kept, ms since 1970; undefined: there is none. */
export async function firstEventAt(store: Store, location: string): Promise<number | undefined> {
  const row = await store.run("read the first event", (transaction) =>
    transaction
      .selectFrom("events")
      .select("at")
      .where("location_id", "=", location)
      .orderBy("at")
      .limit(1)
      .executeTakeFirst(),
  );
  return row?.at.getTime();
}
