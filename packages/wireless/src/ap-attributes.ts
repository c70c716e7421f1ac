/**
 * The attributes of an access point, one row each: its name in logs, when the wanted and the actual value count as
 * equal, and how a value is shown. Diff, log and dump are driven by this table; an attribute added to the model does
 * not compile until it has a row here.
 */

import { isDeepStrictEqual } from "node:util";
import { formatChannel, sameChannel } from "@opensync-ts/target/channels";
import type {
  Akm,
  ApAttributeName,
  ApAttributes,
  ApMode,
  ApRates,
  BeaconRate,
  FtNeighbor,
  Neighbor,
  Passpoint,
  Psk,
  RadiusServer,
  StaNetwork,
  Wpa,
} from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";

interface ApAttributeRow<Name extends ApAttributeName> {
  /** OpenSync's name of it. */
  readonly label: string;
  /** Some rules look at more than the attribute itself, hence all of them. */
  equal(wanted: ApAttributes, actual: ApAttributes): boolean;
  /** Without secrets. */
  format(value: ApAttributes[Name]): string;
}

const rows: { readonly [Name in ApAttributeName]: ApAttributeRow<Name> } = {
  bridge: plain("bridge", "bridge_if_name", quote),
  beaconInterval: plain("beaconInterval", "beacon_interval_tu", String),
  channel: {
    label: "channel",
    equal: (wanted, actual) => sameChannel(wanted.channel, actual.channel),
    format: (channel) => (channel === null ? "none" : formatChannel(channel)),
  },
  isolated: plain("isolated", "isolated", String),
  ssidHidden: plain("ssidHidden", "ssid_hidden", String),
  mcast2ucast: plain("mcast2ucast", "mcast2ucast", String),
  mode: {
    label: "mode",
    equal: (wanted, actual) => wanted.mode === actual.mode || isDeepStrictEqual(wanted.mode, actual.mode),
    format: formatMode,
  },
  aclPolicy: {
    label: "acl_policy",
    equal: sameAclPolicy,
    format: String,
  },
  acl: {
    label: "acl",
    equal: (wanted, actual) => sameSet(wanted.acl, actual.acl),
    format: (acl) => `[${nameSome(acl)}]`,
  },
  ssid: plain("ssid", "ssid", quote),
  wpa: {
    label: "wpa",
    equal: (wanted, actual) => sameWpa(wanted.wpa, actual.wpa),
    format: formatWpa,
  },
  psks: {
    label: "psk_list",
    equal: samePsks,
    format: formatPsks,
  },
  rates: {
    label: "rates",
    equal: (wanted, actual) => sameRates(wanted.rates, actual.rates),
    format: formatRates,
  },
  nasIdentifier: plain("nasIdentifier", "nas_identifier", quote),
  radius: deep("radius", "radius_list", formatServers),
  accounting: deep("accounting", "acct_list", formatServers),
  passpoint: deep("passpoint", "passpoint", formatPasspoint),
  ftEncrKey: plain("ftEncrKey", "ft_encr_key", formatSecret),
  ftOverDs: plain("ftOverDs", "ft_over_ds", String),
  ftPmkR1Push: plain("ftPmkR1Push", "ft_pmk_r1_push", String),
  ftPskGenerateLocal: plain("ftPskGenerateLocal", "ft_psk_generate_local", String),
  ftPmkR0KeyLifetime: plain("ftPmkR0KeyLifetime", "ft_pmk_r0_key_lifetime_sec", String),
  ftPmkR1MaxKeyLifetime: plain("ftPmkR1MaxKeyLifetime", "ft_pmk_r1_max_key_lifetime_sec", String),
  ftMobilityDomain: plain("ftMobilityDomain", "ft_mobility_domain", String),
  neighbors: deep("neighbors", "neigh_list", formatNeighbors),
  ftNeighbors: deep("ftNeighbors", "neigh_ft_list", formatFtNeighbors),
  wpsCredentials: deep("wpsCredentials", "wps_cred_list", (psks) => `[${psks.map(formatSecret).join(" ")}]`),
  wpsPbc: plain("wpsPbc", "wps_pbc", String),
  multiAp: plain("multiAp", "multi_ap", String),
  mbssMode: plain("mbssMode", "mbss_mode", String),
  mbssGroup: plain("mbssGroup", "mbss_group", String),
  mbo: plain("mbo", "mbo", String),
  oce: plain("oce", "oce", String),
  oceMinRssi: {
    label: "oce_min_rssi_dbm",
    equal: (wanted, actual) => !wanted.oce || wanted.oceMinRssi === actual.oceMinRssi,
    format: (dbm) => (dbm === null ? "off" : String(dbm)),
  },
  oceRetryDelay: {
    label: "oce_retry_delay_sec",
    equal: (wanted, actual) => !wanted.oce || wanted.oceRetryDelay === actual.oceRetryDelay,
    format: String,
  },
  maxSta: plain("maxSta", "max_sta", String),
};

