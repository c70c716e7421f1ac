/** What one check of an uplink asks, and what came of it. */

import type { Family } from "./candidates.ts";

/** `link`: layer 2, and the far end of a tunnel. `ntp`: a clock that makes sense. */
export type CheckKind = "link" | "router" | "internet" | "ntp";

/** True where it answered, left out where it was not asked. */
export interface CheckOutcome {
  readonly link?: boolean;
  readonly router?: FamilyOutcome;
  readonly internet?: FamilyOutcome;
  readonly ntp?: boolean;
}

/** By family; a family that the uplink does not have is left out. */
export type FamilyOutcome = { readonly [F in Family]?: boolean };

/** What counts where nothing could be asked: nothing is known to be wrong. */
export const nothingKnown: CheckOutcome = {};

export function anyAnswered(outcome: FamilyOutcome | undefined): boolean {
  return outcome?.ipv4 === true || outcome?.ipv6 === true;
}

export function allAnswered(outcome: FamilyOutcome): boolean {
  return outcome.ipv4 !== false && outcome.ipv6 !== false;
}

/** Whether a family leads out: to the Internet where that was asked, else to the router; undefined: not asked. */
export function familyWorks({ router, internet }: CheckOutcome, family: Family): boolean | undefined {
  return internet?.[family] ?? router?.[family];
}

/** For people: `link, router IPv4, no Internet IPv4`. */
export function describeOutcome({ link, router, internet, ntp }: CheckOutcome): string {
  const said = (ok: boolean | undefined, what: string) => (ok === undefined ? [] : [ok ? what : `no ${what}`]);
  const families = (outcome: FamilyOutcome | undefined, what: string) => [
    ...said(outcome?.ipv4, `${what} IPv4`),
    ...said(outcome?.ipv6, `${what} IPv6`),
  ];
  const all = [
    ...said(link, "link"),
    ...families(router, "router"),
    ...families(internet, "Internet"),
    ...said(ntp, "NTP"),
  ];
  return all.join(", ") || "nothing known";
}
