/** What steering, and the cloud, want to know of a client, from what it said when it associated. */

import { bandOf, widthMhz } from "../channels.ts";
import type { Band, Channel, ChannelWidth } from "../radio.ts";
import { operatingClass } from "./operating-class.ts";
import { type StationCapabilities, supportsBtm } from "./station-capabilities.ts";

/** As telemetry reports it (`CLIENT_CAPABILITIES`). */
export interface ClientCapabilities {
  readonly btm: boolean;
  /** It measures beacons actively. */
  readonly rrm: boolean;
  /** 0 = 20, 1 = 40, 2 = 80, 3 = 160, 4 = 80+80, 5 = 320 MHz. */
  readonly maxWidth: number;
  readonly maxStreams: number;
  /** Always 0, as deployed devices have it. */
  readonly phyMode: number;
  /** Of the latest generation that it knows. */
  readonly maxMcs: number;
  /** Not less than 0. */
  readonly maxTxPowerDbm: number;
  readonly staticSmps: boolean;
  readonly muMimo: boolean;
  readonly band2G: boolean;
  readonly band5G: boolean;
  readonly band6G: boolean;
  readonly rrmLinkMeasurement: boolean;
  readonly rrmNeighborReport: boolean;
  readonly rrmBeaconPassive: boolean;
  readonly rrmBeaconActive: boolean;
  readonly rrmBeaconTable: boolean;
  readonly rrmLciMeasurement: boolean;
  readonly rrmFtmRange: boolean;
}

/** `channel`: that of the access point to which it said it, beyond whose width no client is. */
export function clientCapabilities(station: StationCapabilities, channel: Channel): ClientCapabilities {
  const { rm, power, ht, vht, he, eht, smPowerSave6 } = station;
  const bands = bandsOf(station);
  return {
    btm: supportsBtm(station),
    rrm: rm?.beaconActive ?? false,
    maxWidth: widthCodes[clientWidth(station, channel)],
    maxStreams: Math.max(1, ...[ht, vht, he, eht].map((each) => each?.streams ?? 1)),
    phyMode: 0,
    maxMcs: (eht ?? he ?? vht ?? ht)?.maxMcs ?? 0,
    maxTxPowerDbm: Math.max(0, power?.max ?? 0),
    staticSmps: (ht?.smPowerSave ?? smPowerSave6) === "static",
    muMimo: vht?.muBeamformee ?? false,
    band2G: bands.has("2.4G"),
    band5G: bands.has("5G"),
    band6G: bands.has("6G"),
    rrmLinkMeasurement: rm?.linkMeasurement ?? false,
    rrmNeighborReport: rm?.neighborReport ?? false,
    rrmBeaconPassive: rm?.beaconPassive ?? false,
    rrmBeaconActive: rm?.beaconActive ?? false,
    rrmBeaconTable: rm?.beaconTable ?? false,
    rrmLciMeasurement: rm?.lciMeasurement ?? false,
    rrmFtmRange: rm?.ftmRangeReport ?? false,
  };
}

/** The bands of its operating classes, or else of its channels; none where it has named neither. */
export function bandsOf({ operatingClasses, channels = [] }: StationCapabilities): ReadonlySet<Band> {
  const classes = operatingClasses ? [operatingClasses.current, ...operatingClasses.supported] : [];
  const named = classes.flatMap((each) => operatingClass(each)?.band ?? []);
  if (operatingClasses) return new Set(named);
  return new Set(channels.map((number) => (number <= 14 ? "2.4G" : "5G")));
}

/** The widest that the client and an access point on `channel` can use with each other. */
export function clientWidth(station: StationCapabilities, channel: Channel): ChannelWidth {
  const own = widthsOn(station, bandOf(channel.control));
  const usable = own.filter((width) => fits(width, channel.width));
  return usable.reduce<ChannelWidth>((widest, each) => (rank(each) > rank(widest) ? each : widest), 20);
}

const widthCodes: Readonly<Record<ChannelWidth, number>> = { 20: 0, 40: 1, 80: 2, 160: 3, "80p80": 4, 320: 5 };

/** A client that knows 160 MHz only does not receive two halves, one that knows both receives either. */
function fits(width: ChannelWidth, offered: ChannelWidth): boolean {
  return width === offered || widthMhz(width) < widthMhz(offered);
}

function rank(width: ChannelWidth): number {
  return widthMhz(width) + (width === "80p80" ? 1 : 0);
}

function widthsOn({ ht, vht, he, eht }: StationCapabilities, band: Band | null): ChannelWidth[] {
  const upTo = (width: ChannelWidth): ChannelWidth[] => allWidths.filter((each) => rank(each) <= rank(width));
  const ht40 = ht?.width === 40;
  if (band === "2.4G") return upTo(ht40 || he?.width2g === 40 ? 40 : 20);
  if (band === "6G") return [...upTo(he?.width ?? 20), ...(eht?.width320 ? ([320] as const) : [])];
  return [...upTo(ht40 ? 40 : 20), ...(vht ? upTo(vht.width) : []), ...(he ? upTo(he.width) : [])];
}

const allWidths: readonly ChannelWidth[] = [20, 40, 80, 160, "80p80", 320];
