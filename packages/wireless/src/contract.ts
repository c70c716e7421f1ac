/**
 * The wireless core as its users see it (OWM's glue, tests, tools): intended configuration in, observed state and
 * settledness out. `startWireless` in `wireless.ts` makes one.
 */

import type { Emitter } from "@opensync-ts/base/emitter";
import type { Mac, Mhz } from "@opensync-ts/base/units";
import type {
  FrameToTransmit,
  ProbeRequest,
  ScanOutcome,
  ScanRequest,
  ScanResults,
  StatisticsReport,
  StatisticsRequest,
  WpsOutcome,
} from "@opensync-ts/target/driver";
import type {
  ApAttributes,
  ApMode,
  ApRates,
  Channel,
  PhyState,
  RadarDetection,
  RegulatoryDomain,
  StaNetwork,
  StationState,
  VifState,
  Wpa,
  ZeroWaitDfs,
} from "@opensync-ts/target/radio";
import type { StatsBus } from "./stats/contract.ts";
import type { WpsResult } from "./wps-job.ts";

export interface Wireless {
  readonly overrides: Overrides;
  readonly state: WirelessState;
  readonly confsync: ConfsyncView;
  readonly deferVifDown: DeferVifDown;
  readonly wps: WpsPushButton;
  readonly blocks: StationBlocks;
  readonly localNeighbors: GroupNeighbors;
  readonly stats: StatsBus;
  deauth(phy: string, vif: string, station: Mac, reason: number): void;
  /** Each of these returns false where the driver does not offer it. Results come as `state.events`. */
  deleteStation(phy: string, vif: string, station: Mac): boolean;
  requestStatistics(request: StatisticsRequest): boolean;
  /** Waits its turn on the phy. Its end is told in any case: `timed out` where the driver does not tell. */
  scan(phy: string, vif: string, scan: ScanRequest): boolean;
  transmit(frame: FrameToTransmit): boolean;
  /** Scans until the result is called. Throws a `RangeError` for a schedule that makes no sense, or when there are too many. */
  startScanSchedule(schedule: ScanSchedule): () => void;
  readonly scans: ScanCounters;
  stop(): void;
  /** What is not as intended, and why, as data. */
  explain(): ConfsyncExplanation;
  /** Intended and observed, what differs and what confsync did last, for people. */
  dump(): string;
}

/**
 * Passive scans at regular times (`osw_scan_sched`), of the first AP or STA vif by name that is on at the time. The
 * channels that vifs of the phy work on are skipped.
 */
export interface ScanSchedule {
  /** Names it in the log. */
  readonly name: string;
  readonly phy: string;
  /** Control frequencies, each scanned as a channel of 20 MHz. */
  readonly channels: readonly Mhz[];
  /** Milliseconds between scans, at multiples of it on the clock… */
  readonly period: number;
  /** …and so many milliseconds later; held within 0 to `period`. */
  readonly offset: number;
  /** Milliseconds on each channel. */
  readonly dwell: number;
  /** One channel each time, or all of them. */
  readonly mode: "round robin" | "all";
  /** Asked each time; false: not this time, and the next goes on where this would have been. */
  readonly allow?: () => boolean;
}

/**
 * What somebody has an opinion on. An attribute left out is inherited from the driver's state, so it can never be
 * out of sync.
 */
export interface Overrides {
  /** Replaces the opinions on a phy; `null` drops them. Setting what is set already changes nothing. */
  setPhy(phy: string, overrides: PhyOverrides | null): void;
  setVif(phy: string, vif: string, overrides: VifOverrides | null): void;
  /** Runs several calls as one change. */
  batch(change: () => void): void;
}

export interface PhyOverrides {
  readonly enabled?: boolean;
  readonly txChainmask?: number;
  readonly radar?: RadarDetection;
  readonly regDomain?: RegulatoryDomain;
  readonly zeroWaitDfs?: ZeroWaitDfs;
  /** dBm, for every AP and STA vif of the phy. */
  readonly txPower?: number;
  /** For every AP of the phy; a vif's own opinion wins, attribute by attribute. */
  readonly ap?: ApOverrides;
}

/**
 * Opinions on an access point. `mode`, `rates` and `wpa` are merged member by member (`Wifi_Radio_Config.hw_mode` has a say on
 * `he`, `Wifi_VIF_Config.rrm` on `rrmNeighborReport`); every other attribute is replaced as a whole.
 */
export type ApOverrides = Partial<Omit<ApAttributes, "mode" | "rates" | "wpa">> & {
  readonly mode?: Partial<ApMode>;
  readonly rates?: Partial<ApRates>;
  readonly wpa?: Partial<Wpa>;
};

export interface VifOverrides {
  readonly enabled?: boolean;
  readonly ap?: ApOverrides;
  readonly sta?: { readonly networks: readonly StaNetwork[] };
}

/** Keeps access points up for a while when they are to go down, so that their stations can be steered away. */
export interface DeferVifDown {
  /** `grace` in milliseconds. The result removes the rule: what it keeps up goes down then. */
  addRule(vif: string, grace: number, observer: DeferObserver): () => void;
}

/** `stopped` follows each `started`, for whatever reason: time is up, no stations are left, or it stays up after all. */
export interface DeferObserver {
  started(vif: string): void;
  stopped(vif: string): void;
}

/** Access points that refuse a station for now, besides what their ACL says. */
export interface StationBlocks {
  /** False: there are too many. What is set already changes nothing. */
  setBlocked(vif: string, station: Mac, blocked: boolean): boolean;
  /** Its own ACL refuses the station. */
  refusedAnyway(vif: string, station: Mac): boolean;
}

