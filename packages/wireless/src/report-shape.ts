/**
 * Whether a report is what the radio model says: drivers speak with firmware, and a field that is not filled in must not
 * reach rules that count on it. Values that cannot be are let pass, they only never are what was asked for; what has the wrong
 * form, or a name that nobody knows, makes the report as good as none.
 */

import type {
  AclPolicy,
  Akm,
  Band,
  BeaconRate,
  Channel,
  ChannelWidth,
  DfsState,
  MbssMode,
  MultiAp,
  PairwiseCipher,
  PhyState,
  Pmf,
  RadarDetection,
  StaLinkStatus,
  StationState,
  VifState,
  VifStatus,
  Wpa,
  ZeroWaitDfs,
} from "@opensync-ts/target/radio";

/** What is wrong with a value, after where in it: `.akm[0] is no name that is known`; null: nothing. */
type Check = (value: unknown) => string | null;

/** A member for each of the type's, so that an attribute added to the model does not compile until it is here. */
type Checks<T> = { readonly [Member in keyof T]-?: Check };

/** Their type says which of the three a report of a vif is. */
type VifOf<Type extends VifState["type"]> = Extract<VifState, { readonly type: Type }>;

const text: Check = (value) => (typeof value === "string" ? null : " is no text");
const number: Check = (value) => (Number.isFinite(value) ? null : " is no number");
const flag: Check = (value) => (typeof value === "boolean" ? null : " is neither true nor false");

/** `names`: all there are. */
function oneOf<Name extends string | number>(names: Readonly<Record<Name, 1>>): Check {
  return (value) => {
    const known = (typeof value === "string" || typeof value === "number") && Object.hasOwn(names, value);
    return known ? null : " is no name that is known";
  };
}

function orNull(check: Check): Check {
  return (value) => (value === null ? null : check(value));
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? null : check(value));
}

function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return " is no list";
    for (const [index, entry] of value.entries()) {
      const wrong = check(entry);
      if (wrong !== null) return `[${index}]${wrong}`;
    }
    return null;
  };
}

function record<T>(members: Checks<T>): Check {
  const entries = Object.entries<Check>(members);
  return (value) => {
    if (typeof value !== "object" || value === null) return " is missing";
    for (const [name, check] of entries) {
      const wrong = check((value as { readonly [name: string]: unknown })[name]);
      if (wrong !== null) return `.${name}${wrong}`;
    }
    return null;
  };
}

const band = oneOf<Band>({ "2.4G": 1, "5G": 1, "6G": 1 });
const width = oneOf<ChannelWidth>({ 20: 1, 40: 1, 80: 1, 160: 1, "80p80": 1, 320: 1 });
const akm = oneOf<Akm>({
  eap: 1,
  eap_sha256: 1,
  eap_sha384: 1,
  eap_suite_b: 1,
  eap_suite_b192: 1,
  psk: 1,
  psk_sha256: 1,
  sae: 1,
  sae_ext: 1,
  ft_eap: 1,
  ft_eap_sha384: 1,
  ft_psk: 1,
  ft_sae: 1,
  ft_sae_ext: 1,
});
const pairwise = oneOf<PairwiseCipher>({ tkip: 1, ccmp: 1, ccmp256: 1, gcmp: 1, gcmp256: 1 });

const channel = record<Channel>({ control: number, width, center0: number, center1: number, puncture: number });

const phy = record<PhyState>({
  name: text,
  mac: text,
  enabled: flag,
  txChainmask: number,
  radar: oneOf<RadarDetection>({ unsupported: 1, enabled: 1, disabled: 1 }),
  radarNextChannel: orNull(channel),
  regDomain: orNull(
    record<NonNullable<PhyState["regDomain"]>>({
      country: text,
      isoNumber: number,
      revision: number,
      dfs: oneOf({ undefined: 1, fcc: 1, etsi: 1 }),
    }),
  ),
  zeroWaitDfs: oneOf<ZeroWaitDfs>({ unsupported: 1, disable: 1, enable: 1, precac: 1 }),
  channelStates: listOf(
    record<PhyState["channelStates"][number]>({
      control: number,
      dfs: oneOf<DfsState>({ non_dfs: 1, cac_possible: 1, cac_in_progress: 1, cac_completed: 1, nol: 1 }),
      nolRemaining: number,
    }),
  ),
  punctureSupported: flag,
  capabilities: record<PhyState["capabilities"]>({
    band,
    unsupported: optional(listOf(text)),
    rates: optional(listOf(number)),
    neighborLimit: optional(number),
    radiusLimit: optional(number),
    widths: optional(listOf(width)),
    modes: optional(listOf(oneOf({ ht: 1, vht: 1, he: 1, eht: 1 }))),
    chains: optional(number),
    maxTxPower: optional(number),
    aclLimit: optional(number),
    pskLimit: optional(number),
  }),
});

const wpa = record<Wpa>({
  wpa: flag,
  rsn: flag,
  akm: listOf(akm),
  pairwise: listOf(pairwise),
  pmf: oneOf<Pmf>({ disabled: 1, optional: 1, required: 1 }),
  beaconProtection: flag,
  groupRekey: number,
});

const anyBeaconRate = record<Pick<BeaconRate, "kind">>({
  kind: oneOf<BeaconRate["kind"]>({ abg: 1, ht: 1, vht: 1, he: 1 }),
});
const rate = record({ rate: number });
const mcs = record({ mcs: number });
const beaconRate: Check = (value) => anyBeaconRate(value) ?? ((value as BeaconRate).kind === "abg" ? rate : mcs)(value);

type Ap = VifOf<"ap">["ap"];
type Sta = VifOf<"sta">["sta"];