export const apAttributeNames = Object.keys(rows) as readonly ApAttributeName[];

/** The name an attribute has in logs and dumps: `ssid_hidden`. */
export function apAttributeLabel(name: ApAttributeName): string {
  return rows[name].label;
}

/** Whether the actual attribute is what is wanted, by the rule of that attribute. */
export function sameApAttribute(name: ApAttributeName, wanted: ApAttributes, actual: ApAttributes): boolean {
  return rows[name].equal(wanted, actual);
}

/** One attribute for people: PSKs appear by key id and length only. */
export function formatApAttribute(name: ApAttributeName, attributes: ApAttributes): string {
  const row = rows[name] as ApAttributeRow<ApAttributeName>;
  return row.format(attributes[name]);
}

/** STA networks for people, PSKs by length only. */
export function formatNetworks(networks: readonly StaNetwork[]): string {
  const one = ({ ssid, bssid, psk, priority, multiAp, bridge, wpa }: StaNetwork) =>
    [
      quote(ssid),
      `bssid=${bssid ?? "any"}`,
      `psk=${psk.length}chars`,
      `priority=${priority}`,
      ...(multiAp ? ["multi_ap"] : []),
      ...(bridge === "" ? [] : [`bridge=${bridge}`]),
      formatWpa(wpa),
    ].join(" ");
  return `[${networks.map(one).join("; ")}]`;
}

/** The entries of a list that fit a line, and how many do not. */
export function nameSome(entries: readonly string[], separator = " "): string {
  const more = entries.length - limits.namedEntries;
  const named = entries.slice(0, limits.namedEntries).join(separator);
  return more <= 0 ? named : `${named} and ${more} more`;
}

export function quote(text: string): string {
  return JSON.stringify(text);
}

function plain<Name extends ApAttributeName>(
  name: Name,
  label: string,
  format: (value: ApAttributes[Name]) => string,
): ApAttributeRow<Name> {
  return { label, equal: (wanted, actual) => wanted[name] === actual[name], format };
}

/** For lists and records, whose order counts or is normalized. */
function deep<Name extends ApAttributeName>(
  name: Name,
  label: string,
  format: (value: ApAttributes[Name]) => string,
): ApAttributeRow<Name> {
  const equal = (wanted: ApAttributes, actual: ApAttributes) =>
    wanted[name] === actual[name] || isDeepStrictEqual(wanted[name], actual[name]);
  return { label, equal, format };
}

/** Rates without an opinion are the driver's; a driver that reports none at all is believed to have what was asked for. */
function sameRates(wanted: ApRates, actual: ApRates): boolean {
  const { supported, basic, beacon, mcast, mgmt } = actual;
  if (supported.length === 0 && basic.length === 0 && beacon === null && mcast === null && mgmt === null) return true;
  return (
    (wanted.supported.length === 0 || isDeepStrictEqual(wanted.supported, supported)) &&
    (wanted.basic.length === 0 || isDeepStrictEqual(wanted.basic, basic)) &&
    (wanted.beacon === null || isDeepStrictEqual(wanted.beacon, beacon)) &&
    (wanted.mcast === null || wanted.mcast === mcast) &&
    (wanted.mgmt === null || wanted.mgmt === mgmt)
  );
}

/** An empty deny list denies nobody, so it is as good as none. */
function sameAclPolicy(wanted: ApAttributes, actual: ApAttributes): boolean {
  if (wanted.aclPolicy === actual.aclPolicy) return true;
  return wanted.acl.length === 0 && wanted.aclPolicy !== "allow" && actual.aclPolicy !== "allow";
}

const saeAkms: readonly Akm[] = ["sae", "sae_ext", "ft_sae", "ft_sae_ext"];

/** SAE knows a single password and no key ids, so drivers cannot report which id a lone one was configured with. */
function samePsks(wanted: ApAttributes, actual: ApAttributes): boolean {
  if (wanted.psks.length !== actual.psks.length) return false;
  const sae = wanted.wpa.akm.some((akm) => saeAkms.includes(akm));
  if (sae && wanted.psks.length === 1) return wanted.psks[0]?.psk === actual.psks[0]?.psk;
  const byId = new Map(actual.psks.map(({ keyId, psk }) => [keyId, psk]));
  return wanted.psks.every(({ keyId, psk }) => byId.get(keyId) === psk);
}

