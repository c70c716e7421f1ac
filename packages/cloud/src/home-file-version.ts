/**
 * A home file as a location of the store. The file is taken when it says something else than when it was taken last; what people
 * have changed at the location since then holds until they change the file, too.
 */

import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Home } from "./home.ts";
import type { By } from "./store/audit.ts";
import { checkDocument } from "./store/documents.ts";
import { StoreRefusal } from "./store/errors.ts";
import { createLocation, getLocation, renameLocation, type StoredLocation } from "./store/locations.ts";
import { getVersion } from "./store/read-versions.ts";
import { getSetting, setSetting } from "./store/settings.ts";
import type { Store } from "./store/store.ts";
import { createTenant, findTenant } from "./store/tenants.ts";
import { applyVersion, saveDraft } from "./store/versions.ts";

const by: By = { actor: "home file" };
const settingKey = "home-file";
const tenantName = "Home";

const taken = z.object({ location: z.string(), version: z.int() });

export interface TakenHomeFile {
  readonly location: string;
  /** Of the version that was made of the file, when it was taken last. */
  readonly version: number;
  /** The version that holds; another where somebody has changed the location since. */
  readonly holds: number | null;
  /** What held until now, where the file says something else; undefined: it is the first version, or nothing has changed. */
  readonly replaced?: ReplacedVersion | undefined;
}

export interface ReplacedVersion {
  readonly version: number;
  /** What the home was called in it. */
  readonly name: string;
  /** Who made it, where that was not a home file. */
  readonly by: string | undefined;
  /** Number and author of the draft that was not applied, and will not be. */
  readonly draft: { readonly version: number; readonly by: string } | undefined;
}

/** `home` without what only a simulation reads. Throws a `StoreRefusal` where a node of it is another location's. */
export async function takeHomeFile(store: Store, { simulation: _, ...home }: Home): Promise<TakenHomeFile> {
  const last = taken.safeParse(await getSetting(store, "cloud", settingKey));
  const location = last.success ? await locationOf(store, last.data.location) : undefined;
  if (last.success && location && (await says(store, last.data, home))) {
    return { ...last.data, holds: location.applied };
  }
  const before = location && (await heldNow(store, location));
  const { id, head } = location ? await named(store, location, home.name) : await makeLocation(store, home.name);
  const draft = await saveDraft(store, id, home, { basedOn: head }, by);
  const { number } = draft.state === "draft" ? await applyVersion(store, id, draft.number, by) : draft;
  await setSetting(store, "cloud", settingKey, { location: id, version: number }, by);
  const replaced = before?.version === number ? undefined : before;
  return { location: id, version: number, holds: number, replaced };
}

/** For people: what holds instead of the home file, or what the file has put out and how that comes back. Undefined: nothing of either. */
export function homeFileNotice(home: string, { version, holds, replaced }: TakenHomeFile): string | undefined {
  if (holds !== version) {
    return (
      `home '${home}': version ${holds} has been made since the home file was taken ` +
      `(version ${version}); it holds until the file changes`
    );
  }
  if (!replaced) return undefined;
  const what = replaced.name === home ? "" : ` of '${replaced.name}'`;
  const by = replaced.by === undefined ? "" : `, which ${replaced.by} has made since the last one`;
  const draft = replaced.draft ? `, and draft ${replaced.draft.version} by ${replaced.draft.by} is discarded` : "";
  return (
    `home '${home}': the home file says something else than before: its version ${version} takes the place of version ` +
    `${replaced.version}${what}${by}${draft}; 'opensync cloud ctl revert ${replaced.version}' brings that back`
  );
}

async function heldNow(store: Store, { id, head, applied }: StoredLocation): Promise<ReplacedVersion | undefined> {
  if (applied === null) return undefined;
  const { author, document } = await getVersion(store, id, applied);
  const newest = head > applied ? await getVersion(store, id, head) : undefined;
  return {
    version: applied,
    name: document.name,
    by: author === by.actor ? undefined : author,
    draft: newest?.state === "draft" ? { version: head, by: newest.author } : undefined,
  };
}

async function makeLocation(store: Store, name: string): Promise<StoredLocation> {
  const tenant = (await findTenant(store, tenantName)) ?? (await createTenant(store, tenantName, by));
  return createLocation(store, tenant.id, name, by);
}

/** Undefined where somebody has removed it. */
async function locationOf(store: Store, id: string): Promise<StoredLocation | undefined> {
  return orNothing(getLocation(store, id));
}

async function says(store: Store, { location, version }: z.output<typeof taken>, home: Home): Promise<boolean> {
  const stored = await orNothing(getVersion(store, location, version));
  return stored !== undefined && isDeepStrictEqual(stored.document, checkDocument(home));
}

async function named(store: Store, location: StoredLocation, name: string): Promise<StoredLocation> {
  return location.name === name ? location : renameLocation(store, location.id, name, by);
}

async function orNothing<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof StoreRefusal && error.code === "not-found") return undefined;
    throw error;
  }
}
