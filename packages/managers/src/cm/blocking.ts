/**
 * The state of an uplink's IP families (`ipv4`, `ipv6`) as checks find them. A family that does not lead out is blocked for a
 * while where another uplink can take over, then looked at again. Pure.
 *
 * | state      | means                                                                   |
 * |------------|-------------------------------------------------------------------------|
 * | unset      | the uplink does not have the family                                     |
 * | ready      | there is an address; nobody has looked                                  |
 * | active     | it leads out                                                            |
 * | inactive   | it did not at the last check                                            |
 * | blocked    | it has not for long, and another uplink can be used, until `unblock_ts` |
 * | unblocking | the time is over: a check is under way                                  |
 */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import { type CheckOutcome, familyWorks } from "./checks.ts";
import { cmLimits } from "./limits.ts";

export type FamilyState = NonNullable<Row<"Connection_Manager_Uplink">["ipv4"]>;

export interface BlockingRow {
  readonly ipv4: FamilyState | null;
  readonly ipv6: FamilyState | null;
  readonly unreachable_router_counter: number | null;
  readonly unreachable_internet_counter: number | null;
  readonly unblock_ts: string | null;
}

export interface BlockingChange {
  /** Columns that differ. */
  readonly columns: Write<"Connection_Manager_Uplink">;
  /** Route metric to set; null: leave it. */
  readonly metric: number | null;
}

/** What an outcome does to the families; `row` has the counters with this outcome in them. */
export function afterCheck(
  row: BlockingRow,
  outcome: CheckOutcome,
  { now, random, otherUsable }: { readonly now: number; readonly random: number; readonly otherUsable: boolean },
): BlockingChange {
  const failures = Math.max(row.unreachable_router_counter ?? 0, row.unreachable_internet_counter ?? 0);
  const next = (state: FamilyState | null, works: boolean | undefined): FamilyState | null => {
    if (works === undefined) return state;
    if (works) return "active";
    if (state === "unblocking" || state === "blocked") return otherUsable ? "blocked" : "inactive";
    return failures >= cmLimits.failuresToBlock && otherUsable ? "blocked" : "inactive";
  };
  const after = {
    ipv4: next(row.ipv4, familyWorks(outcome, "ipv4")),
    ipv6: next(row.ipv6, familyWorks(outcome, "ipv6")),
  };
  const blocks = (before: FamilyState | null, now: FamilyState | null) => now === "blocked" && before !== "blocked";
  const newlyBlocked = blocks(row.ipv4, after.ipv4) || blocks(row.ipv6, after.ipv6);
  const free = after.ipv4 !== "blocked" && after.ipv6 !== "blocked";
  const columns: Write<"Connection_Manager_Uplink"> = {
    ...(after.ipv4 === row.ipv4 ? {} : { ipv4: after.ipv4 }),
    ...(after.ipv6 === row.ipv6 ? {} : { ipv6: after.ipv6 }),
    ...(newlyBlocked ? { unblock_ts: unblockAt(now, random) } : {}),
    ...(free && row.unblock_ts !== null ? { unblock_ts: null } : {}),
  };
  const changed = after.ipv4 !== row.ipv4;
  const wasBlocked = row.ipv4 === "blocked" || row.ipv4 === "unblocking";
  const metric = changed && after.ipv4 === "blocked" ? cmLimits.blockedMetric : changed && wasBlocked ? 0 : null;
  return { columns, metric };
}

/** Families whose time is over, as columns to write; null: none. */
export function afterBlock(row: BlockingRow, now: number): Write<"Connection_Manager_Uplink"> | null {
  const blocked = row.ipv4 === "blocked" || row.ipv6 === "blocked";
  if (!blocked || now < unblockTime(row)) return null;
  return {
    ...(row.ipv4 === "blocked" ? { ipv4: "unblocking" as const } : {}),
    ...(row.ipv6 === "blocked" ? { ipv6: "unblocking" as const } : {}),
    unblock_ts: null,
    unreachable_router_counter: 0,
    unreachable_internet_counter: 0,
  };
}

/** When a blocked family is to be looked at, ms on the clock. A time that is none, or lies too far ahead to be ours, is now. */
export function unblockTime({ unblock_ts: text }: BlockingRow): number {
  const seconds = text === null ? Number.NaN : Number(text);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

/** Monotonic seconds, as `unblock_ts` has them. */
function unblockAt(now: number, random: number): string {
  const jitter = cmLimits.blockJitterMinMs + random * (cmLimits.blockJitterMaxMs - cmLimits.blockJitterMinMs);
  return String(Math.ceil((now + cmLimits.blockMs + jitter) / 1000));
}
