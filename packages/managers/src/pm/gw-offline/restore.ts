/** Restores the home LAN: all of it in one transaction, so that whatever cuts it short, nothing is half restored. */

import { messageOf } from "@opensync-ts/base/errors";
import { type Client, TransactionError } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { gwOfflineLimits } from "./limits.ts";
import { planRestore } from "./plan-restore.ts";
import { changes, readSubset } from "./read-subset.ts";
import { addOperations, type RowOperation } from "./row-operations.ts";
import type { SubsetRows } from "./rows.ts";
import type { Stored } from "./stored.ts";
import type { SubsetOptions } from "./subset.ts";

export type Restoring =
  /** The rows say already what is stored. */
  | { readonly kind: "in force" }
  | { readonly kind: "not restored"; readonly reason: string }
  /** `leftOut`: parts, and why; empty: nothing. `notes`: what could not be done and does no harm. */
  | { readonly kind: "restored"; readonly leftOut: readonly string[]; readonly notes: readonly string[] };

/** `conclude`: what shows the outcome, in the same transaction. */
export async function restoreHome(
  client: Client<OpenSync>,
  { values, faults: damages }: Stored,
  rows: SubsetRows,
  options: SubsetOptions,
  conclude: (whole: boolean) => readonly RowOperation[],
  signal: AbortSignal,
): Promise<Restoring> {
  const present = readSubset(rows, options);
  if (present.kind === "read" && changes(values, present.values).size === 0) return { kind: "in force" };
  const plan = planRestore(values, rows, options);
  if (!plan) {
    const reason = "what is stored holds neither a LAN nor a network on a radio of this device";
    return { kind: "not restored", reason };
  }
  const faults = [...damages, ...plan.faults];
  const { operations, notes } = plan;
  try {
    const refused = await commitWhatCanBe(
      client,
      operations,
      (parts) => conclude(faults.length + parts.length === 0),
      signal,
    );
    return { kind: "restored", leftOut: [...faults, ...refused], notes };
  } catch (error) {
    return { kind: "not restored", reason: reasonOf(error) };
  }
}

/** What the database says of a refusal may repeat values, and values may be secrets. */
export function reasonOf(error: unknown): string {
  return error instanceof TransactionError ? `refused by the database (${error.error})` : messageOf(error);
}

/**
 * Commits `operations`, and after them what `conclude` makes of the parts that had to be left out. A part that the database refuses is
 * taken out and the rest tried again. Resolves to what was left out, part and reason; rejects when nothing could be committed.
 */
async function commitWhatCanBe(
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