/** Access points of one group tell stations of each other. */
export interface GroupNeighbors {
  /** Groups by access point; replaces those of before. */
  setGroups(groups: ReadonlyMap<string, string>): void;
}

export interface WpsPushButton {
  /**
   * Presses the button of an access point, as soon as it is up: a client may fetch `psk` within the walk time of two
   * minutes. A press that is in force there already is cancelled. `onResult` is called once.
   */
  push(vif: string, psk: string, onResult: (result: WpsResult) => void): WpsPress;
}

export interface WpsPress {
  cancel(): void;
  /** As `cancel`, for an owner that has lost interest: the result is `unspecified`. */
  drop(): void;
}

/** How scans ended; `refused`: not even begun, as too many waited, or the driver has none. */
export interface ScanCounters {
  readonly done: number;
  readonly failed: number;
  readonly aborted: number;
  readonly timedOut: number;
  readonly refused: number;
}

/** What drivers have reported. */
export interface WirelessState {
  readonly phys: ReadonlyMap<string, PhyState>;
  /** By vif name. */
  readonly vifs: ReadonlyMap<string, VifState>;
  /** By vif name, then station address. */
  readonly stations: ReadonlyMap<string, ReadonlyMap<Mac, StationState>>;
  /** Nothing asked of a driver is unanswered. */
  readonly idle: boolean;
  readonly events: Emitter<WirelessStateEvents>;
}

export interface WirelessStateEvents {
  /** `new` is null when it has gone, `old` when it has come. */
  phy: { readonly name: string; readonly old: PhyState | null; readonly new: PhyState | null };
  vif: { readonly name: string; readonly phy: string; readonly old: VifState | null; readonly new: VifState | null };
  station: {
    readonly mac: Mac;
    readonly vif: string;
    readonly old: StationState | null;
    readonly new: StationState | null;
  };
  idle: boolean;
  /** A STA vif heard its access point announce a switch to `channel`, which may be one of another phy. */
  channelSwitchHeard: { readonly phy: string; readonly vif: string; readonly channel: Channel };
  wps: { readonly phy: string; readonly vif: string; readonly outcome: WpsOutcome };
  probeRequest: { readonly phy: string; readonly vif: string; readonly probe: ProbeRequest };
  frameReceived: { readonly phy: string; readonly vif: string; readonly frame: Uint8Array };
  frameTransmitted: { readonly token: number; readonly result: "submitted" | "failed" };
  scanResults: ScanResults;
  scanCompleted: { readonly phy: string; readonly vif: string; readonly reason: ScanOutcome };
  /** A station was refused; `invalidPsk`: for a wrong key. */
  authFailed: { readonly phy: string; readonly vif: string; readonly station: Mac; readonly invalidPsk: boolean };
  statistics: StatisticsReport;
}

export type ConfsyncState = "IDLE" | "REQUESTING" | "WAITING" | "VERIFYING";

export interface ConfsyncView {
  readonly state: ConfsyncState;
  readonly settled: boolean;
  /** What still differs, in words: `wifi0/home-ap-24: ssid`. Empty when settled. */
  readonly unsettled: readonly string[];
  /** Changes held back for now, which does not make anything unsettled: `wifi1/home-ap-50: waits for the CAC of wifi1`. */
  readonly postponed: readonly string[];
  /** Intent beyond what drivers say they can do. It is cut down, applied and settled; this says what is missing. */
  readonly limitations: readonly Limitation[];
  readonly events: Emitter<ConfsyncEvents>;
}

/** *asked 85, holds 64, these 21 are not enforced: …*. */
export interface Limitation {
  readonly phy: string;
  /** null: of the phy itself. */
  readonly vif: string | null;
  /** As in the log: `acl`, `psk_list`, `tx_power_dbm` … */
  readonly attribute: string;
  readonly asked: string;
  readonly holds: string;
  /** The entries left out, where the attribute is a list; PSKs by key id only. */
  readonly notEnforced: readonly string[];
  /** What is missing and what to do, where somebody can do something. */
  readonly advice?: string;
}

/** Why confsync is where it is; plain data for people and programs, without secrets. */
export interface ConfsyncExplanation {
  readonly state: ConfsyncState;
  readonly settled: boolean;
  /** One for each phy and each vif, by name; at the end those that are announced and have never been reported. */
  readonly objects: readonly ObjectExplanation[];
}

export interface ObjectExplanation {
  /** `wifi0` or `wifi0/home-ap-24`. */
  readonly object: string;
  /** Only attributes that differ from what is intended, or from what was asked for. */
  readonly attributes: readonly AttributeExplanation[];
}

export interface AttributeExplanation {
  /** As in the log: `ssid_hidden`. */
  readonly attribute: string;
  readonly intended: string;
  readonly actual: string;
  /**
   * `asked`: the driver has been asked and not reported it yet. `postponed`: something else comes first. `limited`: beyond what the
   * driver can do, settled at less. `quarantined`: the driver does not do it; it is asked again at longer and longer intervals.
   */
  readonly status: "asked" | "postponed" | "limited" | "quarantined";
  /** One sentence. */
  readonly why: string;
}

export interface ConfsyncEvents {
  transition: { readonly from: ConfsyncState; readonly to: ConfsyncState; readonly reason: string };
  settled: { readonly requests: number };
  unsettled: { readonly differences: readonly string[] };
  /** All that now hold, after any came or went. */
  limitations: readonly Limitation[];
}
