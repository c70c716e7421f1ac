/** Which channels a country allows, and how it guards its radars. */

import { UserError } from "@opensync-ts/base/errors";
import { channelNumbers } from "@opensync-ts/target/channels";
import type { Band, RegulatoryDomain } from "@opensync-ts/target/radio";

export interface Regulation {
  readonly domain: RegulatoryDomain;
  /** Channel numbers by band, ascending. */
  readonly channels: Readonly<Record<Band, readonly number[]>>;
}

type Channels = Regulation["channels"];

const upTo = (band: Band, last: number, from = 0) =>
  channelNumbers[band].filter((number) => number >= from && number <= last);

const america: Channels = { "2.4G": upTo("2.4G", 11), "5G": upTo("5G", 165), "6G": upTo("6G", 233) };
const europe: Channels = { "2.4G": upTo("2.4G", 13), "5G": upTo("5G", 140), "6G": upTo("6G", 93) };
const japan: Channels = { "2.4G": upTo("2.4G", 13), "5G": upTo("5G", 144), "6G": upTo("6G", 93) };

/** Country, its number in ISO 3166-1, how it guards radars, its channels. */
const countries: readonly (readonly [string, number, RegulatoryDomain["dfs"], Channels])[] = [
  ["US", 840, "fcc", america],
  ["CA", 124, "fcc", america],
  ["AT", 40, "etsi", europe],
  ["BE", 56, "etsi", europe],
  ["CH", 756, "etsi", europe],
  ["CZ", 203, "etsi", europe],
  ["DE", 276, "etsi", europe],
  ["DK", 208, "etsi", europe],
  ["ES", 724, "etsi", europe],
  ["FI", 246, "etsi", europe],
  ["FR", 250, "etsi", europe],
  ["GB", 826, "etsi", europe],
  ["IE", 372, "etsi", europe],
  ["IT", 380, "etsi", europe],
  ["NL", 528, "etsi", europe],
  ["NO", 578, "etsi", europe],
  ["PL", 616, "etsi", europe],
  ["PT", 620, "etsi", europe],
  ["SE", 752, "etsi", europe],
  ["SI", 705, "etsi", europe],
  ["JP", 392, "etsi", japan],
];

const regulations: ReadonlyMap<string, Regulation> = new Map(
  countries.map(([country, isoNumber, dfs, channels]) => [
    country,
    { domain: { country, isoNumber, revision: 0, dfs }, channels },
  ]),
);

export function knownRegulation(country: string): Regulation | undefined {
  return regulations.get(country);
}

/** Throws a `UserError` for a country that is not known here. */
export function regulationOf(country: string): Regulation {
  const regulation = knownRegulation(country);
  if (regulation) return regulation;
  throw new UserError(
    `country '${country}' is not known to the simulation; use one of ${[...regulations.keys()].join(", ")}`,
  );
}
