/** `Wifi_VIF_Config` → an access point → `Wifi_VIF_State`, column by column. */

import { channelNumber } from "@opensync-ts/target/channels";
import type { ApAttributes, ApState, VifState } from "@opensync-ts/target/radio";
import type { ApOverrides } from "@opensync-ts/wireless/contract";
import { aclOf, aclPolicies, macListColumn, macListTypeColumn } from "./acl.ts";
import type { ApSecurity } from "./ap-security.ts";
import { interfaceNameOctets, nasIdentifierOctets } from "./limits.ts";
import { given, type MappingRow, positive, rowsOf } from "./mapping.ts";
import { askedMinHwMode, minHwModeColumn } from "./min-hw-mode.ts";
import { isFtKey, neighborhoodOf } from "./neighbors.ts";
import { askedPasspoint, passpointColumn } from "./passpoint.ts";
import type { Problem } from "./problems.ts";
import { psksColumn } from "./psk-column.ts";
import { ownServer, ownServerColumns, radiusColumns, radiusServers } from "./radius.ts";
import type { References, VifConfig, VifStateRecord } from "./rows.ts";
import { cryptoColumns, securityState } from "./security.ts";
import { ssidOf } from "./ssid.ts";
import type { ReportVif, VifContext } from "./vif-context.ts";

export interface ApAsking extends VifContext {
  readonly row: VifConfig;
  readonly security: ApSecurity;
  readonly report: ReportVif;
  /** For problems of rows that this one refers to. */
  readonly reportOther: (problem: Problem) => void;
}

export interface ApFacts {
  readonly vif: VifState & { readonly type: "ap" };
  readonly ap: ApState;
  readonly config: VifConfig | null;
  readonly references: References;
}

type ApRow = MappingRow<VifConfig, VifStateRecord, ApAsking, ApOverrides, ApFacts>;

const row = rowsOf<VifConfig, VifStateRecord, ApAsking, ApOverrides, ApFacts>();

