/** The audit trail: who did what, why, and what came of it. It outlives what it is about, and holds no secret. */

import { messageOf } from "@opensync-ts/base/errors";
import type { ExpressionBuilder } from "kysely";
import * as limits from "../limits.ts";
import type { By, Deed } from "./deed.ts";
import { StoreRefusal } from "./errors.ts";
import type { Store, StoreTransaction } from "./store.ts";

export type { About, By, Deed } from "./deed.ts";

import type { AuditTable, StoreTables } from "./tables.ts";

export interface AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly by: { readonly actor: string; readonly why: string | null };
  readonly action: string;
  readonly tenant: string | null;
  readonly location: string | null;
  readonly target: string | null;
  readonly outcome: AuditTable["outcome"];
  readonly reason: string | null;
  readonly details: readonly string[];
}

/** What `work` gives beside its result: what the trail shall know that was not known before. */
export interface Done<T> {
  readonly result: T;
  readonly details?: readonly string[];
  readonly deed?: Partial<Deed>;
}

/** Does `work` and records it, as one; a refusal is recorded too. `null` as `result`'s `Done`: nothing happened, nothing is recorded. */
export async function audited<T>(
  store: Store,
  by: By,
  deed: Deed,
  work: (transaction: StoreTransaction) => Promise<Done<T> & { readonly idle?: boolean }>,
): Promise<T> {
  if ((by.why ?? "").length > limits.whyLength) {
    throw new StoreRefusal("invalid", `why: is longer than ${limits.whyLength} characters; shorten it`);
  }
  try {
    const { result, done, details } = await store.run(deed.action.replace(".", " "), async (transaction) => {
      const { result, details = [], deed: more, idle = false } = await work(transaction);
      if (idle) return { result, details };
      const done = { ...deed, ...more };
      await record(store, transaction, by, done, "done", null, details);
      return { result, done, details };
    });
    if (done) store.deeds.emit("done", { ...done, by, details: told(details) });
    return result;
  } catch (error) {
    if (error instanceof StoreRefusal) {
      const refused = async (transaction: StoreTransaction) => {
        const tenant = deed.tenant ?? (await tenantOfLocation(transaction, deed.location));
        await record(store, transaction, by, { ...deed, tenant }, "refused", error.message, []);
      };
      await store.run("record a refusal", refused).catch((failure) => store.log.warning(messageOf(failure)));
    }
    throw error;
  }
}

export interface AuditQuestion {
  readonly tenant?: string;
  readonly location?: string;
  readonly actor?: string;
  /** Older than the entry of this id: the last one of the page before. */
  readonly before?: number;
  readonly limit?: number;
}

/** The newest first. */
export async function readAudit(store: Store, question: AuditQuestion = {}): Promise<readonly AuditEntry[]> {
  const { tenant, location, actor, before, limit = 100 } = question;
  const rows = await store.run("read the audit trail", (transaction) => {
    const conditions = (builder: ExpressionBuilder<StoreTables, "audit">) =>
      builder.and([
        ...(tenant === undefined ? [] : [builder("tenant_id", "=", tenant)]),
        ...(location === undefined ? [] : [builder("location_id", "=", location)]),
        ...(actor === undefined ? [] : [builder("actor", "=", actor)]),
        ...(before === undefined ? [] : [builder("id", "<", before)]),
      ]);
    return transaction
      .selectFrom("audit")
      .selectAll()
      .where(conditions)
      .orderBy("id", "desc")
      .limit(Math.min(limit, limits.storePage))
      .execute();
  });
  return rows.map(({ id, at, actor, why, action, tenant_id, location_id, target, outcome, reason, details }) => ({
    id,
    at,
    by: { actor, why },
    action,
    tenant: tenant_id,
    location: location_id,
    target,
    outcome,
    reason,
    details,
  }));
}

/** Forgets entries older than `before`; how many. */
export async function pruneAudit(store: Store, before: Date): Promise<number> {
  const { numDeletedRows } = await store.run("prune the audit trail", (transaction) =>
    transaction.deleteFrom("audit").where("at", "<", before).executeTakeFirst(),
  );
  return Number(numDeletedRows);
}

function told(details: readonly string[]): readonly string[] {
  const listed = details.slice(0, limits.toldDetails).map((text) => text.slice(0, limits.toldDetailLength));
  return details.length > listed.length ? [...listed, `and ${details.length - listed.length} more`] : listed;
}

async function tenantOfLocation(
  transaction: StoreTransaction,
  location: string | null | undefined,
): Promise<string | null> {
  if (!location) return null;
  const rows = transaction.selectFrom("locations").select("tenant_id").where("id", "=", location);
  return (await rows.executeTakeFirst())?.tenant_id ?? null;
}

async function record(
  store: Store,
  transaction: StoreTransaction,
  by: By,
  { action, tenant = null, location = null, target = null }: Deed,
  outcome: AuditTable["outcome"],
  reason: string | null,
  details: readonly string[],
): Promise<void> {
  await transaction
    .insertInto("audit")
    .values({
      at: store.now(),
      actor: storable(by.actor),
      action,
      tenant_id: tenant,
      location_id: location,
      target: storable(target),
      why: storable(by.why ?? null),
      outcome,
      reason: storable(reason),
      details: JSON.stringify(details.map(storable)),
    })
    .execute();
}

/** The trail takes what was refused for being no text of PostgreSQL's. */
function storable<T extends string | null>(text: T): T {
  return (text?.replaceAll("\u0000", "\ufffd") ?? null) as T;
}
