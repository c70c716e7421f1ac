/** The alerts there are: what each is about, when it is over or under its threshold, and how long that has to last. Pure. */

import type { AlertPolicy } from "../policy.ts";
import type { Observation, Rule } from "./step.ts";

export const alertKinds = [
  "node-offline",
  "node-unsettled",
  "node-quarantined",
  "version-taken-back",
  "radar",
  "airtime-high",
  "auth-failures",
  "duplicate-serial",
] as const;
export type AlertKind = (typeof alertKinds)[number];

export function ruleOf(kind: AlertKind, policy: AlertPolicy): Rule {
  const second = 1000;
  switch (kind) {
    case "node-offline":
      // A node that comes and goes is one alert.
      return { raiseMs: policy.offlineSeconds * second, clearMs: 30 * second };
    case "node-unsettled":
      return { raiseMs: policy.unsettledSeconds * second, clearMs: 30 * second };
    case "airtime-high":
      return { raiseMs: policy.airtimeSeconds * second, clearMs: (policy.airtimeSeconds / 2) * second };
    case "node-quarantined":
    case "version-taken-back":
    case "radar":
    case "auth-failures":
    case "duplicate-serial":
      return { raiseMs: 0, clearMs: 0 };
  }
}

/** `percent`: of the operating channel that was busy. */
export function airtimeIs(percent: number, policy: AlertPolicy): Observation {
  if (percent > policy.airtimePercent) return "over";
  return percent < Math.min(policy.airtimeClearPercent, policy.airtimePercent) ? "under" : "between";
}

/** `failures` within `authSeconds`. */
export function authFailuresAre(failures: number, policy: AlertPolicy): Observation {
  if (failures >= policy.authFailures) return "over";
  return failures * 2 < policy.authFailures ? "under" : "between";
}

/** Of what happens at once and is over when it has not happened again for `seconds`. */
export function lastingIs(lastMs: number, now: number, seconds: number): Observation {
  return now - lastMs < seconds * 1000 ? "over" : "under";
}
