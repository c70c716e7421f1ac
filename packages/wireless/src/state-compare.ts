/**
 * When a report says something new. Reports are normalized on arrival (lists that mean sets are sorted), so that
 * equality is structural; what is left out below moves all the time and is no change.
 */

import { isDeepStrictEqual } from "node:util";
import type { Mac } from "@opensync-ts/base/units";
import type { ApRates, ApState, PhyState, Psk, StationState, VifState } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";

export function samePhyState(a: PhyState, b: PhyState): boolean {
  return isDeepStrictEqual(a, b);
}

export function sameVifState(a: VifState, b: VifState): boolean {
  return isDeepStrictEqual(a, b);
}

/** The station has left and come back between the two reports. */
export function reassociated(old: StationState, now: StationState): boolean {
  return now.connectedAt - old.connectedAt > limits.associationJitter;
}

/** Signal strength and the jitter of the connection's age are no change. */
export function sameStationState(a: StationState, b: StationState): boolean {
  return (
    a.keyId === b.keyId &&
    a.pmf === b.pmf &&
    a.akm === b.akm &&
    a.pairwise === b.pairwise &&
    a.mldAddr === b.mldAddr &&
    isDeepStrictEqual(a.assocIes, b.assocIes) &&
    !reassociated(a, b)
  );
}

export function normalizeVifState(state: VifState): VifState {
  switch (state.type) {
    case "ap":
      return { ...state, ap: normalizeAp(state.ap) };
    case "ap_vlan":
      return { ...state, stations: sortedSet(state.stations) };
    case "sta":
      return state;
  }
}

function normalizeAp(ap: ApState): ApState {
  return {
    ...ap,
    acl: sortedSet(ap.acl),
    psks: sortedPsks(ap.psks),
    neighbors: byBssid(ap.neighbors),
    ftNeighbors: byBssid(ap.ftNeighbors),
    wpsCredentials: [...new Set(ap.wpsCredentials)].sort(),
    rates: { ...ap.rates, ...normalizeRates(ap.rates) },
  };
}

/** Sorted by BSSID; of several with the same one the last counts. */
export function byBssid<T extends { readonly bssid: Mac }>(list: readonly T[]): readonly T[] {
  const known = new Map(list.map((item) => [item.bssid, item]));
  return [...known.values()].sort((a, b) => (a.bssid < b.bssid ? -1 : 1));
}

export function normalizeRates(rates: Partial<ApRates>): Partial<ApRates> {
  const ascending = (list: ApRates["basic"]) => [...new Set(list)].sort((a, b) => a - b);
  return {
    ...rates,
    ...(rates.supported && { supported: ascending(rates.supported) }),
    ...(rates.basic && { basic: ascending(rates.basic) }),
  };
}

/** Sorted, without duplicates. */
export function sortedSet(macs: readonly Mac[]): readonly Mac[] {
  return [...new Set(macs)].sort();
}

/** By key id; of several with the same id the last counts. */
export function sortedPsks(psks: readonly Psk[]): readonly Psk[] {
  const byId = new Map(psks.map((psk) => [psk.keyId, psk]));
  return [...byId.values()].sort((a, b) => a.keyId - b.keyId);
}
