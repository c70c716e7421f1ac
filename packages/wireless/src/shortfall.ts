/**
 * What is missing where a driver holds less than was asked for: *asked 85, holds 64, these 21 are not enforced*. Lists are
 * counted and their missing entries named, everything else is shown as it is. Without secrets.
 */

import type {
  ApAttributeName,
  ApAttributes,
  FtNeighbor,
  Neighbor,
  Psk,
  RadiusServer,
  StaNetwork,
} from "@opensync-ts/target/radio";
import { apAttributeLabel, nameSome, quote } from "./ap-attributes.ts";
import type { Limitation } from "./contract.ts";
import type { Difference } from "./diff.ts";

/** What is wrong with one attribute, before it is known whose it is. */
export type Shortfall = Pick<Limitation, "attribute" | "asked" | "holds" | "notEnforced" | "advice">;

interface ListEntry {
  readonly name: string;
  /** Tells it from every other; may hold secrets. */
  readonly identity: string;
}

type ListName = {
  readonly [Name in ApAttributeName]: ApAttributes[Name] extends readonly unknown[] ? Name : never;
}[ApAttributeName];

type EntryOf<Name extends ListName> = ApAttributes[Name][number];

/** The attributes that are lists, and what their entries are called. */
const listNames: { readonly [Name in ListName]: (entry: EntryOf<Name>) => string } = {
  acl: (mac) => mac,
  psks: ({ keyId }: Psk) => `key-${keyId}`,
  radius: serverName,
  accounting: serverName,
  neighbors: ({ bssid }: Neighbor) => bssid,
  ftNeighbors: ({ bssid }: FtNeighbor) => bssid,
  wpsCredentials: (psk) => `${psk.length}chars`,
};

type Namer = (entry: never) => string;

const namers: ReadonlyMap<string, Namer> = new Map<string, Namer>([
  ...Object.entries(listNames).map(([name, namer]) => [apAttributeLabel(name as ListName), namer] as const),
  ["networks", ({ ssid }: StaNetwork) => quote(ssid)] as const,
]);

/** The shortfall of a difference that stays. */
export function shortfallOf({ attribute, from, to, wanted, actual }: Difference, advice: string): Shortfall {
  const namer = namers.get(attribute);
  if (!namer || !Array.isArray(wanted) || !Array.isArray(actual)) {
    return { attribute, asked: to, holds: from, notEnforced: [], advice };
  }
  const [asked, held] = [entriesOf(wanted, namer), entriesOf(actual, namer)];
  const missing = without(asked, held);
  const extra = without(held, asked);
  const hint = extra.length === 0 ? advice : `still there: ${nameSome(extra)}; ${advice}`;
  return { attribute, asked: String(asked.length), holds: String(held.length), notEnforced: missing, advice: hint };
}

/** The first `limit` entries of a list, and what is missing then; null: it is not longer. */
export function firstOf<Name extends ListName>(
  name: Name,
  list: ApAttributes[Name],
  limit: number | undefined,
): { readonly kept: ApAttributes[Name]; readonly shortfall: Shortfall } | null {
  if (limit === undefined || list.length <= limit) return null;
  const namer = listNames[name] as (entry: unknown) => string;
  const shortfall = {
    attribute: apAttributeLabel(name),
    asked: String(list.length),
    holds: String(limit),
    notEnforced: list.slice(limit).map(namer),
  };
  return { kept: list.slice(0, limit) as unknown as ApAttributes[Name], shortfall };
}

function entriesOf(list: readonly unknown[], namer: Namer): readonly ListEntry[] {
  return list.map((entry) => ({ name: (namer as (entry: unknown) => string)(entry), identity: JSON.stringify(entry) }));
}

/** Names of those in `entries` that are not in `others`. */
function without(entries: readonly ListEntry[], others: readonly ListEntry[]): readonly string[] {
  const known = new Set(others.map(({ identity }) => identity));
  return entries.filter(({ identity }) => !known.has(identity)).map(({ name }) => name);
}

function serverName({ server, port }: RadiusServer): string {
  return `${server}:${port}`;
}
