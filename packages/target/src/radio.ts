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

/**
 * How a radio comes onto a channel that needs an availability check: it falls silent for it (`disable`), checks in the
 * background (`enable`), or has checked before (`precac`).
 */
export type ZeroWaitDfs = "unsupported" | "disable" | "enable" | "precac";

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
  /** Attributes of access points that it can neither set nor report. */
  readonly unsupported?: readonly ApAttributeName[];
  /** Legacy rates that it can use. */
  readonly rates?: readonly LegacyRate[];
  /** Neighbours and RADIUS servers (of each kind) that an access point of it holds. */
  readonly neighborLimit?: number;
  readonly radiusLimit?: number;
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
  readonly zeroWaitDfs: ZeroWaitDfs;
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
  /** Stations without this generation are refused. */
  readonly htRequired: boolean;
  readonly vhtRequired: boolean;
  readonly heRequired: boolean;
  readonly ehtRequired: boolean;
  /** Wi-Fi Protected Setup, by push button. */
  readonly wps: boolean;
}

/** Mbit/s: of DSSS and CCK 1 to 11, of OFDM 6 to 54. */
export type LegacyRate = (typeof legacyRates)[number];

export const legacyRates = [1, 2, 5.5, 6, 9, 11, 12, 18, 24, 36, 48, 54] as const;

/** A legacy rate, or a modulation and coding scheme of a later generation. */
export type BeaconRate =
  | { readonly kind: "abg"; readonly rate: LegacyRate }
  | { readonly kind: "ht" | "vht" | "he"; readonly mcs: number };

/** An empty list and null: none is asked for, or the driver does not say. */
export interface ApRates {
  /** Ascending, without duplicates. */
  readonly supported: readonly LegacyRate[];
  /** Ascending, without duplicates. */
  readonly basic: readonly LegacyRate[];
  readonly beacon: BeaconRate | null;
  readonly mcast: LegacyRate | null;
  readonly mgmt: LegacyRate | null;
}

export interface RadiusServer {
  readonly server: string;
  readonly port: number;
  /** A secret: never logged. */
  readonly secret: string;
}

/** Another access point that stations are told of (IEEE 802.11-2020 §9.4.2.36). */
export interface Neighbor {
  readonly bssid: Mac;
  readonly bssidInfo: number;
  readonly opClass: number;
  readonly channel: number;
  readonly phyType: number;
}

/** Another access point that hands over keys for fast transition (R0KH and R1KH). */
export interface FtNeighbor {
  readonly bssid: Mac;
  readonly nasIdentifier: string;
  /** 64 hexadecimal digits. A secret: never logged. */
  readonly key: string;
}

/** As a Multi-AP access point serves clients (fronthaul), other access points (backhaul), or both. */
export type MultiAp = "none" | "fronthaul_bss" | "backhaul_bss" | "fronthaul_backhaul_bss";

/** Of several BSSIDs that share one beacon, the one that sends it. */
export type MbssMode = "none" | "tx_vap" | "non_tx_vap";

/** Hotspot 2.0 and interworking. Lists keep their order; null and "" stand for what is not set. */
export interface Passpoint {
  readonly hs20: boolean;
  readonly hessid: string;
  readonly osuSsid: string;
  readonly advWanStatus: boolean;
  readonly advWanSymmetric: boolean;
  readonly advWanAtCapacity: boolean;
  readonly osen: boolean;
  readonly asra: boolean;
  readonly accessNetworkType: number | null;
  readonly venueGroup: number | null;
  readonly venueType: number | null;
  readonly anqpDomainId: number | null;
  readonly ppsMoId: number | null;
  readonly termsTimestamp: number | null;
  readonly termsFilename: string;
  readonly anqpElement: string;
  readonly domainNames: readonly string[];
  readonly naiRealms: readonly string[];
  readonly roamingConsortiums: readonly string[];
  readonly operatorFriendlyNames: readonly string[];
  readonly venueNames: readonly string[];
  readonly venueUrls: readonly string[];
  readonly cellularNetworks: readonly string[];
  readonly networkAuthTypes: readonly number[];
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
  readonly rates: ApRates;
  readonly nasIdentifier: string;
  /** In order of preference. */
  readonly radius: readonly RadiusServer[];
  readonly accounting: readonly RadiusServer[];
  /** null = none. */
  readonly passpoint: Passpoint | null;
  /** 64 hexadecimal digits, or "". A secret: never logged. */
  readonly ftEncrKey: string;
  readonly ftOverDs: boolean;
  readonly ftPmkR1Push: boolean;
  readonly ftPskGenerateLocal: boolean;
  /** Seconds. */
  readonly ftPmkR0KeyLifetime: number;
  /** Seconds; 0 = as long as the R0 key. */
  readonly ftPmkR1MaxKeyLifetime: number;
  /** Two octets; 0 = none. */
  readonly ftMobilityDomain: number;
  /** Sorted by BSSID, each once. */
  readonly neighbors: readonly Neighbor[];
  /** Sorted by BSSID, each once. */
  readonly ftNeighbors: readonly FtNeighbor[];
  /** PSKs offered by WPS, sorted. Secrets: never logged. */
  readonly wpsCredentials: readonly string[];
  /** The push button is pressed. */
  readonly wpsPbc: boolean;
  readonly multiAp: MultiAp;
  readonly mbssMode: MbssMode;
  /** Which of the groups of the phy it belongs to. */
  readonly mbssGroup: number;
  readonly mbo: boolean;
  readonly oce: boolean;
  /** dBm below which stations are refused; null = off. Means something with `oce` only. */
  readonly oceMinRssi: Dbm | null;
  /** Seconds that a refused station is told to wait. Means something with `oce` only. */
  readonly oceRetryDelay: number;
  /** 0 = as many as the driver holds. */
  readonly maxSta: number;
}

export type ApAttributeName = keyof ApAttributes;

/** Of which multi-link device a link is part. */
export interface MldState {
  readonly addr: Mac;
  /** The network interface of the device; "" = that of any of its links. */
  readonly ifName: string;
}

export interface ApState extends ApAttributes {
  /** null = of none. */
  readonly mld: MldState | null;
}

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
    /** A secret: never logged. "" where the driver does not say. */
    readonly psk: string;
    /** null where the driver does not say. */
    readonly wpa: Wpa | null;
    /** Of the access point; null where it is of no multi-link device. */
    readonly apMld: Mac | null;
  };
  readonly networks: readonly StaNetwork[];
  /** null = of none. */
  readonly mld: MldState | null;
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
  /** Of the multi-link device that the station is a link of; null = of none. */
  readonly mldAddr: Mac | null;
  /** Elements of its association request, as they were received; left out where the driver does not say. */
  readonly assocIes?: Uint8Array;
}
