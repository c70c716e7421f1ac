/**
 * Versions of a location's document: immutable and numbered. One is a draft, then holds (applied), is proven by the nodes, or is
 * reverted: then a new version equals an old one. Whoever changes a location says which version they have seen as the newest; when
 * somebody else was faster they are refused, so that nobody undoes what they have not seen.
 *
 * | state       | may become                                                       |
 * |-------------|------------------------------------------------------------------|
 * | `draft`     | `applied`; `discarded`, also by a newer draft or a revert        |
 * | `applied`   | `proven`; `reverted`                                             |
 * | `proven`    | `reverted`                                                       |
 *
 * Versions that no longer hold, as a later one was applied, keep their state: it is what became of them.
 */

import { isDeepStrictEqual } from "node:util";
import type { Home } from "../home.ts";
import * as limits from "../limits.ts";
import type { DocumentChange } from "../model/diff.ts";
import { type About, audited, type By, type Done } from "./audit.ts";
import { checkDocument, sealDocument } from "./documents.ts";
import { StoreRefusal } from "./errors.ts";
import { type LocationsRow, locationRow } from "./locations.ts";
import { takeNodes } from "./nodes.ts";
import { changesBetween, type SummaryRow, summaryOf, type Version, versionOf } from "./read-versions.ts";
import type { Store, StoreTransaction } from "./store.ts";
import type { VersionState } from "./tables.ts";

export interface OnVersion {
  /** The newest version that the author has seen (`StoredLocation.head`). */
  readonly basedOn: number;
}

/**
 * Checks `document` and makes it the newest version, a draft; an older draft is discarded. The newest version itself where it says
 * the same and is not discarded or reverted.
 */
export async function saveDraft(
  store: Store,
  location: string,
  document: unknown,
  { basedOn }: OnVersion,
  by: By,
): Promise<Version> {
  return audited(store, by, { action: "version.draft", location }, async (transaction) => {
    const checked = checkDocument(document);
    const row = await rowForChange(transaction, location, basedOn);
    const newest = row.head > 0 ? await versionOf(store, transaction, location, row.head) : undefined;
    const stands = newest && newest.state !== "discarded" && newest.state !== "reverted";
    if (stands && isDeepStrictEqual(newest.document, checked)) return { result: newest, idle: true };
    return addVersion(store, transaction, row, checked, by, null);
  });
}

/** The draft that is the newest version is not to be. */
export async function discardDraft(store: Store, location: string, number: number, by: By): Promise<void> {
  await audited(
    store,
    by,
    { action: "version.discard", location, target: `version ${number}` },
    async (transaction) => {
      const row = await rowForChange(transaction, location, number);
      await draftOf(transaction, location, number);
      await setState(transaction, location, number, { state: "discarded" });
      return { result: undefined, deed: { tenant: row.tenant_id } };
    },
  );
}

/** The draft that is the newest version holds from now on. Refused where a node of it belongs to another location. */
export async function applyVersion(store: Store, location: string, number: number, by: By): Promise<Version> {
  return audited(store, by, { action: "version.apply", location, target: `version ${number}` }, async (transaction) => {
    const row = await rowForChange(transaction, location, number);
    await draftOf(transaction, location, number);
    return hold(store, transaction, row, number, by);
  });
}

export interface Edited {
  /** The version that holds. */
  readonly version: Version;
  /** False: it held before. */
  readonly isNew: boolean;
}

/**
 * What `edit` makes of the document that holds, holds from now on; nobody comes in between. The version that holds stays where that is
 * the same. Refused where the newest version is a draft: it would be lost.
 */
export async function editApplied(
  store: Store,
  location: string,
  edit: (document: Home) => unknown,
  by: By,
  about?: About,
): Promise<Edited> {
  return audited<Edited>(store, by, { action: "version.edit", location, about }, async (transaction) => {
    const row = await locationRow(transaction, location, "change");
    return editWithin(store, transaction, row, by, (document) => {
      if (!document) throw new StoreRefusal("conflict", "no version holds yet; save a draft, and apply it");
      return edit(document);
    });
  });
}

/** The same as a part of something; where no version holds yet, `edit` makes the first. */
export async function editWithin(
  store: Store,
  transaction: StoreTransaction,
  row: LocationsRow,
  by: By,
  edit: (document: Home | undefined) => unknown,
): Promise<Done<Edited> & { readonly idle?: boolean }> {
  const { id: location, head, applied } = row;
  const newest = head > 0 ? await versionOf(store, transaction, location, head) : undefined;
  if (newest?.state === "draft") {
    throw new StoreRefusal(
      "conflict",
      `version ${head} is a draft by ${newest.author}, which this would undo; apply or discard it first`,
    );
  }
  const held =
    applied === null
      ? undefined
      : head === applied && newest
        ? newest
        : await versionOf(store, transaction, location, applied);
  const document = checkDocument(edit(held?.document));
  if (held && isDeepStrictEqual(held.document, document))
    return { result: { version: held, isNew: false }, idle: true };
  const { result: added } = await addVersion(store, transaction, row, document, by, null);
  const done = await hold(store, transaction, { ...row, head: added.number }, added.number, by);
  const deed = { ...done.deed, target: `version ${added.number}` };
  return { ...done, result: { version: done.result, isNew: true }, deed };
}