const mld = orNull(record<NonNullable<Ap["mld"]>>({ addr: text, ifName: text }));
const servers = listOf(record<Ap["radius"][number]>({ server: text, port: number, secret: text }));

const ap = record<Ap>({
  bridge: text,
  beaconInterval: number,
  channel: orNull(channel),
  isolated: flag,
  ssidHidden: flag,
  mcast2ucast: flag,
  mode: record<Ap["mode"]>({
    wnmBssTransition: flag,
    rrmNeighborReport: flag,
    wmm: flag,
    wmmUapsd: flag,
    ht: flag,
    vht: flag,
    he: flag,
    eht: flag,
    htRequired: flag,
    vhtRequired: flag,
    heRequired: flag,
    ehtRequired: flag,
    wps: flag,
  }),
  aclPolicy: oneOf<AclPolicy>({ none: 1, allow: 1, deny: 1 }),
  acl: listOf(text),
  ssid: text,
  wpa,
  psks: listOf(record<Ap["psks"][number]>({ keyId: number, psk: text })),
  rates: record<Ap["rates"]>({
    supported: listOf(number),
    basic: listOf(number),
    beacon: orNull(beaconRate),
    mcast: orNull(number),
    mgmt: orNull(number),
  }),
  nasIdentifier: text,
  radius: servers,
  accounting: servers,
  passpoint: orNull(
    record<NonNullable<Ap["passpoint"]>>({
      hs20: flag,
      hessid: text,
      osuSsid: text,
      advWanStatus: flag,
      advWanSymmetric: flag,
      advWanAtCapacity: flag,
      osen: flag,
      asra: flag,
      accessNetworkType: orNull(number),
      venueGroup: orNull(number),
      venueType: orNull(number),
      anqpDomainId: orNull(number),
      ppsMoId: orNull(number),
      termsTimestamp: orNull(number),
      termsFilename: text,
      anqpElement: text,
      domainNames: listOf(text),
      naiRealms: listOf(text),
      roamingConsortiums: listOf(text),
      operatorFriendlyNames: listOf(text),
      venueNames: listOf(text),
      venueUrls: listOf(text),
      cellularNetworks: listOf(text),
      networkAuthTypes: listOf(number),
    }),
  ),
  ftEncrKey: text,
  ftOverDs: flag,
  ftPmkR1Push: flag,
  ftPskGenerateLocal: flag,
  ftPmkR0KeyLifetime: number,
  ftPmkR1MaxKeyLifetime: number,
  ftMobilityDomain: number,
  neighbors: listOf(
    record<Ap["neighbors"][number]>({
      bssid: text,
      bssidInfo: number,
      opClass: number,
      channel: number,
      phyType: number,
    }),
  ),
  ftNeighbors: listOf(record<Ap["ftNeighbors"][number]>({ bssid: text, nasIdentifier: text, key: text })),
  wpsCredentials: listOf(text),
  wpsPbc: flag,
  multiAp: oneOf<MultiAp>({ none: 1, fronthaul_bss: 1, backhaul_bss: 1, fronthaul_backhaul_bss: 1 }),
  mbssMode: oneOf<MbssMode>({ none: 1, tx_vap: 1, non_tx_vap: 1 }),
  mbssGroup: number,
  mbo: flag,
  oce: flag,
  oceMinRssi: orNull(number),
  oceRetryDelay: number,
  maxSta: number,
  mld,
});

const sta = record<Sta>({
  link: record<Sta["link"]>({
    status: oneOf<StaLinkStatus>({ unknown: 1, connected: 1, connecting: 1, disconnected: 1 }),
    bridge: text,
    channel: orNull(channel),
    bssid: orNull(text),
    ssid: text,
    multiAp: flag,
    psk: text,
    wpa: orNull(wpa),
    apMld: orNull(text),
  }),
  networks: listOf(
    record<Sta["networks"][number]>({
      ssid: text,
      bssid: orNull(text),
      psk: text,
      wpa,
      bridge: text,
      multiAp: flag,
      priority: number,
    }),
  ),
  mld,
});

const commonOfVifs = {
  name: text,
  phy: text,
  mac: text,
  status: oneOf<VifStatus>({ unknown: 1, disabled: 1, enabled: 1, broken: 1 }),
  txPower: number,
  type: oneOf<VifState["type"]>({ ap: 1, sta: 1, ap_vlan: 1 }),
};

const vifs: { readonly [Type in VifState["type"]]: Check } = {
  ap: record<VifOf<"ap">>({ ...commonOfVifs, ap }),
  sta: record<VifOf<"sta">>({ ...commonOfVifs, sta }),
  ap_vlan: record<VifOf<"ap_vlan">>({ ...commonOfVifs, stations: listOf(text) }),
};

const anyVif = record(commonOfVifs);

const station = record<StationState>({
  mac: text,
  vif: text,
  phy: text,
  connectedAt: number,
  keyId: orNull(number),
  pmf: flag,
  akm: orNull(akm),
  pairwise: orNull(pairwise),
  snr: number,
  mldAddr: orNull(text),
  assocIes: optional((value) => (value instanceof Uint8Array ? null : " are no octets")),
});

/** Each of these: what is wrong with the form of a report, in words; null: nothing. Values, which may be secrets, are not told. */
export function flawOfPhy(report: PhyState): string | null {
  return told("the report", phy(report));
}

export function flawOfVif(report: VifState): string | null {
  return told("the report", anyVif(report) ?? vifs[report.type](report));
}

export function flawOfStation(report: StationState): string | null {
  return told("the report", station(report));
}

export function flawOfChannel(report: Channel): string | null {
  return told("the channel", channel(report));
}

function told(what: string, wrong: string | null): string | null {
  return wrong === null ? null : wrong.startsWith(".") ? `its ${wrong.slice(1)}` : `${what}${wrong}`;
}
