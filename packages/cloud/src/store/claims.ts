/** Claims as deeds: whose a node is, and with it what its location's document says of it, in one step. */

import type { Home } from "../home.ts";
import { audited, type By } from "./audit.ts";
import { locationRow } from "./locations.ts";
import { type Claim, claimWithin, releaseWithin, type StoredNode } from "./nodes.ts";
import type { Version } from "./read-versions.ts";
import type { Store } from "./store.ts";
import { editWithin } from "./versions.ts";

/** What becomes of the document; undefined: no version holds yet. */
export type Placement = (
  document: Home | undefined,
  nodes: readonly StoredNode[],
  location: { readonly name: string },
) => unknown;

export interface Claimed {
  readonly nodes: readonly StoredNode[];
}

/** `version` holds then. */
export type Placed = Claimed & { readonly version: Version };

/**
 * The node of this serial number, or all nodes of this pack, are the location's, and what `place` makes of the document holds. One
 * that nobody has registered may be claimed by its serial number. Refused, with who has it, where one is another location's, and
 * where a small edit would be; nothing has happened then.
 */
export async function claimNodes(
  store: Store,
  location: string,
  claim: Claim,
  by: By,
  place: Placement,
): Promise<Placed>;
export async function claimNodes(store: Store, location: string, claim: Claim, by: By): Promise<Claimed>;
export async function claimNodes(
  store: Store,
  location: string,
  claim: Claim,
  by: By,
  place?: Placement,
): Promise<Claimed> {
  const target = "serialNumber" in claim ? `node ${claim.serialNumber}` : `pack ${claim.packId}`;
  return audited<Claimed>(store, by, { action: "node.claim", location, target }, async (transaction) => {
    const row = await locationRow(transaction, location, "change");
    const { nodes, fresh } = await claimWithin(store, transaction, location, claim, by);
    const edited =
      place &&
      (await editWithin(store, transaction, row, by, (document) => place(document, nodes, { name: row.name })));
    const changed = edited?.result.isNew === true;
    const details = [...nodes.map(({ serialNumber }) => `node ${serialNumber}`), ...(edited?.details ?? [])];
    const result = { nodes, ...(edited && { version: edited.result.version }) };
    return { result, details, deed: { tenant: row.tenant_id }, idle: fresh === 0 && !changed };
  });
}

/** The node is nobody's, and `remove` says what of the document that holds is left. Refused where it is not this location's. */
export async function releaseNode(
  store: Store,
  location: string,
  serialNumber: string,
  by: By,
  remove?: (document: Home) => unknown,
): Promise<Version | null> {
  const deed = { action: "node.release", location, target: `node ${serialNumber}` };
  return audited<Version | null>(store, by, deed, async (transaction) => {
    const row = await locationRow(transaction, location, "change");
    const done =
      remove && row.applied !== null
        ? await editWithin(store, transaction, row, by, (document) => document && remove(document))
        : undefined;
    await releaseWithin(transaction, row, serialNumber);
    return { result: done?.result.version ?? null, details: done?.details ?? [], deed: { tenant: row.tenant_id } };
  });
}
