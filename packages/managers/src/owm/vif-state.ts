/**
 * What a vif reports → `Wifi_VIF_State`. Where the same fact has several spellings (key names, `whitelist` of nothing,
 * security generations) the configuration's is used, so that configuration and state compare column by column.
 */

import { parseMac } from "@opensync-ts/base/units";
import { channelNumber } from "@opensync-ts/target/channels";
import type { AclPolicy, Channel, Psk, StaNetwork, StaVifState, VifState } from "@opensync-ts/target/radio";
import { keyNameOf, keySpellings } from "./psk.ts";
import { unsetVifState, type VifConfig, type VifStateRecord } from "./rows.ts";
import { configuredPsks, generationOf, inGenerationOf, securityOf, securityState } from "./security.ts";

/** A row exists for what is configured or at work; an AP_VLAN is shown as long as it exists. */
export function hasStateRow(vif: VifState, config: VifConfig | null): boolean {
  return vif.type === "ap_vlan" || config !== null || vif.status === "enabled" || vif.status === "broken";
}

export function vifStateRecord(vif: VifState, config: VifConfig | null): VifStateRecord {
  const common: VifStateRecord = {
    ...unsetVifState,
    if_name: vif.name,
    mode: vif.type,
    mac: vif.mac,
    enabled: vif.status === "enabled" ? true : vif.status === "disabled" ? false : null,
    vif_config: config?._uuid ?? null,
  };
  switch (vif.type) {
    case "ap":
      return inGenerationOf(config, apRecord(common, vif, config));
    case "sta":
      if (vif.sta.link.status !== "connected") return common;
      return inGenerationOf(config, staRecord(common, vif.sta, config));
    case "ap_vlan":
      return { ...common, wds: true, ap_vlan_sta_addr: vif.stations[0] ?? null };
  }
}

function apRecord(common: VifStateRecord, vif: VifState & { type: "ap" }, config: VifConfig | null): VifStateRecord {
  const { ap } = vif;
  return {
    ...common,
    ...securityState(ap.wpa),
    vif_radio_idx: config?.vif_radio_idx ?? null,
    ssid: ap.ssid,
    ssid_broadcast: ap.ssidHidden ? "disabled" : "enabled",
    channel: channelColumn(ap.channel),
    bridge: ap.bridge,
    ap_bridge: !ap.isolated,
    mcast2ucast: ap.mcast2ucast,
    uapsd_enable: ap.mode.wmmUapsd,
    rrm: ap.mode.rrmNeighborReport ? 1 : 0,
    btm: ap.mode.wnmBssTransition ? 1 : 0,
    group_rekey: ap.wpa.groupRekey === -1 ? null : ap.wpa.groupRekey,
    dynamic_beacon: false,
    mac_list: configuredAcl(ap.acl, config),
    mac_list_type: macListType(ap.aclPolicy, ap.acl.length === 0, config),
    wpa_psks: psksColumn(ap.psks, ap.wpa.akm.includes("sae"), config),
  };
}

/** Only what the configuration put there, in its spelling: entries added to steer a client do not show. */
function configuredAcl(acl: readonly string[], config: VifConfig | null): readonly string[] {
  const present = new Set(acl);
  return (config?.mac_list ?? []).filter((text) => present.has(parseMac(text) ?? ""));
}

const macListTypes: Readonly<Record<AclPolicy, NonNullable<VifStateRecord["mac_list_type"]>>> = {
  none: "none",
  allow: "whitelist",
  deny: "blacklist",
};

/** An empty deny list and no list at all are the same to a driver. */
function macListType(policy: AclPolicy, empty: boolean, config: VifConfig | null): VifStateRecord["mac_list_type"] {
  if (empty && policy === "none" && config?.mac_list_type === "blacklist") return "blacklist";
  if (empty && policy === "deny" && config?.mac_list_type === "none") return "none";
  return macListTypes[policy];
}

function psksColumn(psks: readonly Psk[], sae: boolean, config: VifConfig | null): ReadonlyMap<string, string> {
  const configured = config ? configuredPsks(config) : new Map<string, string>();
  const [only] = psks;
  const [onlyName] = configured.keys();
  // An SAE password has no id of its own: whatever a driver reports, it is the one that is configured.
  if (sae && only && psks.length === 1 && onlyName !== undefined && configured.size === 1 && asksForSae(config)) {
    return new Map([[onlyName, only.psk]]);
  }
  const spellings = keySpellings(configured);
  return sortedMap(psks.map(({ keyId, psk }) => [spellings.get(keyId) ?? keyNameOf(keyId), psk]));
}

function asksForSae(config: VifConfig | null): boolean {
  return (config && securityOf(config).value?.wpa_key_mgmt.includes("sae")) ?? false;
}

/** Values that a STA vif does not have, as controllers expect to find them. */
const staConstants: Partial<VifStateRecord> = {
  ap_bridge: true,
  dynamic_beacon: false,
  mcast2ucast: false,
  ft_psk: 0,
  rrm: 0,
  wps_pbc_key_id: "",
  dpp_connector: "",
  dpp_csign_hex: "",
  dpp_netaccesskey_hex: "",
  mac_list_type: "none",
  ssid_broadcast: "enabled",
  uapsd_enable: false,
};

function staRecord(common: VifStateRecord, sta: StaVifState, config: VifConfig | null): VifStateRecord {
  const { link } = sta;
  const network = networkOf(sta);
  const record: VifStateRecord = {
    ...common,
    ...staConstants,
    ...(network ? securityState(network.wpa) : {}),
    ssid: link.ssid,
    parent: link.bssid,
    bridge: link.bridge,
    channel: channelColumn(link.channel),
    multi_ap: link.multiAp ? "backhaul_sta" : "none",
    wds: link.multiAp,
    wpa_psks: network && network.psk !== "" ? new Map([[staKeyName(config), network.psk]]) : new Map(),
  };
  return config ? alignedWith(config, record) : record;
}

/** The driver's network behind a link: the same SSID, one that names the BSSID before one for any. */
function networkOf({ link, networks }: StaVifState): StaNetwork | null {
  const same = networks.filter(({ ssid }) => ssid === link.ssid);
  return (
    same.find(({ bssid }) => bssid !== null && bssid === link.bssid) ?? same.find(({ bssid }) => bssid === null) ?? null
  );
}

function staKeyName(config: VifConfig | null): string {
  const configured = config ? configuredPsks(config) : new Map<string, string>();
  const [only] = configured.keys();
  return only !== undefined && configured.size === 1 ? only : "key";
}

const pairwiseColumns = ["wpa_pairwise_tkip", "wpa_pairwise_ccmp", "rsn_pairwise_tkip", "rsn_pairwise_ccmp"] as const;

/** A STA negotiates: whatever it got out of what was offered is shown as the offer. */
function alignedWith(config: VifConfig, record: VifStateRecord): VifStateRecord {
  if (generationOf(config) !== 3) return record;
  const aligned: { -readonly [K in keyof VifStateRecord]: VifStateRecord[K] } = { ...record };
  if (pairwiseColumns.some((column) => config[column] && record[column])) {
    for (const column of pairwiseColumns) aligned[column] = config[column];
  }
  if (record.wpa_key_mgmt.some((name) => config.wpa_key_mgmt.includes(name))) {
    aligned.wpa_key_mgmt = config.wpa_key_mgmt;
  }
  return aligned;
}

function channelColumn(channel: Channel | null): number | null {
  const number = channel ? channelNumber(channel.control) : 0;
  return number > 0 ? number : null;
}

function sortedMap(entries: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
