/** Clients without Internet (`Client_Freeze_Config`), as rows of the gateway. Pure. */

import type { Row } from "@opensync-ts/ovsdb/datum";
import type { Home } from "./home.ts";
import { policyFor, type Subject } from "./model/policies.ts";
import { type DesiredRow, rowId } from "./rows.ts";

const source = "cloud";

/**
 * A row for each of `subjects` that a policy in force freezes. The table knows addresses only: a client that a policy reaches by
 * its zone or network is frozen as soon as it is seen.
 */
export function freezeRows(home: Home, subjects: readonly Subject[]): readonly DesiredRow[] {
  const policies = home.policies ?? [];
  return subjects.flatMap((subject) => {
    const policy = policyFor(policies, "freeze", subject);
    if (!policy) return [];
    const key = { mac: subject.mac };
    const type = policy.schedule.kind === "weekly" ? "schedule" : "always";
    return [
      {
        id: rowId("Client_Freeze_Config", key),
        table: "Client_Freeze_Config" as const,
        key,
        columns: { source, type, blocked: true },
        entries: {},
        references: null,
        initial: {},
        stated: `policies[${policies.indexOf(policy)}]`,
      },
    ];
  });
}

/** Whether the controller froze this client, and not somebody at the gateway. */
export function isOurFreeze(row: Row): boolean {
  return row.source === source;
}
