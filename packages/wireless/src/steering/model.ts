/**
 * What steering decides on, as plain data: the BSSs that a station can be on, where it is, what is known of it, and
 * what has happened since the last decision.
 */

import type { Db, Mac, Mhz } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/target/radio";

/** A BSS with a known channel: one of our access points, or a neighbour of one. */
export interface Bss {
  readonly bssid: Mac;
  /** Of the multi-link device that it is part of. */
  readonly mldAddr: Mac | null;
  /** Our access point; null: another node's. */
  readonly vif: string | null;
  readonly band: Band;
  /** Control frequency. */
  readonly control: Mhz;
  readonly channel: number;
  readonly opClass: number;
  /** On a channel where radar is watched for. */
  readonly dfs: boolean;
  /** One of ours that is about to go down. */
  readonly leaving: boolean;
  /** `Wifi_VIF_Neighbors.priority`: lower is better. */
  readonly priority: number | null;
  /** Share of the channel's time in use, percent. */
  readonly load: number | null;
}

export interface Link {
  /** The station's address on this link. */
  readonly address: Mac;
  readonly vif: string;
  readonly bssid: Mac;
  /** Monotonic ms. */
  readonly connectedAt: number;
  /** Smoothed; null: unknown. */
  readonly snr: Db | null;
}

/** Which channels a station can use, as far as it has shown. */
export interface ChannelKnowledge {
  /** Bands on which it was heard. */
  readonly bands: readonly Band[];
  /** Control frequencies by its own account, and the bands of which it gave account. */
  readonly listed: readonly Mhz[];
  readonly listedBands: readonly Band[];
}

export interface BeaconReport {
  readonly bssid: Mac;
  /** Received channel power indicator: half decibels from −110 dBm. */
  readonly rcpi: number;
  /** Monotonic ms. */
  readonly at: number;
}

export interface StationSnapshot {
  /** As the client's row names it. */
  readonly station: Mac;
  readonly group: string;
  /** All that are known, those of other groups too. */
  readonly bsses: readonly Bss[];
  /** BSSIDs of the group. */
  readonly members: readonly Mac[];
  /** Links in use, the newest first; none: not connected. */
  readonly links: readonly Link[];
  /** Connected as a multi-link device. */
  readonly mlo: boolean;
  /** An access point of the group is part of a multi-link device. */
  readonly groupMlo: boolean;
  /** Another access point behind a backhaul link. */
  readonly backhaul: boolean;
  /** Its link address is the row's, and its device's address another: the row does not mean this device. */
  readonly disarmed: boolean;
  /** It supports BSS transition management (802.11v), active beacon measurement (802.11k). */
  readonly btm: boolean;
  readonly rrm: boolean;
  readonly channels: ChannelKnowledge;
  /** PPDUs a minute over the idle window; null: not observed for so long. */
  readonly ppdusPerMinute: number | null;
  /** Our access points whose driver refuses it. */
  readonly refusedBy: readonly string[];
  /** Those whose configured ACL refuses it, whatever steering does. */
  readonly closedBy: readonly string[];
  readonly beaconReports: readonly BeaconReport[];
}

/** What has happened to a station. */
export type SteeringInput =
  | { readonly type: "probe"; readonly vif: string; readonly snr: Db; readonly broadcast: boolean }
  /** It sent an Authentication frame, or was refused. */
  | { readonly type: "auth"; readonly vif: string }
  | { readonly type: "connected"; readonly vif: string }
  /** It asks to be let in on `to`, and says that it was on `from`. */
  | { readonly type: "reassociation"; readonly from: Mac; readonly to: Mac }
  | { readonly type: "disconnected"; readonly vif: string }
  | {
      readonly type: "btm response";
      readonly token: number;
      /** IEEE 802.11-2020 table 9-428; 0 = accepted. */
      readonly status: number;
      readonly target: Mac | null;
      readonly candidates: readonly { readonly bssid: Mac; readonly preference: number }[];
    }
  | { readonly type: "frame sent"; readonly token: number; readonly sent: boolean };

export function bssOf(snapshot: StationSnapshot, bssid: Mac): Bss | undefined {
  return snapshot.bsses.find((bss) => bss.bssid === bssid);
}

/** The station's links are all on BSSs for which `test` holds, and there is one. */
export function linkedOnlyTo(snapshot: StationSnapshot, test: (bss: Bss) => boolean): boolean {
  return (
    snapshot.links.length > 0 &&
    snapshot.links.every(({ bssid }) => {
      const bss = bssOf(snapshot, bssid);
      return bss !== undefined && test(bss);
    })
  );
}

/** Whether the station can use a channel: by its own account, else by what it was heard on. */
export function canUse(channels: ChannelKnowledge, { band, control }: Bss): "yes" | "no" | "maybe" {
  if (channels.listedBands.includes(band)) return channels.listed.includes(control) ? "yes" : "no";
  return channels.bands.includes(band) ? "yes" : "maybe";
}
