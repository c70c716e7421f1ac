/** Nodes as things: which there are, in which pack they were sold, and whose they are. What one is for is in its location's document. */

import type { Home } from "../home.ts";
import * as limits from "../limits.ts";
import { audited, type By } from "./audit.ts";
import { StoreRefusal } from "./errors.ts";
import type { LocationsRow } from "./locations.ts";
import type { Store, StoreTransaction } from "./store.ts";
import type { NodesTable } from "./tables.ts";

export interface StoredNode {
  readonly id: string;
  readonly serialNumber: string;
  readonly packId: string | null;
  readonly model: string | null;
  /** Null: nobody's. */
  readonly location: string | null;
  readonly claimedAt: Date | null;
  readonly claimedBy: string | null;
}

export interface Registration {
  readonly serialNumber: string;
  readonly packId?: string | null;
  readonly model?: string | null;
}

/** Says that there are such nodes, as their maker does. What is known of them already is brought up to date; whose they are stays. */
export async function registerNodes(store: Store, nodes: readonly Registration[], by: By): Promise<void> {
  if (nodes.length > limits.storePage) {
    throw new StoreRefusal("limit", `${nodes.length} nodes at once; register up to ${limits.storePage}`);
  }
  const known = new Map(nodes.map((node) => [node.serialNumber, node]));
  await audited(store, by, { action: "node.register", target: `${known.size} nodes` }, async (transaction) => {
    for (const { serialNumber, packId = null, model = null } of [...known.values()].sort(bySerial)) {
      checkId("serialNumber", serialNumber);
      if (packId !== null) checkId("packId", packId);
      await transaction
        .insertInto("nodes")
        .values({ ...unclaimed(store, serialNumber), pack_id: packId, model })
        .onConflict((conflict) => conflict.column("serial_number").doUpdateSet({ pack_id: packId, model }))
        .execute();
    }
    for (const packId of new Set([...known.values()].map((node) => node.packId ?? ""))) {
      if (packId !== "") await packOf(transaction, packId);
    }
    return { result: undefined, details: [...known.keys()].map((serial) => `node ${serial}`) };
  });
}

export type Claim = { readonly serialNumber: string } | { readonly packId: string };

/**
 * The node of this serial number, or all nodes of this pack, are the location's. One that nobody has registered may be claimed by
 * its serial number. Refused, with who has it, where one is another location's. `fresh`: how many were nobody's before.
 */
export async function claimWithin(
  store: Store,
  transaction: StoreTransaction,
  location: string,
  claim: Registration | { readonly packId: string },
  by: By,
): Promise<{ readonly nodes: readonly StoredNode[]; readonly fresh: number }> {
  const found = await claimed(store, transaction, claim);
  for (const { serial_number, location_id } of found) {
    if (location_id === null || location_id === location) continue;
    throw await taken(transaction, serial_number, location_id, location);
  }
  const free = found.filter(({ location_id }) => location_id === null).map(({ id }) => id);
  const change = { location_id: location, claimed_at: store.now(), claimed_by: by.actor };
  if (free.length > 0) await transaction.updateTable("nodes").set(change).where("id", "in", free).execute();
  const nodes = found.map((row) => nodeOf(row.location_id === null ? { ...row, ...change } : row));
  return { nodes, fresh: free.length };
}

/** The node is nobody's. Refused where it is not this location's. */
export async function releaseWithin(
  transaction: StoreTransaction,
  { id, name }: LocationsRow,
  serialNumber: string,
): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable("nodes")
    .set({ location_id: null, claimed_at: null, claimed_by: null, node_id: null })
    .where("serial_number", "=", serialNumber)
    .where("location_id", "=", id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new StoreRefusal("not-found", `location '${name}' has no node ${serialNumber}`);
}

/** By serial number. */
export async function nodesOf(store: Store, location: string): Promise<readonly StoredNode[]> {
  const rows = await store.run("list nodes", (transaction) =>
    transaction
      .selectFrom("nodes")
      .selectAll()
      .where("location_id", "=", location)
      .orderBy("serial_number")
      .limit(limits.storePage)
      .execute(),
  );
  return rows.map(nodeOf);
}

/** Undefined where nobody has registered or claimed it. */
export async function findNode(store: Store, serialNumber: string): Promise<StoredNode | undefined> {
  const row = await store.run("find a node", (transaction) =>
    transaction.selectFrom("nodes").selectAll().where("serial_number", "=", serialNumber).executeTakeFirst(),
  );
  return row && nodeOf(row);
}

