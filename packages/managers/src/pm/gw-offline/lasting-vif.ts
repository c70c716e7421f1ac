/**
 * What of a home network survives without its cloud: one password; not the extra ones, nor the zones they lead to, nor a button
 * that was pressed once.
 */

import type { Columns } from "./row-json.ts";

/** `key`, before `key-0`, `key--1`, `key-1` and on; `null` where there is none. Names of no known form come last. */
export function primaryKeyName(names: Iterable<string>): string | null {
  const ranked = [...names].map((name) => [rankOf(name), name] as const);
  ranked.sort(([a, nameA], [b, nameB]) => a - b || (nameA < nameB ? -1 : 1));
  return ranked[0]?.[1] ?? null;
}

/** A row of `Wifi_VIF_Config` with its primary key only, in whichever columns it keeps them, and with WPS not begun. */
export function lastingVif<R extends Columns>(row: R): R {
  const psks = mapOf(row.wpa_psks);
  const security = mapOf(row.security);
  const primary = primaryKeyName(psks.keys());
  const older = primaryKeyName([...security.keys()].filter((name) => name.startsWith("key")));
  const keptOf = (map: ReadonlyMap<unknown, unknown>, keeps: (name: string) => boolean) =>
    new Map([...map].filter(([name]) => keeps(name as string)));
  return {
    ...row,
    ...("wps_pbc" in row && { wps_pbc: null }),
    ...(psks.size > 1 && { wpa_psks: keptOf(psks, (name) => name === primary) }),
    ...(psks.size > 0 && { wpa_oftags: keptOf(mapOf(row.wpa_oftags), (name) => name === primary) }),
    ...(older !== null && { security: keptOf(security, (name) => belongsTo(older, name)) }),
  };
}

/** Of the entries of `security`: `key-1` and its `oftag-key-1`; `encryption` and the like belong to all. */
function belongsTo(key: string, name: string): boolean {
  if (name.startsWith("key")) return name === key;
  return !name.startsWith("oftag-key") || name === `oftag-${key}`;
}

/** Clouds number their keys `key-1` or `key--1`. */
function rankOf(name: string): number {
  if (name === "key") return -1;
  const [, minus, digits] = /^key-(-?)(\d{1,9})$/.exec(name) ?? [];
  if (digits === undefined) return Number.MAX_SAFE_INTEGER;
  return minus === "-" ? Number(digits) - 0.5 : Number(digits);
}

function mapOf(value: unknown): ReadonlyMap<string, unknown> {
  return value instanceof Map ? value : new Map();
}
