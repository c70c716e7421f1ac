/** Alerts that were open at a time. Pure. */

import type { AnswerTo } from "@opensync-ts/cloud/api/contract/contract";

export type Alert = AnswerTo<"GET /locations/:location/alerts">["items"][number];

/** `at`: ms since 1970; undefined: now. The newest first. */
export function openAlerts(alerts: readonly Alert[], at: number | undefined): readonly Alert[] {
  return alerts.filter(({ raisedAt, clearedAt }) => {
    if (at === undefined) return clearedAt === null;
    return Date.parse(raisedAt) <= at && (clearedAt === null || Date.parse(clearedAt) > at);
  });
}
