/** Radios, access points and stations for tests: plausible ones, each attribute replaceable. */

import { mac } from "@opensync-ts/base/units";
import { channelNumbers, channelOf, isDfs } from "@opensync-ts/target/channels";
import { noLink, plainAp, plainMode } from "@opensync-ts/target/plain-ap";
import type {
  ApAttributes,
  Band,
  Channel,
  ChannelWidth,
  PhyState,
  StationState,
  StaVifState,
  VifState,
  Wpa,
} from "@opensync-ts/target/radio";

export const wpa2: Wpa = {
  wpa: false,
  rsn: true,
  akm: ["psk"],
  pairwise: ["ccmp"],
  pmf: "disabled",
  beaconProtection: false,
  groupRekey: -1,
};

export const wpa3: Wpa = { ...wpa2, akm: ["sae"], pmf: "required" };

/** Throws where the band has no such channel. */
export function channel(band: Band, number: number, width: ChannelWidth = 20): Channel {
  const found = channelOf({ band, number, width });
  if (!found) throw new RangeError(`${band} has no channel ${number} of ${width} MHz`);
  return found;
}

export function phyState(name: string, over: Partial<PhyState> & { band?: Band } = {}): PhyState {
  const { band = "2.4G", ...rest } = over;
  return {
    name,
    mac: mac("02:00:00:00:00:01"),
    enabled: true,
    txChainmask: 3,
    radar: band === "5G" ? "enabled" : "unsupported",
    radarNextChannel: null,
    regDomain: { country: "US", isoNumber: 840, revision: 0, dfs: "fcc" },
    channelStates: channelNumbers[band].map((number) => {
      const { control } = channel(band, number);
      return { control, dfs: isDfs(control) ? "cac_possible" : "non_dfs", nolRemaining: 0 };
    }),
    zeroWaitDfs: "unsupported",
    punctureSupported: false,
    capabilities: { band },
    ...rest,
  };
}

export const ap: ApAttributes = {
  ...plainAp,
  bridge: "br-home",
  channel: channel("2.4G", 1),
  mode: {
    ...plainMode,
    wnmBssTransition: true,
    rrmNeighborReport: true,
    wmm: true,
    wmmUapsd: true,
    ht: true,
    he: true,
  },
  ssid: "home",
  wpa: wpa2,
  psks: [{ keyId: 0, psk: "correct horse" }],
};

type VifOver = Partial<Omit<VifState, "type" | "ap" | "sta" | "stations">>;

export function apVif(phy: string, name: string, over: Partial<ApAttributes> = {}, vif: VifOver = {}): VifState {
  const common = { name, phy, mac: mac("02:00:00:00:01:01"), status: "enabled", txPower: 20 } as const;
  return { ...common, ...vif, type: "ap", ap: { ...ap, ...over, mld: null } };
}

export const linkDown: StaVifState["link"] = noLink;

export function staVif(phy: string, name: string, over: Partial<StaVifState> = {}, vif: VifOver = {}): VifState {
  const common = { name, phy, mac: mac("02:00:00:00:02:01"), status: "enabled", txPower: 20 } as const;
  return { ...common, ...vif, type: "sta", sta: { link: linkDown, networks: [], mld: null, ...over } };
}

/** The n-th of a series of addresses. */
export function macNumber(n: number): ReturnType<typeof mac> {
  return mac(`0a:00:00:00:${hexByte(n >> 8)}:${hexByte(n & 0xff)}`);
}

export function station(phy: string, vif: string, over: Partial<StationState> = {}): StationState {
  const security = { keyId: 0, pmf: false, akm: "psk", pairwise: "ccmp" } as const;
  return { mac: macNumber(1), phy, vif, connectedAt: 0, ...security, snr: 40, mldAddr: null, ...over };
}

function hexByte(n: number): string {
  return n.toString(16).padStart(2, "0");
}
