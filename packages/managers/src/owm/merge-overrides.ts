/** Puts together what the rows of a mapping table ask for, one by one. */

import type { ApOverrides, PhyOverrides } from "@opensync-ts/wireless/contract";

export function mergePhyOverrides(parts: readonly PhyOverrides[]): PhyOverrides {
  const ap = mergeApOverrides(parts.flatMap((part) => (part.ap ? [part.ap] : [])));
  const merged = Object.assign({}, ...parts) as PhyOverrides;
  return Object.keys(ap).length > 0 ? { ...merged, ap } : merged;
}

/** `mode`, `rates` and `wpa` member by member, as the core does with those of a radio and its vifs. */
export function mergeApOverrides(parts: readonly ApOverrides[]): ApOverrides {
  const merged: Writable<ApOverrides> = {};
  for (const { mode, rates, wpa, ...others } of parts) {
    Object.assign(merged, others);
    if (mode) merged.mode = { ...merged.mode, ...mode };
    if (rates) merged.rates = { ...merged.rates, ...rates };
    if (wpa) merged.wpa = { ...merged.wpa, ...wpa };
  }
  return merged;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
