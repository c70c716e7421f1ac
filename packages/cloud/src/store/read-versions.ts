/** Versions of a location's document, read and compared. */

import type { Home } from "../home.ts";
import * as limits from "../limits.ts";
import { type DocumentChange, diffDocuments } from "../model/diff.ts";
import { checkDocument, openDocument } from "./documents.ts";
import { StoreRefusal } from "./errors.ts";
import { locationOf, locationRow, type StoredLocation } from "./locations.ts";
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

/** The version that held at a time (ms since 1970); undefined: none did. */
export async function heldAt(store: Store, location: string, at: number): Promise<Version | undefined> {
  return store.run("read a version", async (transaction) => {
    await locationRow(transaction, location);
    const row = await transaction
      .selectFrom("versions")
      .selectAll()
      .where("location_id", "=", location)
      .where("applied_at", "<=", new Date(at))
      .orderBy("applied_at", "desc")
      .orderBy("number", "desc")
      .limit(1)
      .executeTakeFirst();
    return row && openVersion(store, row);
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

export function changesBetween(before: Home | undefined, after: Home): readonly DocumentChange[] {
  return diffDocuments(before ?? emptyDocument(after), after);
}

/** Of the same name, and with nothing else. */
function emptyDocument({ name }: Home): Home {
  return { name, nodes: [], networks: [], radios: [], bridges: [] };
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

export interface SummaryRow extends Omit<VersionsTable, "document" | "created_at" | "applied_at" | "proven_at"> {
  readonly created_at: Date;
  readonly applied_at: Date | null;
  readonly proven_at: Date | null;
}

export async function versionOf(
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

export function summaryOf(row: SummaryRow): VersionSummary {
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
