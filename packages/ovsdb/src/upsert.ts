/** A row that shall be so, whether it exists or not; for any client. */

import { type Client, TransactionError, type TransactOptions, type Where } from "./client.ts";
import type { Uuid } from "./datum.ts";
import type { DatabaseDeclaration, NamedUuid, TableName, WriteOf } from "./declare.ts";
import { clientLimits } from "./limits.ts";

export type Upserted = { readonly kind: "updated" } | { readonly kind: "inserted"; readonly uuid: Uuid };

/**
 * Gives the row whose columns equal `key` the values of `row`; columns left out stay as they are. Where there is none,
 * inserts one with both. Each attempt is one transaction, and the insertion is guarded: of two who do this at once one
 * inserts and the other updates. A key that several rows meet updates them all.
 *
 * ```ts
 * await upsert(client, "Wifi_Inet_Config", { if_name: "eth0" }, { enabled: true });
 * ```
 *
 * Rejects as `Client.transact` does; with `TransactionError` (`timed out`) also when others keep inserting and deleting the row.
 */
export async function upsert<D extends DatabaseDeclaration, T extends TableName<D>>(
  client: Client<D>,
  table: T,
  key: WriteOf<D, T>,
  row: WriteOf<D, T>,
  options?: TransactOptions,
): Promise<Upserted> {
  const where = Object.entries(key).map(([column, value]) => [column, "==", value]) as unknown as Where<D, T>;
  if (where.length === 0) throw new RangeError(`upsert into ${table}: the key names no column`);
  let conflict: TransactionError | undefined;
  for (let attempt = 0; attempt < clientLimits.upsertAttempts; attempt++) {
    const updated = await client.transact((transaction) => transaction.update(table, where, row), options);
    if (updated.count(0) > 0) return { kind: "updated" };
    try {
      return { kind: "inserted", uuid: await insert(client, table, where, { ...key, ...row }, options) };
    } catch (error) {
      if (!(error instanceof TransactionError && error.error === "timed out")) throw error;
      conflict = error;
    }
  }
  throw conflict ?? new RangeError("no attempt was made");
}

async function insert<D extends DatabaseDeclaration, T extends TableName<D>>(
  client: Client<D>,
  table: T,
  where: Where<D, T>,
  row: WriteOf<D, T>,
  options: TransactOptions | undefined,
): Promise<Uuid> {
  const inserted: NamedUuid[] = [];
  const result = await client.transact((transaction) => {
    transaction.expect(table, where, []);
    inserted.push(transaction.insert(table, row));
  }, options);
  return result.uuid(inserted[0] as NamedUuid);
}
