/**
 * What the outcome of a check does to an uplink's counters, and what is tried then: ask for the address anew, switch
 * the interface off and on, and in the end, for the uplink in use, give up. Pure.
 */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import { allAnswered, anyAnswered, type CheckOutcome, type FamilyOutcome } from "./checks.ts";
import type { Repair } from "./recovery.ts";

/** Failures in a row. */
export interface StabilityThresholds {
  /** CM2_STABILITY_THRESH_LINK: an outage of the link. */
  readonly link: number;
  /** CM2_STABILITY_THRESH_ROUTER: every so many the address is asked for anew, one later the interface restarted; an outage. */
  readonly router: number;
  /** CM2_STABILITY_THRESH_INTERNET: likewise. */
  readonly internet: number;
  /** CM2_STABILITY_THRESH_FATAL: more of the router than this are fatal. */
  readonly fatal: number;
}

export type CounterRow = Pick<
  Row<"Connection_Manager_Uplink">,
  "unreachable_link_counter" | "unreachable_router_counter" | "unreachable_internet_counter" | "ntp_state"
>;

export interface StabilitySituation {
  /** The cloud is connected: nothing needs mending. */
  readonly connected: boolean;
  /** Ethernet without a tunnel on it. */
  readonly mendable: boolean;
  readonly used: boolean;
}

export interface StabilityChange {
  /** Columns that differ. */
  readonly columns: Write<"Connection_Manager_Uplink">;
  readonly counters: { readonly link: number; readonly router: number; readonly internet: number };
  readonly repair: Repair | null;
  readonly fatal: boolean;
}

export function afterOutcome(
  row: CounterRow,
  outcome: CheckOutcome,
  { connected, mendable, used }: StabilitySituation,
  thresholds: StabilityThresholds,
): StabilityChange {
  const link = count(row.unreachable_link_counter, outcome.link);
  const router = count(row.unreachable_router_counter, answered(outcome.router));
  const internet = count(row.unreachable_internet_counter, answered(outcome.internet));
  const ntp = outcome.ntp ?? row.ntp_state;
  const mends = !connected && mendable;
  // One family that leads out is enough to leave the uplink alone.
  const failed = { router: allFailed(outcome.router), internet: allFailed(outcome.internet) };
  return {
    columns: {
      ...(link === row.unreachable_link_counter ? {} : { unreachable_link_counter: link }),
      ...(router === row.unreachable_router_counter ? {} : { unreachable_router_counter: router }),
      ...(internet === row.unreachable_internet_counter ? {} : { unreachable_internet_counter: internet }),
      ...(ntp === row.ntp_state ? {} : { ntp_state: ntp }),
    },
    counters: { link: link ?? 0, router: router ?? 0, internet: internet ?? 0 },
    repair: mends
      ? ((failed.router ? repairAt(router ?? 0, thresholds.router) : null) ??
        (failed.internet ? repairAt(internet ?? 0, thresholds.internet) : null))
      : null,
    fatal: used && failed.router && (router ?? 0) > thresholds.fatal,
  };
}

/** Undefined: not asked, or there was no family to ask over. A family that fails is a failure, whatever the other says. */
function answered(outcome: FamilyOutcome | undefined): boolean | undefined {
  if (!outcome || (outcome.ipv4 === undefined && outcome.ipv6 === undefined)) return undefined;
  return allAnswered(outcome);
}

/** It was asked, and no family answered. */
export function allFailed(outcome: FamilyOutcome | undefined): boolean {
  return answered(outcome) === false && !anyAnswered(outcome);
}

/** −1 and below mean "not known": the first failure is 1. */
function count(counter: number | null, ok: boolean | undefined): number | null {
  if (ok === undefined) return counter;
  if (ok) return 0;
  return counter === null || counter < 0 ? 1 : counter + 1;
}

function repairAt(counter: number, threshold: number): Repair | null {
  if (counter > 0 && counter % threshold === 0) return "renew";
  return counter % (threshold + 1) === 0 ? "restart-interface" : null;
}
