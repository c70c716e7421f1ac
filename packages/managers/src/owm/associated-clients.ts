/** Associated stations → `Wifi_Associated_Clients`: one row per address, on the vif it connected to last. */

import type { Mac } from "@opensync-ts/base/units";
import type { PairwiseCipher, StationState, Wpa } from "@opensync-ts/target/radio";
import { keyNameOf, keySpellings } from "./psk.ts";
import { type AssociatedClientRecord, unsetAssociatedClient, type VifConfig } from "./rows.ts";
import { configuredPsks, keyManagementOf } from "./security.ts";

export function associatedClientRecord(
  station: StationState,
  apWpa: Wpa | null,
  config: VifConfig | null,
): AssociatedClientRecord {
  const key = keyNameOfStation(station, config);
  return {
    ...unsetAssociatedClient,
    mac: station.mac,
    state: "active",
    key_id: key,
    oftag: oftagOf(key, station.keyId, config),
    pmf: station.pmf,
    mld_addr: station.mldAddr,
    wpa_key_mgmt: station.akm && (keyManagementOf(station.akm) as AssociatedClientRecord["wpa_key_mgmt"]),
    pairwise_cipher: station.pairwise && cipherName(station.pairwise, apWpa),
  };
}

/** For each address the station that connected last; of two at once, the one on the vif first by name. */
export function newestStations(
  stations: ReadonlyMap<string, ReadonlyMap<Mac, StationState>>,
): ReadonlyMap<Mac, StationState> {
  const newest = new Map<Mac, StationState>();
  for (const onVif of stations.values()) {
    for (const [mac, station] of onVif) {
      const other = newest.get(mac);
      if (!other || isNewer(station, other)) newest.set(mac, station);
    }
  }
  return newest;
}

function isNewer(a: StationState, b: StationState): boolean {
  return a.connectedAt > b.connectedAt || (a.connectedAt === b.connectedAt && a.vif < b.vif);
}

/** The only key there is, else the one the driver names. */
function keyNameOfStation({ keyId }: StationState, config: VifConfig | null): string | null {
  const configured = config ? configuredPsks(config) : new Map<string, string>();
  const [only] = configured.keys();
  if (only !== undefined && configured.size === 1) return only;
  if (keyId === null) return null;
  return keySpellings(configured).get(keyId) ?? keyNameOf(keyId);
}

/** The tag of the key the station used (its access zone), else the vif's. */
function oftagOf(key: string | null, keyId: number | null, config: VifConfig | null): string | null {
  if (!config) return null;
  const ofKey = key === null ? undefined : (config.wpa_oftags.get(key) ?? config.security.get(`oftag-${key}`));
  const isFirst = key === "key" || keyId === 0 || key === null;
  const tag = ofKey ?? (isFirst ? config.security.get("oftag") : undefined) ?? config.default_oftag;
  return tag || null;
}

type CipherName = NonNullable<AssociatedClientRecord["pairwise_cipher"]>;

const wpaCiphers: Partial<Record<PairwiseCipher, CipherName>> = { tkip: "wpa-tkip", ccmp: "wpa-ccmp" };
const rsnCiphers: Readonly<Record<PairwiseCipher, CipherName>> = {
  tkip: "rsn-tkip",
  ccmp: "rsn-ccmp",
  ccmp256: "rsn-ccmp256",
  gcmp: "rsn-gcmp",
  gcmp256: "rsn-gcmp256",
};

/** On an AP that speaks WPA only, the cipher is WPA's; where it speaks both, RSN is what stations choose. */
function cipherName(cipher: PairwiseCipher, apWpa: Wpa | null): CipherName {
  const wpaOnly = apWpa?.wpa && !apWpa.rsn;
  return (wpaOnly ? wpaCiphers[cipher] : undefined) ?? rsnCiphers[cipher];
}
