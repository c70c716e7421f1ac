/** Keys in use, under the names that the configuration has for them. */

import type { ApState } from "@opensync-ts/target/radio";
import { usesSae } from "./pmf.ts";
import { keyNameOf, keySpellings } from "./psk.ts";
import type { VifConfig } from "./rows.ts";
import { configuredPsks, cryptoOf, securityOf } from "./security.ts";

export function psksColumn(
  { psks, wpa }: Pick<ApState, "psks" | "wpa">,
  config: VifConfig | null,
): Map<string, string> {
  const configured = config ? configuredPsks(config) : new Map<string, string>();
  const [only] = psks;
  const [onlyName] = configured.keys();
  // An SAE password has no id of its own: whatever a driver reports, it is the one that is configured.
  const single = only && psks.length === 1 && onlyName !== undefined && configured.size === 1;
  if (single && usesSae(wpa.akm) && asksForSae(config)) return new Map([[onlyName, only.psk]]);
  const spellings = keySpellings(configured);
  return sortedMap(psks.map(({ keyId, psk }) => [spellings.get(keyId) ?? keyNameOf(keyId), psk]));
}

/** The only key that a STA's row names, or the first name there is. */
export function staKeyName(config: VifConfig | null): string {
  const configured = config ? configuredPsks(config) : new Map<string, string>();
  const [only] = configured.keys();
  return only !== undefined && configured.size === 1 ? only : "key";
}

function asksForSae(config: VifConfig | null): boolean {
  const columns = config && securityOf(config).value;
  return columns !== null && usesSae(cryptoOf(columns).akm);
}

function sortedMap(entries: readonly (readonly [string, string])[]): Map<string, string> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
