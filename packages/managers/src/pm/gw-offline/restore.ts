/** Carries a plan out: all of it in one transaction, so that whatever cuts it short, nothing is half restored. */

import { type Client, TransactionError } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { gwOfflineLimits } from "./limits.ts";
import { addOperations, type RowOperation } from "./row-operations.ts";

/**
 * Commits `operations`, and after them what `conclude` makes of the parts that had to be left out. A part that the database refuses is
 * taken out and the rest tried again. Resolves to what was left out, part and reason; rejects when nothing could be committed.
 */
export async function commitWhatCanBe(
  client: Client<OpenSync>,
  operations: readonly RowOperation[],
  conclude: (leftOut: readonly string[]) => readonly RowOperation[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const leftOut: string[] = [];
  let remaining = operations;
  for (;;) {
    const all = [...remaining, ...conclude(leftOut)];
    try {
      await client.transact((transaction) => addOperations(transaction, all), {
        comment: "PM - restore gw_offline",
        signal,
      });
      return leftOut;
    } catch (error) {
      const refused = error instanceof TransactionError ? remaining[error.operation] : undefined;
      if (!refused || leftOut.length >= gwOfflineLimits.refusedParts) throw error;
      // The details may repeat a value, and values may be secrets.
      leftOut.push(`${refused.part}: refused by the database (${(error as TransactionError).error})`);
      remaining = remaining.filter(({ part }) => part !== refused.part);
    }
  }
}
