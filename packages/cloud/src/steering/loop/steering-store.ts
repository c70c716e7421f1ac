/** What steering keeps in the store, written and read. What cannot be read any more is left out, and said once. */

import type { Mac } from "@opensync-ts/base/units";
import { parseMac } from "@opensync-ts/base/units";
import { sql } from "kysely";
import type { z } from "zod";
import type { Store, StoreTransaction } from "../../store/store.ts";
import { classify } from "../classify.ts";
import type { Evidence } from "../evidence.ts";
import * as limits from "../limits.ts";
import { type History, mobilityOf } from "../mobility/history.ts";
import type { SavedObservation } from "../observations.ts";
import { emptyState, type OptimiserState, stateSchema } from "../optimiser/state.ts";
import type { Profiles } from "../profiles.ts";
import type { KnownClient } from "./known-client.ts";
import type { SavedNode } from "./node-records.ts";
import { evidenceForm, historyForm, nodesForm, observedForm } from "./saved-forms.ts";

export interface SavedClient {
  readonly client: KnownClient;
  readonly observation: SavedObservation | null;
}

export interface SavedSteering {
  readonly clients: readonly SavedClient[];
  readonly state: OptimiserState;
  readonly nodes: readonly SavedNode[];
  readonly night: string | null;
  /** Number and digest of the newest entry of the journal. */
  readonly last: { readonly number: number; readonly digest: string } | null;
  /** What could not be read, in words; the first few. */
  readonly faults: readonly string[];
}

export async function loadSteering(store: Store, location: string, profiles: Profiles): Promise<SavedSteering> {
  return store.run("read what steering knows", async (transaction) => {
    const faults: string[] = [];
    const clients = await transaction
      .selectFrom("steering_clients")
      .selectAll()
      .where("location_id", "=", location)
      .orderBy("seen_at", "desc")
      .orderBy("mac")
      .limit(limits.clients)
      .execute();
    const row = await transaction
      .selectFrom("steering_state")
      .selectAll()
      .where("location_id", "=", location)
      .executeTakeFirst();
    const read = <F extends z.ZodType>(form: F, value: unknown, what: string): z.output<F> | undefined => {
      const { success, data, error } = form.safeParse(value);
      if (success) return data;
      if (faults.length < 5) faults.push(`${what}: ${error.issues[0]?.path.join(".")}: ${error.issues[0]?.message}`);
      return undefined;
    };
    return {
      clients: clients.flatMap((each): SavedClient[] => {
        const mac = parseMac(each.mac);
        const evidence = read(evidenceForm, each.evidence, `client ${each.mac}, evidence`) as Evidence | undefined;
        const history = read(historyForm, each.history, `client ${each.mac}, history`) as History | undefined;
        const observed = read(observedForm, each.observed, `client ${each.mac}, observed`);
        if (!mac || !evidence || !history || !observed) return [];
        const { network, key, observation } = observed;
        // The profiles may be others than when it was written.
        const classification = classify(evidence, profiles);
        const known = { mac, seenAt: each.seen_at.getTime(), evidence, classification, history, network, key };
        return [{ client: { ...known, mobility: mobilityOf(history) }, observation }];
      }),
      state: (row && read(stateSchema, row.state, "state of the optimiser")) ?? emptyState,
      nodes: ((row && read(nodesForm, row.nodes, "nodes")) ?? []) as readonly SavedNode[],
      night: row?.night ?? null,
      last: await lastEntry(transaction, location),
      faults,
    };
  });
}

export interface SteeringChanges {
  readonly changed: readonly SavedClient[];
  readonly forgotten: readonly Mac[];
  readonly state: OptimiserState;
  readonly nodes: readonly SavedNode[];
  readonly night: string | null;
}

export async function saveSteering(
  transaction: StoreTransaction,
  location: string,
  { changed, forgotten, state, nodes, night }: SteeringChanges,
  at: Date,
): Promise<void> {
  const row = { state: JSON.stringify(state), nodes: JSON.stringify(nodes), night, changed_at: at };
  await transaction
    .insertInto("steering_state")
    .values({ location_id: location, ...row })
    .onConflict((conflict) => conflict.column("location_id").doUpdateSet(row))
    .execute();
  for (let first = 0; first < changed.length; first += limits.savedAtOnce) {
    const part = changed.slice(first, first + limits.savedAtOnce);
    await transaction
      .insertInto("steering_clients")
      .values(part.map((each) => clientRow(location, each)))
      .onConflict((conflict) =>
        conflict.columns(["location_id", "mac"]).doUpdateSet((excluded) => ({
          seen_at: excluded.ref("excluded.seen_at"),
          class: excluded.ref("excluded.class"),
          mobility: excluded.ref("excluded.mobility"),
          evidence: sql`excluded.evidence`,
          classification: sql`excluded.classification`,
          history: sql`excluded.history`,
          observed: sql`excluded.observed`,
        })),
      )
      .execute();
  }
  if (forgotten.length > 0) {
    await transaction
      .deleteFrom("steering_clients")
      .where("location_id", "=", location)
      .where("mac", "in", [...forgotten])
      .execute();
  }
}

/** Of clients that were seen before `before`, also of those that do not fit into memory. */
export async function forgetClients(transaction: StoreTransaction, location: string, before: Date): Promise<void> {
  await transaction
    .deleteFrom("steering_clients")
    .where("location_id", "=", location)
    .where("seen_at", "<", before)
    .execute();
}

function clientRow(location: string, { client, observation }: SavedClient) {
  const { mac, seenAt, evidence, classification, history, mobility, network, key } = client;
  return {
    ...{ location_id: location, mac, seen_at: new Date(seenAt) },
    ...{ class: classification.class, mobility: mobility.mobility },
    evidence: JSON.stringify(evidence),
    classification: JSON.stringify(classification),
    history: JSON.stringify(history),
    observed: JSON.stringify({ network, key, observation }),
  };
}

async function lastEntry(transaction: StoreTransaction, location: string): Promise<SavedSteering["last"]> {
  const row = await transaction
    .selectFrom("steering_journal")
    .select(["number", sql<string | null>`entry->>'digest'`.as("digest")])
    .where("location_id", "=", location)
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { number: row.number, digest: row.digest ?? "" } : null;
}
