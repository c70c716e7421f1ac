/**
 * The contract between OWM and a radio driver. A driver owns its phys and vifs; it says that something *changed*,
 * is *asked* for the state, and *reports* it. A configuration request gets no answer: its effect shows in the
 * reports that follow.
 */

import type { Dbm, Mac } from "@opensync-ts/base/units";
import type {
  ApAttributes,
  Channel,
  PhyState,
  RadarDetection,
  RegulatoryDomain,
  StaNetwork,
  StationState,
  VifState,
} from "./radio.ts";

export interface RadioDriver {
  /** Names the driver in logs and dumps. */
  readonly name: string;
  /** Starts reporting to `events`; phys and vifs that exist already are announced by `phyChanged` and `vifChanged`. */
  start(events: RadioDriverEvents): void;
  stop(): void;
  /** Each is answered, some time later, by the event of the same name. */
  requestPhyState(phy: string): void;
  requestVifState(phy: string, vif: string): void;
  requestStationState(phy: string, vif: string, station: Mac): void;
  /** Asks for changes; only attributes that are to change are present. */
  requestConfig(request: ConfigRequest): void;
  /** Deauthenticates with an IEEE 802.11 reason code. */
  requestDeauth(phy: string, vif: string, station: Mac, reason: number): void;
}

/** `null` in a report: it exists no longer. */
export interface RadioDriverEvents {
  phyChanged(phy: string): void;
  phyState(phy: string, state: PhyState | null): void;
  vifChanged(phy: string, vif: string): void;
  vifState(phy: string, vif: string, state: VifState | null): void;
  stationChanged(phy: string, vif: string, station: Mac): void;
  stationState(phy: string, vif: string, station: Mac, state: StationState | null): void;
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
