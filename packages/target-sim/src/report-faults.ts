/** What becomes of a true report in a driver that reports badly. */

import { type Mac, mac } from "@opensync-ts/base/units";
import { noLink, noRates, openWpa, plainAp, plainMode } from "@opensync-ts/target/plain-ap";
import type { ApState, Channel, PhyState, VifState, Wpa } from "@opensync-ts/target/radio";
import type { Faults } from "./faults.ts";

type ReportFaults = Pick<Faults, "wrong" | "malformed" | "blank" | "respelled" | "broken">;

export function distortedPhy(state: PhyState, faults: ReportFaults): PhyState {
  if (faults.blank) return blankPhy(state);
  if (faults.malformed === "name") return { ...state, name: otherName(state.name) };
  if (faults.malformed === "values") {
    return {
      ...state,
      txChainmask: -1,
      channelStates: [{ control: 1, dfs: "non_dfs", nolRemaining: -1 }],
      radarNextChannel: impossibleChannel,
    };
  }
  if (faults.respelled) {
    return { ...state, mac: shout(state.mac), channelStates: state.channelStates.toReversed() };
  }
  return state;
}

export function distortedVif(state: VifState, faults: ReportFaults): VifState {
  if (faults.blank) return blankVif(state);
  let distorted: VifState = faults.broken ? { ...state, status: "broken" } : state;
  if (distorted.type === "ap" && Object.keys(faults.wrong).length > 0) {
    distorted = { ...distorted, ap: { ...distorted.ap, ...faults.wrong } };
  }
  if (faults.malformed === "name") return { ...distorted, name: otherName(state.name) };
  if (faults.malformed === "values") return impossibleVif(distorted);
  return faults.respelled ? respelledVif(distorted) : distorted;
}

const nobody = mac("00:00:00:00:00:00");
const otherName = (name: string) => `${name}-0`;
const impossibleChannel: Channel = { control: 1, width: 80, center0: -1, center1: 0, puncture: 0xffff };

function blankPhy({ name, capabilities: { band } }: PhyState): PhyState {
  return {
    name,
    mac: nobody,
    enabled: false,
    txChainmask: 0,
    radar: "unsupported",
    radarNextChannel: null,
    regDomain: null,
    zeroWaitDfs: "unsupported",
    channelStates: [],
    punctureSupported: false,
    capabilities: { band },
  };
}

function blankVif({ name, phy, type }: VifState): VifState {
  const common = { name, phy, mac: nobody, status: "unknown" as const, txPower: 0 };
  switch (type) {
    case "ap":
      return { ...common, type, ap: { ...plainAp, beaconInterval: 0, mode: plainMode, rates: noRates, mld: null } };
    case "sta":
      return { ...common, type, sta: { networks: [], link: { ...noLink, status: "unknown" }, mld: null } };
    case "ap_vlan":
      return { ...common, type, stations: [] };
  }
}

function impossibleVif(state: VifState): VifState {
  if (state.type !== "ap") return { ...state, txPower: -1000 };
  const ap: ApState = {
    ...state.ap,
    ssid: "\0".repeat(40),
    beaconInterval: -1,
    channel: impossibleChannel,
    acl: ["not an address" as Mac],
    wpa: { ...openWpa, rsn: true },
    maxSta: -1,
  };
  return { ...state, txPower: -1000, ap };
}

function respelledVif(state: VifState): VifState {
  const common = { ...state, mac: shout(state.mac) };
  if (common.type !== "ap") return common;
  const { ap } = common;
  return {
    ...common,
    ap: {
      ...ap,
      acl: ap.acl.map(shout).toReversed(),
      psks: ap.psks.toReversed(),
      wpa: respelledWpa(ap.wpa),
      neighbors: ap.neighbors.map((each) => ({ ...each, bssid: shout(each.bssid) })).toReversed(),
      ftNeighbors: ap.ftNeighbors.map((each) => ({ ...each, bssid: shout(each.bssid) })).toReversed(),
      wpsCredentials: ap.wpsCredentials.toReversed(),
      rates: { ...ap.rates, supported: ap.rates.supported.toReversed(), basic: ap.rates.basic.toReversed() },
      ftEncrKey: ap.ftEncrKey.toUpperCase(),
    },
  };
}

function respelledWpa(wpa: Wpa): Wpa {
  return { ...wpa, akm: wpa.akm.toReversed(), pairwise: wpa.pairwise.toReversed() };
}

function shout(address: Mac): Mac {
  return address.toUpperCase() as Mac;
}
