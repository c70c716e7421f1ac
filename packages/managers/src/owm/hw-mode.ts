/** `hw_mode`: the generations of 802.11 that the access points of a radio speak. */

import type { ApMode, Band, PhyMode } from "@opensync-ts/target/radio";
import type { ApOverrides } from "@opensync-ts/wireless/contract";
import type { RadioConfig } from "./rows.ts";

/** `null`: the band has no such mode. 6 GHz knows neither HT nor VHT, nor anything before HE. */
export function modeOfHwMode(
  hw_mode: NonNullable<RadioConfig["hw_mode"]>,
  band: Band,
): NonNullable<ApOverrides["mode"]> | null {
  const eht = hw_mode === "11be";
  const he = eht || hw_mode === "11ax";
  if (band === "6G" && !he) return null;
  const vht = he ? band !== "6G" : hw_mode === "11ac";
  const ht = vht || hw_mode === "11n";
  return { ht, vht, he, eht, wmm: ht || he };
}

/** The latest generation that any of them speaks. */
export function hwModeOf(modes: readonly Pick<ApMode, PhyMode>[], band: RadioConfig["freq_band"]): string {
  if (modes.some(({ eht }) => eht)) return "11be";
  if (modes.some(({ he }) => he)) return "11ax";
  if (modes.some(({ vht }) => vht)) return "11ac";
  if (modes.some(({ ht }) => ht)) return "11n";
  return band === "2.4G" ? "11g" : "11a";
}
