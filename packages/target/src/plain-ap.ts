/** An access point with everything off: what drivers start from, and what attributes that a driver does not know are reported as. */

import type { ApAttributes, ApMode, ApRates, StaVifState, Wpa } from "./radio.ts";

export const openWpa: Wpa = {
  wpa: false,
  rsn: false,
  akm: [],
  pairwise: [],
  pmf: "disabled",
  beaconProtection: false,
  groupRekey: -1,
};

export const plainMode: ApMode = {
  wnmBssTransition: false,
  rrmNeighborReport: false,
  wmm: false,
  wmmUapsd: false,
  ht: false,
  vht: false,
  he: false,
  eht: false,
  htRequired: false,
  vhtRequired: false,
  heRequired: false,
  ehtRequired: false,
  wps: false,
};

export const noRates: ApRates = { supported: [], basic: [], beacon: null, mcast: null, mgmt: null };

export const plainAp: ApAttributes = {
  bridge: "",
  beaconInterval: 100,
  channel: null,
  isolated: false,
  ssidHidden: false,
  mcast2ucast: false,
  mode: plainMode,
  aclPolicy: "none",
  acl: [],
  ssid: "",
  wpa: openWpa,
  psks: [],
  rates: noRates,
  nasIdentifier: "",
  radius: [],
  accounting: [],
  passpoint: null,
  ftEncrKey: "",
  ftOverDs: false,
  ftPmkR1Push: false,
  ftPskGenerateLocal: false,
  ftPmkR0KeyLifetime: 0,
  ftPmkR1MaxKeyLifetime: 0,
  ftMobilityDomain: 0,
  neighbors: [],
  ftNeighbors: [],
  wpsCredentials: [],
  wpsPbc: false,
  multiAp: "none",
  mbssMode: "none",
  mbssGroup: 0,
  mbo: false,
  oce: false,
  oceMinRssi: null,
  oceRetryDelay: 0,
  maxSta: 0,
};

export const noLink: StaVifState["link"] = {
  status: "disconnected",
  bridge: "",
  channel: null,
  bssid: null,
  ssid: "",
  multiAp: false,
  psk: "",
  wpa: null,
  apMld: null,
};
