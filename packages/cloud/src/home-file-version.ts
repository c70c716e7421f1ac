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
}

/** `home` without what only a simulation reads. Throws a `StoreRefusal` where a node of it is another location's. */
export async function takeHomeFile(store: Store, { simulation: _, ...home }: Home): Promise<TakenHomeFile> {
  const last = taken.safeParse(await getSetting(store, "cloud", settingKey));
  const location = last.success ? await locationOf(store, last.data.location) : undefined;
  if (last.success && location && (await says(store, last.data, home))) {
    return { ...last.data, holds: location.applied };
  }
  const { id, head } = location ? await named(store, location, home.name) : await makeLocation(store, home.name);
  const draft = await saveDraft(store, id, home, { basedOn: head }, by);
  const { number } = draft.state === "draft" ? await applyVersion(store, id, draft.number, by) : draft;
  await setSetting(store, "cloud", settingKey, { location: id, version: number }, by);
  return { location: id, version: number, holds: number };
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
