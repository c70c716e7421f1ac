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
import { type DocumentChange, diffDocuments } from "../model/diff.ts";
import { audited, type By, type Done } from "./audit.ts";
import { checkDocument, openDocument, sealDocument } from "./documents.ts";
import { StoreRefusal } from "./errors.ts";
import { type LocationsRow, locationOf, locationRow, type StoredLocation } from "./locations.ts";
import { takeNodes } from "./nodes.ts";
import type { Store, StoreTransaction } from "./store.ts";
import type { VersionState, VersionsTable } from "./tables.ts";

export interface VersionSummary {
  readonly location: string;
  readonly number: number;
  readonly state: VersionState;
  readonly author: string;
  readonly why: string | null;
  readonly basedOn: number;
  /** The version that it brings back. */
  readonly restores: number | null;
  readonly createdAt: Date;
  readonly appliedAt: Date | null;
  readonly provenAt: Date | null;
}

export interface Version extends VersionSummary {
  readonly document: Home;
}

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
): Promise<Edited> {
  return audited<Edited>(store, by, { action: "version.edit", location }, async (transaction) => {
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

/** Without documents, the newest first. */
export async function listVersions(
  store: Store,
  location: string,
  { before, limit = 100 }: { readonly before?: number; readonly limit?: number } = {},
): Promise<readonly VersionSummary[]> {
  const rows = await store.run("list versions", async (transaction) => {
    await locationRow(transaction, location);
    const all = transaction
      .selectFrom("versions")
      .select(summaryColumns)
      .where("location_id", "=", location)
      .orderBy("number", "desc")
      .limit(Math.min(limit, limits.storePage));
    return (before === undefined ? all : all.where("number", "<", before)).execute();
  });
  return rows.map(summaryOf);
}

export async function getVersion(store: Store, location: string, number: number): Promise<Version> {
  return store.run("read a version", async (transaction) => {
    await locationRow(transaction, location);
    return versionOf(store, transaction, location, number);
  });
}

/** The version that holds; undefined: none. */
export async function appliedVersion(store: Store, location: string): Promise<Version | undefined> {
  return store.run("read a version", async (transaction) => {
    const { applied } = await locationRow(transaction, location);
    return applied === null ? undefined : versionOf(store, transaction, location, applied);
  });
}

/** A location that has a version that holds. */
export interface HeldVersion {
  readonly location: StoredLocation;
  readonly version: Version;
}

/** Of all locations, by id; from after the location `after` on. */
export async function heldVersions(
  store: Store,
  { after = "", limit = limits.storePage }: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly HeldVersion[]> {
  const rows = await store.run("read what holds", (transaction) =>
    transaction
      .selectFrom("locations")
      .innerJoin("versions", (join) =>
        join.onRef("versions.location_id", "=", "locations.id").onRef("versions.number", "=", "locations.applied"),
      )
      .selectAll("versions")
      .select(["id", "tenant_id", "name", "head", "applied", "proven"])
      .select("locations.created_at as location_created_at")
      .where("locations.id", ">", after)
      .orderBy("locations.id")
      .limit(Math.min(limit, limits.storePage))
      .execute(),
  );
  return rows.map(({ location_created_at, ...row }) => ({
    location: locationOf({ ...row, created_at: location_created_at }),
    version: openVersion(store, row),
  }));
}

/** What version `to` changes, compared with version `from`; 0: with nothing. */
export async function diffVersions(
  store: Store,
  location: string,
  from: number,
  to: number,
): Promise<readonly DocumentChange[]> {
  return store.run("compare versions", async (transaction) => {
    await locationRow(transaction, location);
    const after = await versionOf(store, transaction, location, to);
    const before = from === 0 ? undefined : await versionOf(store, transaction, location, from);
    return changesBetween(before?.document, after.document).slice(0, limits.listedChanges);
  });
}

function changesBetween(before: Home | undefined, after: Home): readonly DocumentChange[] {
  return diffDocuments(before ?? emptyDocument(after), after);
}

/** Of the same name, and with nothing else. */
function emptyDocument({ name }: Home): Home {
  return { name, nodes: [], networks: [], radios: [], bridges: [] };
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

const summaryColumns = [
  "location_id",
  "number",
  "state",
  "author",
  "why",
  "based_on",
  "restores",
  "created_at",
  "applied_at",
  "proven_at",
] as const satisfies readonly (keyof VersionsTable)[];

interface SummaryRow extends Omit<VersionsTable, "document" | "created_at" | "applied_at" | "proven_at"> {
  readonly created_at: Date;
  readonly applied_at: Date | null;
  readonly proven_at: Date | null;
}

async function versionOf(
  store: Store,
  transaction: StoreTransaction,
  location: string,
  number: number,
): Promise<Version> {
  const row = await transaction
    .selectFrom("versions")
    .selectAll()
    .where("location_id", "=", location)
    .where("number", "=", number)
    .executeTakeFirst();
  if (!row) throw new StoreRefusal("not-found", `there is no version ${number}`);
  return openVersion(store, row);
}

/** Of an older program's document, what has been added to the form since gets its defaults. */
function openVersion(store: Store, row: SummaryRow & { readonly document: unknown }): Version {
  return { ...summaryOf(row), document: checkDocument(openDocument(store.key, row.location_id, row.document)) };
}

function summaryOf(row: SummaryRow): VersionSummary {
  return {
    location: row.location_id,
    number: row.number,
    state: row.state,
    author: row.author,
    why: row.why,
    basedOn: row.based_on,
    restores: row.restores,
    createdAt: row.created_at,
    appliedAt: row.applied_at,
    provenAt: row.proven_at,
  };
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