/** The nodes show what this version states. Nothing happens where it no longer holds, or is proven already. */
export async function markProven(store: Store, location: string, number: number, by: By): Promise<void> {
  await audited(store, by, { action: "version.prove", location, target: `version ${number}` }, async (transaction) => {
    const row = await locationRow(transaction, location, "change");
    if (row.applied !== number || row.proven === number) return { result: undefined, idle: true };
    await setState(transaction, location, number, { state: "proven", proven_at: store.now() });
    await transaction.updateTable("locations").set({ proven: number }).where("id", "=", location).execute();
    return { result: undefined, deed: { tenant: row.tenant_id } };
  });
}

/**
 * A new version that equals version `to` holds from now on; versions since `to` that have held are `reverted`, a draft is
 * `discarded`.
 */
export async function revert(
  store: Store,
  location: string,
  to: number,
  { basedOn }: OnVersion,
  by: By,
): Promise<Version> {
  return audited(store, by, { action: "version.revert", location, target: `to version ${to}` }, async (transaction) => {
    const row = await rowForChange(transaction, location, basedOn);
    const old = await versionOf(store, transaction, location, to);
    if (old.appliedAt === null) {
      throw new StoreRefusal("conflict", `version ${to} has never held; apply it, or revert to one that has`);
    }
    if (row.applied === to) throw new StoreRefusal("conflict", `version ${to} holds already`);
    const { result: added } = await addVersion(store, transaction, row, old.document, by, to);
    await transaction
      .updateTable("versions")
      .set({ state: "reverted" })
      .where("location_id", "=", location)
      .where("number", ">", to)
      .where("number", "<", added.number)
      .where("state", "in", ["applied", "proven"])
      .execute();
    return hold(store, transaction, { ...row, head: added.number }, added.number, by);
  });
}

/** Adds a version that nobody has seen yet. */
export async function addVersion(
  store: Store,
  transaction: StoreTransaction,
  { id: location, tenant_id, head, applied, proven }: LocationsRow,
  document: Home,
  by: By,
  restores: number | null,
): Promise<Done<Version>> {
  const number = head + 1;
  const row: SummaryRow = {
    location_id: location,
    number,
    state: "draft",
    author: by.actor,
    why: by.why ?? null,
    based_on: head,
    restores,
    created_at: store.now(),
    applied_at: null,
    proven_at: null,
  };
  await transaction
    .updateTable("versions")
    .set({ state: "discarded" })
    .where("location_id", "=", location)
    .where("state", "=", "draft")
    .execute();
  const sealed = sealDocument(store.key, location, document);
  await transaction
    .insertInto("versions")
    .values({ ...row, document: sealed })
    .execute();
  await transaction.updateTable("locations").set({ head: number }).where("id", "=", location).execute();
  await transaction
    .deleteFrom("versions")
    .where("location_id", "=", location)
    .where("number", "<=", number - limits.versionsPerLocation)
    .where("number", "not in", [applied ?? 0, proven ?? 0])
    .execute();
  const before = head > 0 ? await versionOf(store, transaction, location, head) : undefined;
  return {
    result: { ...summaryOf(row), document },
    details: wordsOf(changesBetween(before?.document, document)),
    deed: { tenant: tenant_id, target: `version ${number}` },
  };
}

/** Makes a draft the version that holds; the details are what that changes for the nodes. */
async function hold(
  store: Store,
  transaction: StoreTransaction,
  { id: location, tenant_id, applied }: LocationsRow,
  number: number,
  by: By,
): Promise<Done<Version>> {
  const before = applied === null ? undefined : await versionOf(store, transaction, location, applied);
  const version = await versionOf(store, transaction, location, number);
  await takeNodes(store, transaction, location, version.document, by);
  const appliedAt = store.now();
  await setState(transaction, location, number, { state: "applied", applied_at: appliedAt });
  await transaction.updateTable("locations").set({ applied: number }).where("id", "=", location).execute();
  return {
    result: { ...version, state: "applied", appliedAt },
    details: wordsOf(changesBetween(before?.document, version.document)),
    deed: { tenant: tenant_id },
  };
}

function wordsOf(changes: readonly DocumentChange[]): readonly string[] {
  const listed = changes.slice(0, limits.listedChanges).map(({ words }) => words);
  return changes.length > listed.length ? [...listed, `and ${changes.length - listed.length} more`] : listed;
}

async function rowForChange(transaction: StoreTransaction, location: string, basedOn: number): Promise<LocationsRow> {
  const row = await locationRow(transaction, location, "change");
  if (row.head === basedOn) return row;
  const newest = await transaction
    .selectFrom("versions")
    .select(["author", "created_at"])
    .where("location_id", "=", location)
    .where("number", "=", row.head)
    .executeTakeFirst();
  const since = newest
    ? `version ${row.head} by ${newest.author}, ${newest.created_at.toISOString()}`
    : "there is none";
  throw new StoreRefusal(
    "conflict",
    `version ${basedOn} is not the newest (${since}); look at what has changed, and do it again on that`,
  );
}

async function draftOf(transaction: StoreTransaction, location: string, number: number): Promise<void> {
  const row = await transaction
    .selectFrom("versions")
    .select("state")
    .where("location_id", "=", location)
    .where("number", "=", number)
    .executeTakeFirst();
  if (!row) throw new StoreRefusal("not-found", `there is no version ${number}`);
  if (row.state !== "draft") {
    throw new StoreRefusal(
      "conflict",
      `version ${number} is ${row.state}, and no draft; save a draft, or revert to it`,
    );
  }
}

async function setState(
  transaction: StoreTransaction,
  location: string,
  number: number,
  change: { readonly state: VersionState; readonly applied_at?: Date; readonly proven_at?: Date },
): Promise<void> {
  await transaction
    .updateTable("versions")
    .set(change)
    .where("location_id", "=", location)
    .where("number", "=", number)
    .execute();
}
