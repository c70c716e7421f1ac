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
  /** Answered by `scanCompleted`. One scan per vif at a time. */
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
  scanCompleted(phy: string, vif: string, reason: "done" | "failed" | "aborted" | "timed out"): void;
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
  readonly channels: readonly Mhz[];
  /** Milliseconds on each channel. */
  readonly dwell: number;
  readonly passive: boolean;
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
}

/** Counters run on from the start of what they count; they begin anew with an association or a restart of the driver. */
export interface StatisticsReport {
  readonly phy: string;
  /** Monotonic milliseconds of the clock. */
  readonly at: number;
  readonly stations: readonly StationStatistics[];
  readonly survey: readonly ChannelSurvey[];
}

export interface StationStatistics {
  readonly vif: string;
  readonly station: Mac;
  readonly snr: Db;
  readonly txBytes: number;
  readonly rxBytes: number;
  readonly txFrames: number;
  readonly rxFrames: number;
  readonly txRetries: number;
  readonly txErrors: number;
  readonly rxErrors: number;
  /** Mbit/s. */
  readonly txRate: number;
  readonly rxRate: number;
}

/** Milliseconds since the radio began to count, by what the channel was used for. */
export interface ChannelSurvey {
  readonly control: Mhz;
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
