/** What has become of each thing the home states for a node; the answer to "is it done, and if not, why?". Pure. */

import { type Proof, proofDeadline, prove } from "./proof.ts";
import type { Change } from "./reconcile.ts";
import type { DesiredRow, Refusal, RowId, TableReader } from "./rows.ts";

/**
 * | status       | the Config row          | the State row                                  |
 * |--------------|-------------------------|------------------------------------------------|
 * | `pending`    | not yet as stated       |                                                |
 * | `applied`    | as stated               | does not show it yet                           |
 * | `proven`     | as stated               | shows it                                       |
 * | `unprovable` | as stated               | the node does not report the like              |
 * | `unproven`   | as stated               | does not show it, and its time is over         |
 * | `contested`  | written by others again and again; left alone for a while |              |
 * | `refused`    | the node cannot hold or do it                              |             |
 */
export type Status = "pending" | "applied" | "proven" | "unprovable" | "unproven" | "contested" | "refused";

export interface RowStatus {
  readonly id: RowId;
  /** Where the home file states it; null for a row it no longer states. */
  readonly stated: string | null;
  readonly status: Status;
  readonly reason: string | null;
}

/** A row that the session does not write now, and why. */
export interface Held {
  readonly status: "contested" | "refused";
  readonly reason: string;
}

export type Withheld = ReadonlyMap<RowId, Held>;

export interface Assessment {
  readonly rows: readonly RowStatus[];
  /** When the next proof is due (clock ms); undefined: none is awaited. */
  readonly nextDeadline: number | undefined;
}

/**
 * `awaitedSince` remembers between calls since when (clock ms) each row lacks its proof; it is brought up to date.
 */
export function assess(
  desired: readonly DesiredRow[],
  refusals: readonly Refusal[],
  changes: readonly Change[],
  withheld: Withheld,
  rows: TableReader,
  awaitedSince: Map<RowId, number>,
  now: number,
): Assessment {
  const pending = new Set(changes.map(({ id }) => id));
  const statuses: RowStatus[] = [];
  let nextDeadline: number | undefined;
  for (const row of desired) {
    const { id, stated } = row;
    const held = withheld.get(id);
    const proof: Proof | undefined = held || pending.has(id) ? undefined : prove(row, rows);
    if (proof?.kind !== "awaited") awaitedSince.delete(id);
    if (held) statuses.push({ id, stated, ...held });
    else if (!proof) statuses.push({ id, stated, status: "pending", reason: "not written yet" });
    else if (proof.kind === "awaited") {
      const since = awaitedSince.get(id) ?? now;
      awaitedSince.set(id, since);
      const deadline = since + proofDeadline(row, rows);
      const late = deadline <= now;
      if (!late) nextDeadline = Math.min(nextDeadline ?? deadline, deadline);
      statuses.push({ id, stated, status: late ? "unproven" : "applied", reason: proof.reason });
    } else statuses.push({ id, stated, status: proof.kind, reason: null });
  }
  const stated = new Set(desired.map(({ id }) => id));
  for (const id of awaitedSince.keys()) if (!stated.has(id)) awaitedSince.delete(id);
  for (const [id, held] of withheld) if (!stated.has(id)) statuses.push({ id, stated: null, ...held });
  for (const { id, stated, reason } of refusals) statuses.push({ id, stated, status: "refused", reason });
  return { rows: statuses, nextDeadline };
}

/** Nothing more will happen to the row unless somebody changes something. */
export function isDone({ status }: RowStatus): boolean {
  return status === "proven" || status === "unprovable";
}

/** What is still to come or wrong, in one line; null when all is done. */
export function pendingText(rows: readonly RowStatus[]): string | null {
  const open = rows.filter((row) => !isDone(row));
  const [first] = open;
  if (!first) return null;
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  return `${first.id} ${first.status}${first.reason ? `: ${first.reason}` : ""}${more}`;
}