export const apMapping: readonly ApRow[] = [
  row({
    config: ["ssid"],
    attributes: ["ap.ssid"],
    state: ["ssid"],
    note: "at most 32 octets, cut there; an empty one is no opinion",
    apply: ({ ssid }, { report }) => given("ssid", ssidOf(ssid ?? "", report)),
    report: ({ ap }) => ({ ssid: ap.ssid }),
  }),
  row({
    config: ["ssid_broadcast"],
    attributes: ["ap.ssidHidden"],
    state: ["ssid_broadcast"],
    note: "`disabled` hides; `enabled` and `disabled_null` do not",
    apply: ({ ssid_broadcast }) => given("ssidHidden", ssid_broadcast === null ? null : ssid_broadcast === "disabled"),
    report: ({ ap }) => ({ ssid_broadcast: ap.ssidHidden ? "disabled" : "enabled" }),
  }),
  row({
    attributes: ["ap.channel"],
    state: ["channel"],
    note: "the radio's row asks for it",
    report: ({ ap }) => ({ channel: positive(ap.channel ? channelNumber(ap.channel.control) : 0) }),
  }),
  row({
    config: ["bridge"],
    attributes: ["ap.bridge"],
    state: ["bridge"],
    note: "an empty one is no opinion",
    apply: ({ bridge }, { report }) => {
      if (!bridge) return {};
      if (isInterfaceName(bridge)) return { bridge };
      report("bridge", bridge, "no interface name (1 to 15 octets); the bridge in use is kept");
      return {};
    },
    report: ({ ap }) => ({ bridge: ap.bridge }),
  }),
  row({
    config: ["ap_bridge"],
    attributes: ["ap.isolated"],
    state: ["ap_bridge"],
    note: "the opposite",
    apply: ({ ap_bridge }) => given("isolated", ap_bridge === null ? null : !ap_bridge),
    report: ({ ap }) => ({ ap_bridge: !ap.isolated }),
  }),
  same("mcast2ucast", "mcast2ucast"),
  row({
    config: ["uapsd_enable"],
    attributes: ["ap.mode.wmmUapsd", "ap.mode.wmm"],
    state: ["uapsd_enable"],
    note: "either value switches WMM on, which U-APSD needs",
    apply: ({ uapsd_enable }) => (uapsd_enable === null ? {} : { mode: { wmmUapsd: uapsd_enable, wmm: true } }),
    report: ({ ap }) => ({ uapsd_enable: ap.mode.wmmUapsd }),
  }),
  row({
    config: ["rrm"],
    attributes: ["ap.mode.rrmNeighborReport"],
    state: ["rrm"],
    note: "0 or 1",
    apply: ({ rrm }) => (rrm === null ? {} : { mode: { rrmNeighborReport: rrm !== 0 } }),
    report: ({ ap }) => ({ rrm: ap.mode.rrmNeighborReport ? 1 : 0 }),
  }),
  row({
    config: ["btm"],
    attributes: ["ap.mode.wnmBssTransition"],
    state: ["btm"],
    note: "not 0; shown as 0 or 1",
    apply: ({ btm }) => (btm === null ? {} : { mode: { wnmBssTransition: btm !== 0 } }),
    report: ({ ap }) => ({ btm: ap.mode.wnmBssTransition ? 1 : 0 }),
  }),
  row({
    config: ["wps"],
    attributes: ["ap.mode.wps"],
    state: ["wps"],
    apply: ({ wps }) => (wps === null ? {} : { mode: { wps } }),
    report: ({ ap }) => ({ wps: ap.mode.wps }),
  }),
  row({
    config: ["wps_pbc", "wps_pbc_key_id"],
    attributes: ["ap.wpsPbc", "ap.wpsCredentials"],
    state: ["wps_pbc", "wps_pbc_key_id"],
    note: "a command, not a setting: the button is pressed, and `wps_pbc` cleared (`wps.ts`)",
    report: () => ({ wps_pbc: false, wps_pbc_key_id: "" }),
  }),
  row({
    config: ["mbo"],
    attributes: ["ap.mbo", "ap.oce"],
    state: ["mbo"],
    note: "both; shown where they agree",
    apply: ({ mbo }) => (mbo === null ? {} : { mbo, oce: mbo }),
    report: ({ ap }) => ({ mbo: ap.mbo === ap.oce ? ap.mbo : null }),
  }),
  row({
    config: ["oce_min_rssi_dbm"],
    attributes: ["ap.oceMinRssi"],
    state: ["oce_min_rssi_dbm"],
    note: "dBm; shown where OCE is on",
    apply: ({ oce_min_rssi_dbm }) => given("oceMinRssi", oce_min_rssi_dbm),
    report: ({ ap }) => ({ oce_min_rssi_dbm: ap.oce ? ap.oceMinRssi : null }),
  }),
  row({
    config: ["oce_retry_delay_sec"],
    attributes: ["ap.oceRetryDelay"],
    state: ["oce_retry_delay_sec"],
    note: "shown where OCE is on",
    apply: ({ oce_retry_delay_sec }) => given("oceRetryDelay", oce_retry_delay_sec),
    report: ({ ap }) => ({ oce_retry_delay_sec: ap.oce ? ap.oceRetryDelay : null }),
  }),
  number("max_sta", "maxSta", [0, 65_535], { note: "0: as many as the driver holds" }),
  row({
    config: ["min_hw_mode"],
    attributes: [
      "ap.mode.htRequired",
      "ap.mode.vhtRequired",
      "ap.rates.supported",
      "ap.rates.basic",
      "ap.rates.beacon",
    ],
    state: ["min_hw_mode"],
    note: "all five, before the rates of the radio; shown where they are exactly those of one value",
    apply: ({ min_hw_mode }, { band, report }) => askedMinHwMode(min_hw_mode, band, report),
    report: ({ ap, config }) => ({ min_hw_mode: minHwModeColumn(ap, config) }),
  }),
  row({
    config: ["multi_ap"],
    attributes: ["ap.multiAp"],
    state: ["multi_ap"],
    apply: ({ multi_ap }, { report }) => {
      if (multi_ap !== "backhaul_sta") return given("multiAp", multi_ap);
      report("multi_ap", multi_ap, "that is for stations; the access point stays what it is");
      return {};
    },
    report: ({ ap }) => ({ multi_ap: ap.multiAp }),
  }),
  row({
    config: ["mac_list_type"],
    attributes: ["ap.aclPolicy"],
    state: ["mac_list_type"],
    note: "`whitelist` allows, `blacklist` denies; with an empty list `blacklist` and `none` are one",
    apply: ({ mac_list_type }) => given("aclPolicy", mac_list_type && aclPolicies[mac_list_type]),
    report: ({ ap, config }) => ({ mac_list_type: macListTypeColumn(ap, config) }),
  }),
  row({
    config: ["mac_list"],
    attributes: ["ap.acl"],
    state: ["mac_list"],
    note: "always replaced; entries that are not the configuration's do not show",
    apply: ({ mac_list }, { report }) => ({ acl: aclOf(mac_list, report) }),
    report: ({ ap, config }) => ({ mac_list: macListColumn(ap, config) }),
  }),
  row({
    config: cryptoColumns,
    attributes: ["ap.wpa.wpa", "ap.wpa.rsn", "ap.wpa.akm", "ap.wpa.pairwise", "ap.wpa.pmf", "ap.wpa.beaconProtection"],
    state: cryptoColumns,
    note: "as a block; three generations of columns (`security.ts`), shown in the one configured; SAE brings PMF",
    apply: (_, { security }) => given("wpa", security.crypto),
    report: ({ ap }) => securityState(ap.wpa),
  }),
  row({
    config: ["security", "ft_psk"],
    attributes: ["ap.wpa.akm", "ap.psks"],
    state: ["security", "ft_psk"],
    note: "the first generation of the security columns; brought up to the third first",
  }),
  row({
    config: ["group_rekey"],
    attributes: ["ap.wpa.groupRekey"],
    state: ["group_rekey"],
    note: "seconds; -1 is undefined, and not shown",
    apply: ({ group_rekey }, { report }) => {
      if (group_rekey === null) return {};
      if (group_rekey >= -1 && group_rekey <= longestRekey) return { wpa: { groupRekey: group_rekey } };
      report("group_rekey", String(group_rekey), "no number of seconds; the interval in use is kept");
      return {};
    },
    report: ({ ap }) => ({ group_rekey: ap.wpa.groupRekey === -1 ? null : ap.wpa.groupRekey }),
  }),
  row({
    config: ["wpa_psks"],
    attributes: ["ap.psks"],
    state: ["wpa_psks"],
    note: "always replaced; `key` is id 0, `key-N` id N; shown in the spelling configured",
    apply: (_, { security }) => given("psks", security.psks),
    report: ({ ap, config }) => ({ wpa_psks: psksColumn(ap, config) }),
  }),
  row({
    config: ["wpa_oftags", "default_oftag"],
    note: "tags of stations, by the key they use: `Wifi_Associated_Clients.oftag`, `Openflow_Tag`",
  }),
  row({
    config: ["nas_identifier"],
    attributes: ["ap.nasIdentifier"],
    state: ["nas_identifier"],
    note: "at most 48 octets; an empty one is no opinion",
    apply: ({ nas_identifier }, { report }) => {
      if (!nas_identifier) return {};
      if (Buffer.byteLength(nas_identifier) <= nasIdentifierOctets) return { nasIdentifier: nas_identifier };
      report("nas_identifier", nas_identifier, `more than ${nasIdentifierOctets} octets; the one in use is kept`);
      return {};
    },
    report: ({ ap }) => ({ nas_identifier: ap.nasIdentifier || null }),
  }),
  number("ft_mobility_domain", "ftMobilityDomain", [0, 65_535], { note: "two octets" }),
  flag("ft_over_ds", "ftOverDs", true),
  flag("ft_pmk_r1_push", "ftPmkR1Push", false),
  flag("ft_psk_generate_local", "ftPskGenerateLocal", false),
  number("ft_pmk_r0_key_lifetime_sec", "ftPmkR0KeyLifetime", [0, 0xffff_ffff], { withFt: 1_209_600 }),
  number("ft_pmk_r1_max_key_lifetime_sec", "ftPmkR1MaxKeyLifetime", [0, 0xffff_ffff], { withFt: 0 }),
  row({
    config: ["ft_encr_key"],
    attributes: ["ap.ftEncrKey"],
    state: ["ft_encr_key"],
    note: "64 hexadecimal digits",
    apply: ({ ft_encr_key }, { report }) => {
      if (ft_encr_key === null) return {};
      if (isFtKey(ft_encr_key)) return { ftEncrKey: ft_encr_key };
      report("ft_encr_key", "", "not 64 hexadecimal digits; the key in use is kept");
      return {};
    },
    report: ({ ap }) => ({ ft_encr_key: isFtKey(ap.ftEncrKey) ? ap.ftEncrKey : null }),
  }),
  row({
    attributes: ["ap.neighbors", "ap.ftNeighbors"],
    note:
      "rows of `Wifi_VIF_Neighbors` with this `if_name`; keys (`ft_enabled`, `nas_identifier`, `ft_encr_key`) go to every " +
      "fast transition AP of the same SSID, to which our own such APs are added. Always replaced",
    apply: (_, { row, references, reportOther }) =>
      neighborhoodOf(references.neighbors.get(row.if_name) ?? [], reportOther),
  }),
  row({
    config: ["primary_radius", "secondary_radius", "primary_accounting", "secondary_accounting"],
    attributes: ["ap.radius", "ap.accounting"],
    state: ["primary_radius", "secondary_radius", "primary_accounting", "secondary_accounting"],
    note: "rows of `RADIUS`: `ip_addr`, `port`, `secret`; always replaced; shown are the rows that describe what runs",
    apply: (_, { row, references, report, reportOther }) => {
      const own = ownServer(row, report);
      return {
        radius: own ? [own] : radiusServers(row, "radius", references, reportOther),
        accounting: radiusServers(row, "accounting", references, reportOther),
      };
    },
    report: ({ ap, config, references }) => radiusColumns(ap, config, references),
  }),
  row({
    config: ["radius_srv_addr", "radius_srv_port", "radius_srv_secret"],
    attributes: ["ap.radius"],
    state: ["radius_srv_addr", "radius_srv_port", "radius_srv_secret"],
    note: "a single server, where no row of `RADIUS` is referred to; without a port 1812",
    report: ({ ap, config }) => ownServerColumns(ap.radius, config),
  }),
  row({
    config: ["passpoint_config"],
    attributes: ["ap.passpoint"],
    state: ["passpoint_config"],
    note: "a row of `Passpoint_Config`; always replaced; shown once it is what runs",
    apply: ({ passpoint_config }, { references, report }) => ({
      passpoint: askedPasspoint(passpoint_config, references, report),
    }),
    report: ({ ap, config, references }) => ({ passpoint_config: passpointColumn(ap.passpoint, config, references) }),
  }),
  row({
    config: ["vif_radio_idx"],
    state: ["vif_radio_idx"],
    note: "shown as configured",
    report: ({ config }) => ({ vif_radio_idx: config?.vif_radio_idx ?? null }),
  }),
  row({
    state: ["dynamic_beacon"],
    note: "always false",
    report: () => ({ dynamic_beacon: false }),
  }),
];

