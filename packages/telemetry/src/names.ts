/** The enumerations of the messages, under the names that the tables of OpenSync use for the same things. */

import {
  BSEventType,
  ChanWidth,
  DiffType,
  DisconnectSrc,
  DisconnectType,
  FsType,
  NeighborType,
  PowerSupplyType,
  RadioBandType,
  ReportType,
  RssiPeer_RssiSource,
  SurveyType,
  WmmAc,
} from "./gen/opensync_stats_pb.ts";

/** Names of the numbers of an enumeration, one to one. */
export class Names<Name extends string, Value extends number> {
  readonly names: readonly Name[];
  readonly #values: Readonly<Record<Name, Value>>;
  readonly #byValue: ReadonlyMap<number, Name>;

  constructor(values: Readonly<Record<Name, Value>>) {
    this.#values = values;
    this.names = Object.keys(values) as Name[];
    this.#byValue = new Map(this.names.map((name) => [values[name], name]));
  }

  value(name: Name): Value {
    return this.#values[name];
  }

  /** The decoder has put aside what is not in the enumeration, so that every value it gives has a name. */
  name(value: Value): Name {
    const name = this.#byValue.get(value);
    if (name === undefined) throw new RangeError(`no name for ${value}`);
    return name;
  }
}

export type NameOf<N> = N extends Names<infer Name, number> ? Name : never;

/** As `Wifi_Stats_Config.radio_type` has them. */
export const bands = new Names({
  "2.4G": RadioBandType.BAND2G,
  "5G": RadioBandType.BAND5G,
  "5GL": RadioBandType.BAND5GL,
  "5GU": RadioBandType.BAND5GU,
  "6G": RadioBandType.BAND6G,
});
export type Band = NameOf<typeof bands>;

/** As `Wifi_Stats_Config.survey_type` has them. */
export const surveyTypes = new Names({
  "on-chan": SurveyType.ON_CHANNEL,
  "off-chan": SurveyType.OFF_CHANNEL,
  full: SurveyType.FULL,
});
export type SurveyKind = NameOf<typeof surveyTypes>;

/** The same words for neighbor scans, which have an enumeration of their own. */
export const scanTypes = new Names({
  "on-chan": NeighborType.ONCHAN_SCAN,
  "off-chan": NeighborType.OFFCHAN_SCAN,
  full: NeighborType.FULL_SCAN,
});
export type ScanKind = NameOf<typeof scanTypes>;

/** As `Wifi_Stats_Config.report_type` has them. */
export const reportTypes = new Names({
  raw: ReportType.RAW,
  average: ReportType.AVERAGE,
  histogram: ReportType.HISTOGRAM,
  percentile: ReportType.PERCENTILE,
  diff: ReportType.DIFF,
});
export type ReportKind = NameOf<typeof reportTypes>;

export const widths = new Names({
  unknown: ChanWidth.CHAN_WIDTH_UNKNOWN,
  "20MHz": ChanWidth.CHAN_WIDTH_20MHZ,
  "40MHz": ChanWidth.CHAN_WIDTH_40MHZ,
  "40MHz above": ChanWidth.CHAN_WIDTH_40MHZ_ABOVE,
  "40MHz below": ChanWidth.CHAN_WIDTH_40MHZ_BELOW,
  "80MHz": ChanWidth.CHAN_WIDTH_80MHZ,
  "160MHz": ChanWidth.CHAN_WIDTH_160MHZ,
  "80+80MHz": ChanWidth.CHAN_WIDTH_80_PLUS_80MHZ,
  "320MHz": ChanWidth.CHAN_WIDTH_320MHZ,
});
export type Width = NameOf<typeof widths>;

export const fileSystems = new Names({ rootfs: FsType.ROOTFS, tmpfs: FsType.TMPFS });
export type FileSystem = NameOf<typeof fileSystems>;

export const powerSupplies = new Names({
  unknown: PowerSupplyType.PS_TYPE_UNKNOWN,
  ac: PowerSupplyType.PS_TYPE_AC,
  battery: PowerSupplyType.PS_TYPE_BATTERY,
  poe: PowerSupplyType.PS_TYPE_POE,
  "poe+": PowerSupplyType.PS_TYPE_POE_PLUS,
});
export type PowerSupply = NameOf<typeof powerSupplies>;

/** The rest goes by the names of the enumeration itself. */
export const accessCategories = new Names(WmmAc);
export type AccessCategory = NameOf<typeof accessCategories>;
export const steeringEvents = new Names(BSEventType);
export const disconnectSources = new Names(DisconnectSrc);
export type DisconnectSource = NameOf<typeof disconnectSources>;
export const disconnectTypes = new Names(DisconnectType);
export type DisconnectKind = NameOf<typeof disconnectTypes>;
export const differences = new Names(DiffType);
export type Difference = NameOf<typeof differences>;
export const rssiSources = new Names(RssiPeer_RssiSource);
export type RssiSource = NameOf<typeof rssiSources>;