/**
 * The nodes that the document names are the location's: those that are nobody's are claimed (one without `serialNumber` by its id).
 * Refused where one is another location's, or has the id of another location's.
 */
export async function takeNodes(
  store: Store,
  transaction: StoreTransaction,
  location: string,
  { nodes }: Home,
  by: By,
): Promise<void> {
  const own = transaction.updateTable("nodes").set({ node_id: null }).where("location_id", "=", location);
  await own.where("node_id", "is not", null).execute();
  for (const { id, serialNumber = id } of nodes) {
    await claimWithin(store, transaction, location, { serialNumber }, by);
    const named = transaction.selectFrom("nodes").select(["serial_number", "location_id"]).where("node_id", "=", id);
    const other = await named.executeTakeFirst();
    if (other?.location_id && other.location_id !== location)
      throw await taken(transaction, id, other.location_id, location);
    await transaction.updateTable("nodes").set({ node_id: id }).where("serial_number", "=", serialNumber).execute();
  }
}

type NodesRow = Omit<NodesTable, "registered_at" | "claimed_at"> & {
  readonly registered_at: Date;
  readonly claimed_at: Date | null;
};

/** The rows of a claim, which nobody else changes until the transaction ends. */
async function claimed(
  store: Store,
  transaction: StoreTransaction,
  claim: Registration | { readonly packId: string },
): Promise<readonly NodesRow[]> {
  if (!("serialNumber" in claim)) return packOf(transaction, claim.packId);
  const { serialNumber, packId = null, model = null } = claim;
  checkId("serialNumber", serialNumber);
  await transaction
    .insertInto("nodes")
    .values({ ...unclaimed(store, serialNumber), pack_id: packId, model })
    .onConflict((conflict) => conflict.column("serial_number").doNothing())
    .execute();
  const query = transaction.selectFrom("nodes").selectAll().where("serial_number", "=", serialNumber);
  return query.forUpdate().execute();
}

async function packOf(transaction: StoreTransaction, packId: string): Promise<readonly NodesRow[]> {
  checkId("packId", packId);
  const query = transaction.selectFrom("nodes").selectAll().where("pack_id", "=", packId).orderBy("serial_number");
  const rows = await query
    .limit(limits.nodesPerPack + 1)
    .forUpdate()
    .execute();
  if (rows.length === 0) {
    throw new StoreRefusal(
      "not-found",
      `nobody has registered a pack ${packId}; look at the label again, or claim by serial number`,
    );
  }
  if (rows.length > limits.nodesPerPack) {
    throw new StoreRefusal("limit", `pack ${packId} has more than ${limits.nodesPerPack} nodes; is it one?`);
  }
  return rows;
}

/** Another tenant's location is not told of. */
async function taken(
  transaction: StoreTransaction,
  serial: string,
  holder: string,
  location: string,
): Promise<StoreRefusal> {
  const rows = await transaction
    .selectFrom("locations")
    .select(["id", "name", "tenant_id"])
    .where("id", "in", [holder, location])
    .execute();
  const [theirs, ours] = [holder, location].map((id) => rows.find((row) => row.id === id));
  const who = theirs && theirs.tenant_id === ours?.tenant_id ? `location '${theirs.name}'` : "another tenant";
  return new StoreRefusal("claimed", `node ${serial} belongs to ${who}; it has to be released there first`);
}

function unclaimed(store: Store, serialNumber: string) {
  const nobody = { location_id: null, claimed_at: null, claimed_by: null, node_id: null };
  return { id: store.random.uuid(), serial_number: serialNumber, registered_at: store.now(), ...nobody };
}

/** What makers print on labels. */
function checkId(field: string, id: string): void {
  if (/^[\x21-\x7e]{1,64}$/.test(id)) return;
  throw new StoreRefusal("invalid", `${field}: is not usable; give 1 to 64 printable ASCII characters without spaces`);
}

function bySerial(a: Registration, b: Registration): number {
  return a.serialNumber < b.serialNumber ? -1 : 1;
}

function nodeOf(row: NodesRow): StoredNode {
  return {
    id: row.id,
    serialNumber: row.serial_number,
    packId: row.pack_id,
    model: row.model,
    location: row.location_id,
    claimedAt: row.claimed_at,
    claimedBy: row.claimed_by,
  };
}
