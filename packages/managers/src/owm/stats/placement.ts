/** Where something was heard, as seen from a row: on the operating channel or off it, and whether that is of interest. */

import type { Mhz } from "@opensync-ts/base/units";
import type { Channel } from "@opensync-ts/target/radio";
import type { StatsPlan } from "./plan.ts";
import type { Radios } from "./radios.ts";

export type Placement = "on-chan" | "off-chan";

/** null: not for this row. `operating` is null while no access point of the radio is up; then all is off it. */
export function placementFor(
  { band, surveyType, channels }: StatsPlan,
  radios: Radios,
  phy: string,
  frequency: Mhz,
): { readonly placement: Placement; readonly operating: Channel | null } | null {
  if (radios.bandOf(phy) !== band) return null;
  const operating = radios.operatingChannel(phy);
  const placement = operating?.control === frequency ? "on-chan" : "off-chan";
  if (surveyType !== "full" && placement !== surveyType) return null;
  if (placement === "off-chan" && channels.length > 0 && !channels.includes(frequency)) return null;
  return { placement, operating };
}
