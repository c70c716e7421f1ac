/**
 * The contract between OWM and a radio driver. A driver owns its phys and vifs; it says that something *changed*,
 * is *asked* for the state, and *reports* it. A configuration request gets no answer: its effect shows in the
 * reports that follow. `testing/driver-conformance.ts` holds
 * what every driver must keep to, as tests to run against it.
 */

import type { Db, Dbm, Mac, Mhz } from "@opensync-ts/base/units";
import type {
  ApAttributes,
  Channel,
  ChannelWidth,
  PhyState,
  RadarDetection,
  RegulatoryDomain,
  StaNetwork,
  StationState,
  VifState,
  ZeroWaitDfs,
} from "./radio.ts";

/** Operations with a question mark may be missing: what they would do is then not done, and the caller is told. */
export interface RadioDriver {
  /** Names the driver in logs and dumps. */
  readonly name: string;
  /** Starts reporting to `events`; phys and vifs that exist already are announced by `phyChanged` and `vifChanged`. */
  start(events: RadioDriverEvents): void;
  stop(): void;
  /**
   * The phys it has, and the vifs of one of them, for those who may have missed an announcement. A phy or vif that is not there
   * right now may be among them: its report says so.
   */
  phyNames?(): readonly string[];
  vifNamesOf?(phy: string): readonly string[];
  /** Each is answered, some time later, by the event of the same name. */
  requestPhyState(phy: string): void;
  requestVifState(phy: string, vif: string): void;
  requestStationState(phy: string, vif: string, station: Mac): void;
  /** Asks for changes; only attributes that are to change are present. */
  requestConfig(request: ConfigRequest): void;
  /** Deauthenticates with an IEEE 802.11 reason code. */
  requestDeauth(phy: string, vif: string, station: Mac, reason: number): void;
  /** Forgets a station without telling it. */
  requestStationDelete?(phy: string, vif: string, station: Mac): void;
  /** Answered by `statistics`, with as much of it as the driver knows. */
  requestStatistics?(request: StatisticsRequest): void;
  /**
   * Answered by `scanCompleted`, after the `scanResults` of what was heard. One scan per vif at a time: another one fails, as does
   * one of channels that the phy does not list. A scan ends (`aborted`) with its vif, and when the channel in use changes.
   */
  requestScan?(phy: string, vif: string, scan: ScanRequest): void;
  /** Answered by `frameTransmitted` with the same `token`. One frame at a time. */
  transmitFrame?(frame: FrameToTransmit): void;
}

/** `null` in a report: it exists no longer. */
export interface RadioDriverEvents {
  phyChanged(phy: string): void;
  phyState(phy: string, state: PhyState | null): void;
  vifChanged(phy: string, vif: string): void;
  vifState(phy: string, vif: string, state: VifState | null): void;
  stationChanged(phy: string, vif: string, station: Mac): void;
  stationState(phy: string, vif: string, station: Mac, state: StationState | null): void;
  /** A channel switch of an access point has begun and will end on `channel`. */
  channelSwitchStarted(phy: string, vif: string, channel: Channel): void;
  /** A STA vif heard its access point announce a switch. `channel` may be one of another phy. */
  channelSwitchHeard(phy: string, vif: string, channel: Channel): void;
  /** What became of a push button. */
  wps(phy: string, vif: string, outcome: WpsOutcome): void;
  probeRequest(phy: string, vif: string, probe: ProbeRequest): void;
  /** A management frame was received, header included. */
  frameReceived(phy: string, vif: string, frame: Uint8Array): void;
  frameTransmitted(token: number, result: "submitted" | "failed"): void;
  /** What a scan has heard, all at once or bit by bit, before it is completed. */
  scanResults(results: ScanResults): void;
  scanCompleted(phy: string, vif: string, outcome: ScanOutcome): void;
  /** A station was refused. A driver that cannot tell says nothing. */
  authFailed(phy: string, vif: string, failure: AuthFailure): void;
  statistics(report: StatisticsReport): void;
  /** Events were lost: everything is to be asked for again. Phys and vifs that may have been missed are announced after it. */
  overrun(): void;
}

export type WpsOutcome = "success" | "overlap" | "pbc_timeout";

export interface ProbeRequest {
  readonly station: Mac;
  readonly snr: Db;
  /** "" = any. */
  readonly ssid: string;
}

