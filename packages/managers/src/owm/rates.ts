/** Legacy rates: text in columns, numbers of Mbit/s in the radio model. */

import { type ApRates, type LegacyRate, legacyRates } from "@opensync-ts/target/radio";
import type { RadioConfig } from "./rows.ts";

export type RateColumn = RadioConfig["basic_rates"][number];

export function rateOf(text: RateColumn): LegacyRate {
  return Number(text) as LegacyRate;
}

/** Ascending; `null` for an empty set, which is no opinion. */
export function ratesOf(column: readonly RateColumn[]): readonly LegacyRate[] | null {
  return column.length === 0 ? null : legacyRates.filter((rate) => column.includes(rateColumn(rate)));
}

export function rateColumn(rate: LegacyRate): RateColumn {
  return String(rate) as RateColumn;
}

/** In the order of database sets, which is that of text. */
export function ratesColumn(rates: readonly LegacyRate[]): RateColumn[] {
  return rates.map(rateColumn).sort();
}

/** DSSS and CCK, which 2.4 GHz alone has. */
export const cckRates: readonly LegacyRate[] = [1, 2, 5.5, 11];
export const ofdmRates: readonly LegacyRate[] = [6, 9, 12, 18, 24, 36, 48, 54];

/** What a beacon sent at a legacy rate shows; other rates have no column. */
export function beaconRateColumn({ beacon }: ApRates): RateColumn | null {
  return beacon?.kind === "abg" ? rateColumn(beacon.rate) : null;
}
