/** `country`: ISO 3166 alpha-2 in columns; drivers want number and DFS rules as well. */

import type { PhyState, RegulatoryDomain } from "@opensync-ts/target/radio";

/**
 * The domain to ask a radio for. Where it is in that country already, its own: number, revision and DFS rules are the
 * driver's to know. `null`: there is no such country.
 */
export function domainOf(country: string, current: RegulatoryDomain): RegulatoryDomain | null {
  const code = country.toUpperCase();
  if (countryOf(current) === code) return current;
  const isoNumber = isoNumberOf(code);
  return isoNumber === null ? null : { country: code, isoNumber, revision: current.revision, dfs: dfsRulesOf(code) };
}

/** Alpha-2, of the number where the driver gives just that; `null`: unknown. */
export function countryOf(domain: PhyState["regDomain"]): string | null {
  if (!domain) return null;
  return domain.country !== "" ? domain.country : alpha2(domain.isoNumber);
}

function isoNumberOf(country: string): number | null {
  numbers ??= isoNumbers();
  return numbers.get(country) ?? null;
}

let numbers: ReadonlyMap<string, number> | null = null;

/** ISO 3166 numeric → alpha-2, as the run time's territory data knows it. */
function alpha2(isoNumber: number): string | null {
  if (!Number.isInteger(isoNumber) || isoNumber <= 0 || isoNumber >= userAssigned) return null;
  const region = new Intl.Locale(`und-${String(isoNumber).padStart(3, "0")}`).region;
  // "ZZ" stands for an unknown region, three digits for one larger than a country.
  return region && region !== "ZZ" && /^[A-Z]{2}$/.test(region) ? region : null;
}

/** From here on numbers are no country's. */
const userAssigned = 900;

/** The territory data also maps numbers of former countries; of several these are the ones in use. */
const inUse: Readonly<Record<string, number>> = {
  CW: 531,
  CZ: 203,
  DE: 276,
  ET: 231,
  FM: 583,
  FR: 250,
  JE: 832,
  RS: 688,
  RU: 643,
  SA: 682,
  SD: 729,
  YE: 887,
};

function isoNumbers(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let number = 1; number < userAssigned; number++) {
    const country = alpha2(number);
    if (country !== null) found.set(country, inUse[country] ?? number);
  }
  return found;
}

/** By the rules that the country follows or has taken over; of the others the driver may know more. */
function dfsRulesOf(country: string): RegulatoryDomain["dfs"] {
  if (fcc.has(country)) return "fcc";
  return etsi.has(country) ? "etsi" : "undefined";
}

const fcc: ReadonlySet<string> = new Set(
  (
    "AE AR AS BB BF BM BR BS CA CF CI CN CO CR DM DO EC FM GD GH GT GU HN HT JM KY LB LK MH MN MO MP MU MX MY NI PA PE " +
    "PG PH PR PW PY RW SG SN SV TC TH TT TW UG US UY VE VI VN VU"
  ).split(" "),
);

const etsi: ReadonlySet<string> = new Set(
  (
    "AD AF AI AL AM AT AU AW AZ BA BE BG BL BT BY CH CY CZ DE DK EE EG ES ET FI FO FR GB GE GF GG GI GL GP GR HK HR HU IE " +
    "IL IM IS IT JE KH KN KW LC LI LS LT LU LV MA MC MD ME MF MK MQ MR MT MV MW NG NL NO NZ OM PF PL PM PT RE RO RS RU " +
    "SA SE SI SK SM SR TD TG TN TR UA UZ VA VC WF WS YE YT ZA ZW"
  ).split(" "),
);