export interface ScanRequest {
  /** Control frequencies; each is scanned as a channel of 20 MHz. */
  readonly channels: readonly Mhz[];
  /** Milliseconds on each channel. */
  readonly dwell: number;
  readonly passive: boolean;
}

/** `timed out`: the hardware did not end it. */
export type ScanOutcome = "done" | "failed" | "aborted" | "timed out";

export interface ScanResults {
  readonly phy: string;
  /** The vif that was told to scan. */
  readonly vif: string;
  /** Monotonic milliseconds of the clock. */
  readonly at: number;
  readonly bsses: readonly HeardBss[];
}

/** A BSS by its beacon or probe response. What the driver does not say may follow from the elements. */
export interface HeardBss {
  readonly bssid: Mac;
  readonly snr: Db;
  /** Centre of its primary 20 MHz. */
  readonly control?: Mhz;
  readonly width?: ChannelWidth;
  readonly center0?: Mhz;
  readonly center1?: Mhz;
  /** Octets, up to 32; none: hidden. */
  readonly ssid?: Uint8Array;
  /** Elements as they were received (IEEE 802.11-2020 §9.4.2). */
  readonly ies?: Uint8Array;
}

export interface AuthFailure {
  readonly station: Mac;
  /** Its key was wrong; else it was refused for another reason (ACL, too many stations, too weak …). */
  readonly invalidPsk: boolean;
}

export interface FrameToTransmit {
  readonly phy: string;
  readonly vif: string;
  /** A whole management frame, header included, without check sequence. */
  readonly frame: Uint8Array;
  /** The driver's answer bears it. */
  readonly token: number;
}

export interface StatisticsRequest {
  readonly phy: string;
  readonly stations: boolean;
  readonly survey: boolean;
  readonly temperature?: boolean;
  /** BSSs that are heard without a scan, on the channels in use. */
  readonly bsses?: boolean;
}

/**
 * Counters run on from the start of what they count, also through changes of the channel; they begin anew with an association or a
 * restart of the driver.
 */
export interface StatisticsReport {
  readonly phy: string;
  /** Monotonic milliseconds of the clock. */
  readonly at: number;
  readonly stations: readonly StationStatistics[];
  readonly survey: readonly ChannelSurvey[];
  /** Degrees Celsius. */
  readonly temperature?: number;
  readonly bsses?: readonly HeardBss[];
  /** Nobody has asked: the last counters of a station that leaves, the channels of a scan. No answer to a request. */
  readonly pushed?: boolean;
}

export interface StationStatistics {
  readonly vif: string;
  readonly station: Mac;
  /** When it began to count, monotonic ms; left out where the driver cannot tell to the millisecond. */
  readonly since?: number;
  readonly snr: Db;
  readonly txBytes: number;
  readonly rxBytes: number;
  readonly txFrames: number;
  readonly rxFrames: number;
  readonly txRetries: number;
  readonly txErrors: number;
  readonly rxRetries: number;
  readonly rxErrors: number;
  /** Mbit/s. */
  readonly txRate: number;
  readonly rxRate: number;
}

/** Milliseconds since the radio began to count, by what the channel was used for. */
export interface ChannelSurvey {
  readonly control: Mhz;
  /** When it began to count, monotonic ms; left out where the driver cannot tell to the millisecond. */
  readonly since?: number;
  readonly active: number;
  readonly busy: number;
  readonly tx: number;
  readonly rx: number;
  readonly rxSelf: number;
  readonly noise: Dbm;
}

export interface ConfigRequest {
  readonly phys: readonly PhyRequest[];
}

/** Attributes left out stay as they are. */
export interface PhyRequest {
  readonly name: string;
  readonly enabled?: boolean;
  readonly txChainmask?: number;
  readonly radar?: RadarDetection;
  readonly radarNextChannel?: Channel | null;
  readonly regDomain?: RegulatoryDomain;
  readonly zeroWaitDfs?: ZeroWaitDfs;
  readonly vifs: readonly VifRequest[];
}

export interface VifRequest {
  readonly name: string;
  readonly enabled?: boolean;
  readonly txPower?: Dbm;
  readonly ap?: Partial<ApAttributes> & {
    /** The channel change can be announced (CSA) instead of restarting the BSS. */
    readonly csaRequired?: boolean;
  };
  readonly sta?: { readonly operation: "connect" | "disconnect" | null; readonly networks?: readonly StaNetwork[] };
}
