/** What others see of cloudless operation: two rows of `Node_State`, and the tag of offline mode. Nothing where it is so already. */

import type { GwOfflineStatus } from "./machine.ts";
import type { RowOperation } from "./row-operations.ts";
import type { SubsetRows } from "./rows.ts";
import { moduleName } from "./settings.ts";
import { offlineTag, offlineTagValue } from "./subset.ts";

export const statusKey = "gw_offline_status";
export const acknowledgementKey = "gw_offline_cfg";

export interface Shown {
  /** `null`: nobody has asked for the feature. */
  readonly acknowledgement: { readonly value: "true" | "false"; readonly persist: boolean } | null;
  readonly status: GwOfflineStatus | null;
}

export function planState({ Node_State }: Pick<SubsetRows, "Node_State">, shown: Shown): readonly RowOperation[] {
  const plan = (key: string, value: string, persist: boolean): readonly RowOperation[] => {
    const target = { part: `Node_State ${key}`, table: "Node_State" } as const;
    const row = { value, ...(persist && { persist }) };
    const known = Node_State.find((each) => each.module === moduleName && each.key === key);
    if (!known) return [{ ...target, op: "insert", row: { module: moduleName, key, ...row } }];
    if (known.value === value && (!persist || known.persist === true)) return [];
    const where = [
      ["module", moduleName],
      ["key", key],
    ] as const;
    return [{ ...target, op: "update", where, row }];
  };
  const { acknowledgement, status } = shown;
  return [
    ...(acknowledgement ? plan(acknowledgementKey, acknowledgement.value, acknowledgement.persist) : []),
    ...(status === null ? [] : plan(statusKey, status, false)),
  ];
}

/** The tag is there from the first outage on, and empty between two. */
export function planTag({ Openflow_Tag }: Pick<SubsetRows, "Openflow_Tag">, offline: boolean): readonly RowOperation[] {
  const part = `Openflow_Tag ${offlineTag}`;
  const value = offline ? [offlineTagValue] : [];
  const known = Openflow_Tag.find(({ name }) => name === offlineTag);
  const held = known?.device_value ?? [];
  if (held.length === value.length && held[0] === value[0]) return [];
  const row = { device_value: value };
  return known
    ? [{ op: "update", part, table: "Openflow_Tag", where: [["name", offlineTag]], row }]
    : [{ op: "insert", part, table: "Openflow_Tag", row: { name: offlineTag, ...row } }];
}
