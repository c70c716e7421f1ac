/** Device models: which radios and ports a simulated device has, and what they can do. */

import { UserError } from "@opensync-ts/base/errors";
import {
  type ApAttributeName,
  type Band,
  type ChannelWidth,
  type LegacyRate,
  legacyRates,
  type PhyMode,
} from "@opensync-ts/target/radio";

/** As in `Wifi_Radio_Config.freq_band`. */
export type FreqBand = "2.4G" | "5G" | "5GL" | "5GU" | "6G";

export interface RadioModel {
  /** `wifi0` … */
  readonly phy: string;
  readonly band: Band;
  readonly freqBand: FreqBand;
  /** Ends the names of its vifs: `home-ap-24`. */
  readonly suffix: string;
  /** First and last channel number it covers. */
  readonly range: readonly [number, number];
  readonly widths: readonly ChannelWidth[];
  readonly chains: number;
  /** dBm */
  readonly maxTxPower: number;
  readonly generation: "ax" | "be";
  /** Where it starts, until told otherwise. */
  readonly channel: { readonly number: number; readonly width: ChannelWidth };
  /** Entries of lists that its firmware holds per vif; absent: no limit of its own. */
  readonly aclLimit?: number;
  readonly pskLimit?: number;
  readonly neighborLimit?: number;
  readonly radiusLimit?: number;
  /** Attributes of access points that its driver can neither set nor report. */
  readonly unsupported?: readonly ApAttributeName[];
  /** False: the driver does not state what it can do in its capabilities, but for the band. Default true. */
  readonly statesLimits?: boolean;
  /** Can check a channel for radars while it works on another. */
  readonly zeroWaitDfs?: boolean;
  /** Access points beside the usual four vifs. */
  readonly moreAps?: readonly string[];
  /** Vifs for the backhaul stations of an access point, by name. */
  readonly apVlans?: { readonly [name: string]: { readonly of: string } };
  /** Vifs that are links of a multi-link device, and its network interface. */
  readonly mlds?: { readonly [vif: string]: { readonly ifName: string } };
}

export interface DeviceModel {
  readonly name: string;
  readonly radios: readonly RadioModel[];
  /** The port towards the Internet, or towards the gateway. */
  readonly uplinkPort: string;
  readonly lanPorts: readonly string[];
  /** As it leaves the factory it is a router with a home network of its own. */
  readonly servesLan: boolean;
  readonly machine: MachineModel;
}

export interface MachineModel {
  readonly processors: number;
  /** In kB. */
  readonly memory: number;
  readonly fan: boolean;
}

export type DeviceModelName = "gateway" | "gateway-5gl-5gu" | "extender";

const wifi24: RadioModel = {
  phy: "wifi0",
  band: "2.4G",
  freqBand: "2.4G",
  suffix: "24",
  range: [1, 13],
  widths: [20, 40],
  chains: 2,
  maxTxPower: 20,
  generation: "ax",
  channel: { number: 6, width: 20 },
};

const wifi50: RadioModel = {
  phy: "wifi1",
  band: "5G",
  freqBand: "5G",
  suffix: "50",
  range: [36, 177],
  widths: [20, 40, 80, 160],
  chains: 4,
  maxTxPower: 23,
  generation: "ax",
  channel: { number: 36, width: 80 },
  zeroWaitDfs: true,
};

const wifi60: RadioModel = {
  phy: "wifi2",
  band: "6G",
  freqBand: "6G",
  suffix: "60",
  range: [1, 233],
  widths: [20, 40, 80, 160, 320],
  chains: 4,
  maxTxPower: 24,
  generation: "be",
  channel: { number: 37, width: 160 },
};

const gatewayMachine: MachineModel = { processors: 4, memory: 1_048_576, fan: true };

export const deviceModels: Readonly<Record<DeviceModelName, DeviceModel>> = {
  gateway: {
    name: "SIM-GW-6E",
    radios: [wifi24, { ...wifi50, generation: "be" }, wifi60],
    uplinkPort: "eth0",
    lanPorts: ["eth1"],
    servesLan: true,
    machine: gatewayMachine,
  },
  "gateway-5gl-5gu": {
    name: "SIM-GW-5LU",
    radios: [
      wifi24,
      { ...wifi50, freqBand: "5GL", suffix: "l50", range: [36, 64] },
      {
        ...wifi50,
        phy: "wifi2",
        freqBand: "5GU",
        suffix: "u50",
        range: [100, 177],
        widths: [20, 40, 80],
        channel: { number: 149, width: 80 },
      },
    ],
    uplinkPort: "eth0",
    lanPorts: ["eth1"],
    servesLan: true,
    machine: gatewayMachine,
  },
  extender: {
    name: "SIM-EXT-6",
    radios: [wifi24, { ...wifi50, chains: 2 }],
    uplinkPort: "eth0",
    lanPorts: ["eth1"],
    servesLan: false,
    machine: { processors: 2, memory: 524_288, fan: false },
  },
};

/** Throws a `UserError` naming the models there are. */
export function deviceModel(name: string): DeviceModel {
  if (Object.hasOwn(deviceModels, name)) return deviceModels[name as DeviceModelName];
  throw new UserError(`there is no simulated model '${name}'; use one of ${Object.keys(deviceModels).join(", ")}`);
}

/** 802.11n and ac do not exist on 6 GHz. */
export function modesOf(radio: Pick<RadioModel, "band" | "generation">): readonly PhyMode[] {
  const below6 = radio.band === "6G" ? [] : (["ht", "vht"] as const);
  return [...below6, "he", ...(radio.generation === "be" ? (["eht"] as const) : [])];
}

/** Those of DSSS and CCK exist on 2.4 GHz only. */
export function ratesOf({ band }: Pick<RadioModel, "band">): readonly LegacyRate[] {
  return band === "2.4G" ? legacyRates : legacyRates.filter((rate) => rate >= 6 && rate !== 11);
}

/** The vifs of a radio, which exist from the start. */
export function vifNames(
  radio: RadioModel,
): readonly { readonly name: string; readonly type: "ap" | "sta" | "ap_vlan" }[] {
  return [
    { name: `bhaul-sta-${radio.suffix}`, type: "sta" },
    { name: `bhaul-ap-${radio.suffix}`, type: "ap" },
    { name: `home-ap-${radio.suffix}`, type: "ap" },
    { name: `onboard-ap-${radio.suffix}`, type: "ap" },
    ...(radio.moreAps ?? []).map((name) => ({ name, type: "ap" as const })),
    ...Object.keys(radio.apVlans ?? {}).map((name) => ({ name, type: "ap_vlan" as const })),
  ];
}
