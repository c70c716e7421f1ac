/**
 * `Wifi_Radio_Config` → what OWM asks of a radio, by the table in `radio-mapping.ts`. A column that is unset is no opinion:
 * the radio keeps what it has.
 */

import type { PhyState } from "@opensync-ts/target/radio";
import type { PhyOverrides } from "@opensync-ts/wireless/contract";
import { mergePhyOverrides } from "./merge-overrides.ts";
import type { Mapped, Problem } from "./problems.ts";
import { bandOfRow, type ReportRadio } from "./radio-channel.ts";
import { type RadioAsking, radioMapping } from "./radio-mapping.ts";
import type { RadioConfig } from "./rows.ts";

/** `phy`: the radio as its driver reports it; `null` while it does not. */
export function radioOverrides(row: RadioConfig, phy: PhyState | null): Mapped<PhyOverrides> {
  const problems: Problem[] = [];
  const report: ReportRadio = (column, reason) =>
    problems.push({
      table: "Wifi_Radio_Config",
      row: row.if_name ?? "",
      column,
      value: textOf(row[column]),
      reason,
    });
  const asking: RadioAsking = { row, phy, band: phy?.capabilities.band ?? bandOfRow(row, phy), report };
  const value = mergePhyOverrides(radioMapping.map(({ apply }) => apply?.(row, asking) ?? {}));
  return { value, problems };
}

function textOf(value: RadioConfig[keyof RadioConfig]): string {
  return Array.isArray(value) ? value.join(" ") : String(value);
}
