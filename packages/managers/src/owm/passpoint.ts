/** `Passpoint_Config`: Hotspot 2.0 and interworking of an access point. The table has no state row: a reference shows it. */

import { isDeepStrictEqual } from "node:util";
import type { Passpoint } from "@opensync-ts/target/radio";
import type { PasspointConfig, References, VifConfig, VifStateRecord } from "./rows.ts";
import type { ReportVif } from "./vif-context.ts";

/** Member of the radio model → column; lists keep the order of the set. */
const columns = {
  hs20: "enabled",
  hessid: "hessid",
  osuSsid: "osu_ssid",
  advWanStatus: "adv_wan_status",
  advWanSymmetric: "adv_wan_symmetric",
  advWanAtCapacity: "adv_wan_at_capacity",
  osen: "osen",
  asra: "asra",
  accessNetworkType: "access_network_type",
  venueGroup: "venue_group",
  venueType: "venue_type",
  anqpDomainId: "anqp_domain_id",
  ppsMoId: "pps_mo_id",
  termsTimestamp: "t_c_timestamp",
  termsFilename: "t_c_filename",
  anqpElement: "anqp_elem",
  domainNames: "domain_name",
  naiRealms: "nairealm_list",
  roamingConsortiums: "roaming_consortium",
  operatorFriendlyNames: "operator_friendly_name",
  venueNames: "venue_name",
  venueUrls: "venue_url",
  cellularNetworks: "list_3gpp",
  networkAuthTypes: "network_auth_type",
} as const satisfies Readonly<Record<keyof Passpoint, keyof PasspointConfig>>;

export const passpointColumns: readonly (keyof PasspointConfig & string)[] = Object.values(columns);

export function passpointOf(row: PasspointConfig): Passpoint {
  const termsTimestamp = row[columns.termsTimestamp];
  return {
    hs20: row[columns.hs20],
    hessid: row[columns.hessid],
    osuSsid: row[columns.osuSsid] ?? "",
    advWanStatus: row[columns.advWanStatus],
    advWanSymmetric: row[columns.advWanSymmetric],
    advWanAtCapacity: row[columns.advWanAtCapacity],
    osen: row[columns.osen] ?? false,
    asra: row[columns.asra] ?? false,
    accessNetworkType: row[columns.accessNetworkType],
    venueGroup: row[columns.venueGroup],
    venueType: row[columns.venueType],
    anqpDomainId: row[columns.anqpDomainId],
    ppsMoId: row[columns.ppsMoId],
    // Beyond 2⁵³ it would be a bigint.
    termsTimestamp: termsTimestamp === null ? null : Number(termsTimestamp),
    termsFilename: row[columns.termsFilename] ?? "",
    anqpElement: row[columns.anqpElement] ?? "",
    domainNames: row[columns.domainNames],
    naiRealms: row[columns.naiRealms],
    roamingConsortiums: row[columns.roamingConsortiums],
    operatorFriendlyNames: row[columns.operatorFriendlyNames],
    venueNames: row[columns.venueNames],
    venueUrls: row[columns.venueUrls],
    cellularNetworks: row[columns.cellularNetworks],
    networkAuthTypes: row[columns.networkAuthTypes],
  };
}

/** `null`: none is asked for, or there is no such row, which is told. */
export function askedPasspoint(
  uuid: VifConfig["passpoint_config"],
  { passpoints }: References,
  report: ReportVif,
): Passpoint | null {
  if (uuid === null) return null;
  const row = passpoints.get(uuid);
  if (row) return passpointOf(row);
  report("passpoint_config", uuid, "there is no such row in Passpoint_Config; the access point goes without");
  return null;
}

/** The configured reference, once what it says is what runs. */
export function passpointColumn(
  passpoint: Passpoint | null,
  config: VifConfig | null,
  { passpoints }: References,
): VifStateRecord["passpoint_config"] {
  const uuid = config?.passpoint_config ?? null;
  const row = uuid === null ? undefined : passpoints.get(uuid);
  return row && isDeepStrictEqual(passpoint, passpointOf(row)) ? uuid : null;
}