/** Columns of both tables that are of the very form of the attribute. */
type ColumnLike<A extends keyof ApAttributes> = {
  [C in keyof VifConfig & keyof VifStateRecord & string]: [VifConfig[C], VifStateRecord[C]] extends [
    ApAttributes[A] | null,
    ApAttributes[A] | null,
  ]
    ? C
    : never;
}[keyof VifConfig & keyof VifStateRecord & string];

type Plain = Exclude<keyof ApAttributes, "mode" | "rates" | "wpa">;

function same<A extends Plain>(column: ColumnLike<A>, attribute: A, note = ""): ApRow {
  return plainRow(column, attribute, note, (value) => value);
}

/** `withFt`: the value of an unset column where fast transition is asked for. */
function flag<A extends Plain>(column: ColumnLike<A>, attribute: A, withFt: ApAttributes[A]): ApRow {
  return plainRow(column, attribute, `${withFt} with fast transition, unless set`, (value, { security }) =>
    value === null && security.ft ? withFt : value,
  );
}

/** Seconds; what hostapd and drivers keep in 32 bits. */
const longestRekey = 0x7fff_ffff;

function number<A extends Plain & { [N in Plain]: ApAttributes[N] extends number ? N : never }[Plain]>(
  column: ColumnLike<A>,
  attribute: A,
  [least, most]: readonly [number, number],
  { note, withFt = null }: { readonly note?: string; readonly withFt?: number | null },
): ApRow {
  const said = note ?? `${withFt} with fast transition, unless set`;
  return plainRow(column, attribute, said, (value: number | null, { security, report }) => {
    if (value === null) return security.ft ? withFt : null;
    if (value >= least && value <= most) return value;
    report(column, String(value), `not from ${least} to ${most}; the value in use is kept`);
    return null;
  });
}

/** The types of column and attribute are one and the same here, which the compiler cannot see through the names. */
function plainRow<V>(
  column: keyof VifConfig & keyof VifStateRecord & string,
  attribute: Plain,
  note: string,
  asked: (value: V | null, asking: ApAsking) => V | null,
): ApRow {
  return {
    config: [column],
    attributes: [`ap.${attribute}`],
    state: [column],
    note,
    apply: (columns, asking) => given(attribute, asked(columns[column] as V | null, asking)) as ApOverrides,
    report: ({ ap }) => ({ [column]: ap[attribute] }) as Partial<VifStateRecord>,
  };
}

/** As Linux takes it. */
function isInterfaceName(text: string): boolean {
  return Buffer.byteLength(text) <= interfaceNameOctets && !/[\s/]/.test(text) && text !== "." && text !== "..";
}
