/** A home that is to go on without its cloud (`gw_offline`), as rows of its gateway. Pure. */

import type { Row } from "@opensync-ts/ovsdb/datum";
import type { Columns, DesiredRow } from "./rows.ts";
import { rowId } from "./rows.ts";

const flag = "gw_offline_cfg";
const monitoring = "gw_offline_mon";

/** The first survives reboots of the gateway; the second has to be given anew, when the rest is as it should be. */
export function cloudlessRows(cloudless: boolean): readonly DesiredRow[] {
  const value = String(cloudless);
  return [settingRow(flag, { value, persist: true }), settingRow(monitoring, { value })];
}

/** Whether a row of `Node_Config` is one of those, and so the controller's to remove. */
export function isCloudlessSetting({ module, key }: Row): boolean {
  return module === "PM" && (key === flag || key === monitoring);
}

/** Whether the row is proven by the gateway's acknowledgement. */
export function isCloudless({ table, key }: Pick<DesiredRow, "table" | "key">): boolean {
  return table === "Node_Config" && key.module === "PM" && key.key === flag;
}

function settingRow(name: string, columns: Columns): DesiredRow {
  const key = { module: "PM", key: name };
  return {
    id: rowId("Node_Config", key),
    table: "Node_Config",
    key,
    columns,
    entries: {},
    references: null,
    initial: {},
    stated: "cloudless",
  };
}
