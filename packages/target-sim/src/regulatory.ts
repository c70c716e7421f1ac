/** Which channels a country allows, and how it guards its radars. */

import { UserError } from "@opensync-ts/base/errors";
import { channelNumbers } from "@opensync-ts/target/channels";
import type { Band, RegulatoryDomain } from "@opensync-ts/target/radio";

export interface Regulation {
  readonly domain: RegulatoryDomain;
  /** Channel numbers by band, ascending. */
  readonly channels: Readonly<Record<Band, readonly number[]>>;
}

const upTo = (band: Band, last: number, from = 0) =>
  channelNumbers[band].filter((number) => number >= from && number <= last);

const regulations: Readonly<Record<string, Regulation>> = {
  US: {
    domain: { country: "US", isoNumber: 840, revision: 0, dfs: "fcc" },
    channels: { "2.4G": upTo("2.4G", 11), "5G": upTo("5G", 165), "6G": upTo("6G", 233) },
  },
  DE: {
    domain: { country: "DE", isoNumber: 276, revision: 0, dfs: "etsi" },
    channels: { "2.4G": upTo("2.4G", 13), "5G": upTo("5G", 140), "6G": upTo("6G", 93) },
  },
};

/** Throws a `UserError` for a country that is not known here. */
export function regulationOf(country: string): Regulation {
  const regulation = regulations[country];
  if (regulation) return regulation;
  throw new UserError(
    `country '${country}' is not known to the simulation; use one of ${Object.keys(regulations).join(", ")}`,
  );
}
