/**
 * The radio model that drivers and OWM share: physical radios (phys), the Wi-Fi networks on them (vifs) and the
 * stations of those. Names follow OpenSync's wireless model; a state is what a driver reports, a config what it is
 * asked for.
 */

import type { Db, Dbm, Mac, Mhz } from "@opensync-ts/base/units";

export type Band = "2.4G" | "5G" | "6G";

/** MHz; `80p80` is two separate 80 MHz segments. */
export type ChannelWidth = 20 | 40 | 80 | 160 | "80p80" | 320;

export interface Channel {
  /** Centre of the primary 20 MHz. */
  readonly control: Mhz;
  readonly width: ChannelWidth;
  /** Centre of the whole channel, of the first segment with 80+80. */
  readonly center0: Mhz;
  /** Centre of the second segment with 80+80, else 0. */
  readonly center1: Mhz;
  /** Bit n = the n-th 20 MHz from the lowest is left out. */
  readonly puncture: number;
}

export type DfsState = "non_dfs" | "cac_possible" | "cac_in_progress" | "cac_completed" | "nol";

export interface ChannelState {
  /** Control frequency of a 20 MHz channel. */
  readonly control: Mhz;
  readonly dfs: DfsState;
  /** Seconds left on the non-occupancy list; 0 unless `nol`. */
  readonly nolRemaining: number;
}

export type RadarDetection = "unsupported" | "enabled" | "disabled";

export interface RegulatoryDomain {
  /** ISO 3166 alpha-2. */
  readonly country: string;
  readonly isoNumber: number;
  readonly revision: number;
  readonly dfs: "undefined" | "fcc" | "etsi";
}

/** A generation of 802.11 beyond the legacy rates: n, ac, ax, be. */
export type PhyMode = "ht" | "vht" | "he" | "eht";

/** What a driver can do; what it leaves out is unknown, not unlimited. */
export interface PhyCapabilities {
  readonly band: Band;
  readonly widths?: readonly ChannelWidth[];
  readonly modes?: readonly PhyMode[];
  readonly chains?: number;
  readonly maxTxPower?: Dbm;
  readonly aclLimit?: number;
  readonly pskLimit?: number;
}

export interface PhyState {
  readonly name: string;
  readonly mac: Mac;
  readonly enabled: boolean;
  readonly txChainmask: number;
  readonly radar: RadarDetection;
  readonly radarNextChannel: Channel | null;
  readonly regDomain: RegulatoryDomain | null;
  readonly channelStates: readonly ChannelState[];
  readonly punctureSupported: boolean;
  readonly capabilities: PhyCapabilities;
}

/** `unknown`: the driver has not said; `broken`: its sources contradict each other. */
export type VifStatus = "unknown" | "disabled" | "enabled" | "broken";

export type VifState = {
  readonly name: string;
  readonly phy: string;
  readonly mac: Mac;
  readonly status: VifStatus;
  /** 0 = automatic or unknown. */
  readonly txPower: Dbm;
} & (
  | { readonly type: "ap"; readonly ap: ApState }
  | { readonly type: "sta"; readonly sta: StaVifState }
  | { readonly type: "ap_vlan"; readonly stations: readonly Mac[] }
);

export type Akm =
  | "eap"
  | "eap_sha256"
  | "eap_sha384"
  | "eap_suite_b"
  | "eap_suite_b192"
  | "psk"
  | "psk_sha256"
  | "sae"
  | "sae_ext"
  | "ft_eap"
  | "ft_eap_sha384"
  | "ft_psk"
  | "ft_sae"
  | "ft_sae_ext";

export type PairwiseCipher = "tkip" | "ccmp" | "ccmp256" | "gcmp" | "gcmp256";

export type Pmf = "disabled" | "optional" | "required";

export interface Wpa {
  readonly wpa: boolean;
  readonly rsn: boolean;
  /** Sorted, without duplicates. */
  readonly akm: readonly Akm[];
  /** Sorted, without duplicates. */
  readonly pairwise: readonly PairwiseCipher[];
  readonly pmf: Pmf;
  readonly beaconProtection: boolean;
  /** Seconds; -1 = undefined. */
  readonly groupRekey: number;
}

export interface Psk {
  readonly keyId: number;
  /** 8 to 63 characters, or 64 hexadecimal digits. A secret: never logged. */
  readonly psk: string;
}

export type AclPolicy = "none" | "allow" | "deny";

export interface ApMode {
  readonly wnmBssTransition: boolean;
  readonly rrmNeighborReport: boolean;
  readonly wmm: boolean;
  readonly wmmUapsd: boolean;
  readonly ht: boolean;
  readonly vht: boolean;
  readonly he: boolean;
  readonly eht: boolean;
}

/** The attributes of an access point, configured and reported alike. */
export interface ApAttributes {
  readonly bridge: string;
  readonly beaconInterval: number;
  readonly channel: Channel | null;
  readonly isolated: boolean;
  readonly ssidHidden: boolean;
  readonly mcast2ucast: boolean;
  readonly mode: ApMode;
  readonly aclPolicy: AclPolicy;
  /** Sorted, without duplicates. */
  readonly acl: readonly Mac[];
  readonly ssid: string;
  readonly wpa: Wpa;
  /** Sorted by key id. */
  readonly psks: readonly Psk[];
}

export type ApState = ApAttributes;

export type StaLinkStatus = "unknown" | "connected" | "connecting" | "disconnected";

export interface StaNetwork {
  readonly ssid: string;
  /** null = any. */
  readonly bssid: Mac | null;
  readonly psk: string;
  readonly wpa: Wpa;
  readonly bridge: string;
  readonly multiAp: boolean;
  readonly priority: number;
}

export interface StaVifState {
  readonly link: {
    readonly status: StaLinkStatus;
    readonly bridge: string;
    readonly channel: Channel | null;
    readonly bssid: Mac | null;
    readonly ssid: string;
    readonly multiAp: boolean;
  };
  readonly networks: readonly StaNetwork[];
}

/** A station associated to one of our APs. */
export interface StationState {
  readonly mac: Mac;
  readonly vif: string;
  readonly phy: string;
  /** Monotonic milliseconds of the clock at association. */
  readonly connectedAt: number;
  /** Of the PSK it used; null where none. */
  readonly keyId: number | null;
  readonly pmf: boolean;
  readonly akm: Akm | null;
  readonly pairwise: PairwiseCipher | null;
  readonly snr: Db;
}