/** An undefined group rekey interval is no wish. */
function sameWpa(wanted: Wpa, actual: Wpa): boolean {
  return (
    wanted.wpa === actual.wpa &&
    wanted.rsn === actual.rsn &&
    wanted.pmf === actual.pmf &&
    wanted.beaconProtection === actual.beaconProtection &&
    (wanted.groupRekey === -1 || wanted.groupRekey === actual.groupRekey) &&
    sameSet(wanted.akm, actual.akm) &&
    sameSet(wanted.pairwise, actual.pairwise)
  );
}

function sameSet<T>(a: readonly T[], b: readonly T[]): boolean {
  // Almost always: both are sorted, and most often one and the same.
  if (a === b || (a.length === b.length && a.every((item, index) => item === b[index]))) return true;
  const right = new Set(b);
  return a.every((item) => right.has(item)) && new Set(a).size === right.size;
}

function formatMode(mode: ApMode): string {
  const on = Object.entries(mode).filter(([, enabled]) => enabled);
  return on.length === 0 ? "none" : on.map(([name]) => apModeLabels[name as keyof ApMode]).join("+");
}

/** As in logs. */
export const apModeLabels: Readonly<Record<keyof ApMode, string>> = {
  wnmBssTransition: "wnm_bss_trans",
  rrmNeighborReport: "rrm_neighbor_report",
  wmm: "wmm",
  wmmUapsd: "wmm_uapsd",
  ht: "ht",
  vht: "vht",
  he: "he",
  eht: "eht",
  htRequired: "ht_required",
  vhtRequired: "vht_required",
  heRequired: "he_required",
  ehtRequired: "eht_required",
  wps: "wps",
};

function formatWpa(wpa: Wpa): string {
  if (!wpa.wpa && !wpa.rsn) return "open";
  const protocols = [...(wpa.wpa ? ["wpa"] : []), ...(wpa.rsn ? ["rsn"] : [])];
  return [
    protocols.join("+"),
    `akm=${wpa.akm.join("+")}`,
    `pairwise=${wpa.pairwise.join("+")}`,
    `pmf=${wpa.pmf}`,
    ...(wpa.beaconProtection ? ["beacon_protection"] : []),
    ...(wpa.groupRekey === -1 ? [] : [`group_rekey=${wpa.groupRekey}`]),
  ].join(" ");
}

function formatPsks(psks: readonly Psk[]): string {
  return `[${psks.map(({ keyId, psk }) => `${keyId}:${psk.length}chars`).join(" ")}]`;
}

function formatRates({ supported, basic, beacon, mcast, mgmt }: ApRates): string {
  const list = (rates: readonly number[]) => (rates.length === 0 ? "any" : rates.join(" "));
  return [
    `supported=[${list(supported)}]`,
    `basic=[${list(basic)}]`,
    `beacon=${formatBeaconRate(beacon)}`,
    `mcast=${mcast ?? "any"}`,
    `mgmt=${mgmt ?? "any"}`,
  ].join(" ");
}

function formatBeaconRate(beacon: BeaconRate | null): string {
  if (beacon === null) return "any";
  return beacon.kind === "abg" ? String(beacon.rate) : `${beacon.kind}-mcs${beacon.mcs}`;
}

function formatSecret(secret: string): string {
  return secret === "" ? "none" : `${secret.length}chars`;
}

function formatServers(servers: readonly RadiusServer[]): string {
  return `[${servers.map(({ server, port, secret }) => `${server}:${port} secret=${formatSecret(secret)}`).join("; ")}]`;
}

function formatPasspoint(passpoint: Passpoint | null): string {
  if (passpoint === null) return "none";
  const set = Object.entries(passpoint).filter(
    ([, value]) => value !== null && value !== false && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
  return set.map(([name, value]) => (value === true ? name : `${name}=${JSON.stringify(value)}`)).join(" ") || "off";
}

function formatNeighbors(neighbors: readonly Neighbor[]): string {
  return `[${nameSome(
    neighbors.map(
      ({ bssid, bssidInfo, opClass, channel, phyType }) =>
        `${bssid}/0x${bssidInfo.toString(16)}/${opClass}/${channel}/${phyType}`,
    ),
  )}]`;
}

function formatFtNeighbors(neighbors: readonly FtNeighbor[]): string {
  return `[${nameSome(
    neighbors.map(({ bssid, nasIdentifier, key }) => `${bssid}/${quote(nasIdentifier)}/key=${formatSecret(key)}`),
  )}]`;
}
