/** The three settings of `Node_Config`, module PM. */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Setting, type SettingKey, settingKeys } from "./machine.ts";

export const moduleName = "PM";

export type SettingRow = Row<"Node_Config">;
export type SettingRows = ReadonlyMap<SettingKey, SettingRow>;

/** By key; of two rows for one the last counts. */
export function settingRows(rows: Iterable<SettingRow>): SettingRows {
  const found = new Map<SettingKey, SettingRow>();
  for (const row of rows) {
    const key = settingKeys.find((each) => each === row.key);
    if (row.module === moduleName && key) found.set(key, row);
  }
  return found;
}

/** Without a row it is off. */
export function settingOf(row: Pick<SettingRow, "value"> | undefined): Setting {
  if (row === undefined || row.value === "false") return "off";
  return row.value === "true" ? "on" : "invalid";
}
