/**
 * Device tags: the address of a station whose key (or vif) has an `oftag` is a `device_value` of the `Openflow_Tag` of
 * that name, for as long as it is associated. The tag's row is the cloud's; where there is none there is nothing to do.
 */

import type { Row } from "@opensync-ts/schema/opensync";
import { deviceValuesPerTag } from "./limits.ts";

type OpenflowTag = Row<"Openflow_Tag">;

export interface TagChange {
  readonly tag: string;
  readonly mutator: "insert" | "delete";
  /** Addresses, sorted. */
  readonly values: readonly string[];
}

/**
 * What makes the rows agree with `wanted` (address → tag). Only what OWM put there itself (`ours`: address → tag) is
 * ever taken away: other device values belong to others.
 */
export function tagChanges(
  rows: Iterable<OpenflowTag>,
  wanted: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
): readonly TagChange[] {
  const changes: TagChange[] = [];
  for (const row of rows) {
    const present = new Set(row.device_value);
    const surplus = [...ours].filter(([mac, tag]) => tag === row.name && wanted.get(mac) !== tag && present.has(mac));
    const missing = [...wanted].filter(([mac, tag]) => tag === row.name && !present.has(mac));
    const room = Math.max(0, deviceValuesPerTag - present.size + surplus.length);
    if (surplus.length > 0) changes.push({ tag: row.name, mutator: "delete", values: addresses(surplus) });
    if (missing.length > 0 && room > 0)
      changes.push({ tag: row.name, mutator: "insert", values: addresses(missing).slice(0, room) });
  }
  return changes;
}

function addresses(entries: readonly (readonly [string, string])[]): string[] {
  return entries.map(([mac]) => mac).sort();
}
