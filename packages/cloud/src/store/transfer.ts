/** A location or a tenant as JSON, to take it to another store or to keep. Secrets only where they are asked for. */

import { z } from "zod";
import * as limits from "../limits.ts";
import { fillSecrets } from "../model/fill-secrets.ts";
import { withoutSecrets } from "../model/secrets.ts";
import { audited, type By } from "./audit.ts";
import { checkDocument } from "./documents.ts";
import { StoreRefusal } from "./errors.ts";
import {
  getLocation,
  insertLocation,
  listLocations,
  locationOf,
  locationRow,
  type StoredLocation,
} from "./locations.ts";
import { claimWithin, nodesOf } from "./nodes.ts";
import { getVersion, type Version } from "./read-versions.ts";
import type { Store, StoreTransaction } from "./store.ts";
import { getTenant, insertTenant, type Tenant } from "./tenants.ts";
import { addVersion, saveDraft } from "./versions.ts";

const registration = z.strictObject({
  serialNumber: z.string().max(64),
  packId: z.string().max(64).nullable(),
  model: z.string().max(128).nullable(),
});

const locationExport = z.strictObject({
  format: z.literal("opensync-location"),
  version: z.literal(1),
  name: z.string(),
  /** The version that holds, or else the newest; null: there is none. A secret that was left out is null. */
  document: z.record(z.string(), z.unknown()).nullable(),
  nodes: z.array(registration).max(limits.storePage),
});

const tenantExport = z.strictObject({
  format: z.literal("opensync-tenant"),
  version: z.literal(1),
  name: z.string(),
  locations: z.array(locationExport).max(limits.exportedLocations),
});

export type LocationExport = z.output<typeof locationExport>;
export type TenantExport = z.output<typeof tenantExport>;

export interface ExportOptions {
  readonly secrets: boolean;
}

export async function exportLocation(
  store: Store,
  id: string,
  options: ExportOptions,
  by: By,
): Promise<LocationExport> {
  const { name, head, applied, tenant } = await getLocation(store, id);
  const number = applied ?? head;
  const held = number > 0 ? (await getVersion(store, id, number)).document : null;
  const nodes = await nodesOf(store, id);
  const details = [options.secrets ? "with secrets" : "without secrets"];
  // Who has taken secrets out of the store is asked later.
  await audited(store, by, { action: "location.export", tenant, location: id }, async () => ({
    result: undefined,
    details,
  }));
  return {
    format: "opensync-location",
    version: 1,
    name,
    document: held && ((options.secrets ? held : withoutSecrets(held)) as Record<string, unknown>),
    nodes: nodes.map(({ serialNumber, packId, model }) => ({ serialNumber, packId, model })),
  };
}

export async function exportTenant(store: Store, id: string, options: ExportOptions, by: By): Promise<TenantExport> {
  const { name } = await getTenant(store, id);
  const locations: LocationExport[] = [];
  let after = "";
  for (;;) {
    const page = await listLocations(store, { tenant: id, after });
    for (const location of page) locations.push(await exportLocation(store, location.id, options, by));
    if (locations.length > limits.exportedLocations) {
      throw new StoreRefusal(
        "limit",
        `tenant '${name}' has more than ${limits.exportedLocations} locations; make a backup`,
      );
    }
    const last = page.at(-1);
    if (!last || page.length < limits.storePage) break;
    after = last.id;
  }
  return { format: "opensync-tenant", version: 1, name, locations };
}

/** A new location of the tenant, whose document is a draft. Refused as a whole where a node of it is another location's, or a secret is missing. */
export async function importLocation(store: Store, tenant: string, value: unknown, by: By): Promise<StoredLocation> {
  const id = store.random.uuid();
  const deed = { action: "location.import", tenant, location: id };
  return audited(store, by, deed, async (transaction) => {
    const data = parse(locationExport, value);
    const result = await insertImported(store, transaction, tenant, id, data, by);
    return { result, deed: { target: `location '${data.name}'` } };
  });
}

/** A new draft of a location that there is; secrets that were left out are those of its newest version. */
export async function importDraft(
  store: Store,
  location: string,
  basedOn: number,
  value: unknown,
  by: By,
): Promise<Version> {
  const { document } = parse(locationExport, value);
  if (!document) throw new StoreRefusal("invalid", "document: is null; there is nothing to import");
  const held = basedOn > 0 ? (await getVersion(store, location, basedOn)).document : undefined;
  return saveDraft(store, location, complete(document, held), { basedOn }, by);
}

/** A new tenant with its locations; as a whole. */
export async function importTenant(store: Store, value: unknown, by: By): Promise<Tenant> {
  const id = store.random.uuid();
  return audited(store, by, { action: "tenant.import", tenant: id }, async (transaction) => {
    const { name, locations } = parse(tenantExport, value);
    const { result } = await insertTenant(store, transaction, id, name);
    for (const data of locations) await insertImported(store, transaction, id, store.random.uuid(), data, by);
    const details = locations.map((location) => `location '${location.name}'`);
    return { result, details, deed: { target: `tenant '${name}'` } };
  });
}

async function insertImported(
  store: Store,
  transaction: StoreTransaction,
  tenant: string,
  id: string,
  { name, document, nodes }: LocationExport,
  by: By,
): Promise<StoredLocation> {
  await insertLocation(store, transaction, tenant, id, name);
  const row = await locationRow(transaction, id, "change");
  if (document) await addVersion(store, transaction, row, checkDocument(complete(document, undefined)), by, null);
  for (const node of [...nodes].sort((a, b) => (a.serialNumber < b.serialNumber ? -1 : 1))) {
    await claimWithin(store, transaction, id, node, by);
  }
  return locationOf(await locationRow(transaction, id));
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue?.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("") ?? "";
  throw new StoreRefusal("invalid", `${at.slice(1) || "the file"}: is not as an export has it; export it again`);
}

function complete(document: Record<string, unknown>, from: unknown): unknown {
  const { document: filled, missing } = fillSecrets(document, from);
  if (missing.length === 0) return filled;
  const [first] = missing;
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
  throw new StoreRefusal(
    "invalid",
    `document: ${first}${more}: was left out of the export; export with secrets, or import into the location that has it`,
  );
}
