/** Beacon measurements (IEEE 802.11-2020 §11.10.9.1) on the client's side: what it measures of what it hears. Pure. */

import type { Dbm, Mac, Mhz } from "@opensync-ts/base/units";
import type { Measurement, MeasurementMode } from "./device-class.ts";
import { maxMeasuredBsses } from "./limits.ts";
import { type AirChannel, type Band, noiseFloor } from "./spectrum.ts";

export interface BeaconRequest {
  /** Dialog token. */
  readonly token: number;
  readonly mode: MeasurementMode;
  /** `null`: all that it has. */
  readonly band: Band | null;
  /** Centres of the primaries to look at; `null`: all of the band. */
  readonly controls: readonly Mhz[] | null;
  /** Only this BSS, only this network; `null`: any. */
  readonly bssid: Mac | null;
  readonly ssid: string | null;
  /** Milliseconds on each channel. */
  readonly duration: number;
}

/** Something a client hears, by its beacons. */
export interface HeardBeacon {
  readonly bssid: Mac;
  readonly ssid: string;
  readonly channel: AirChannel;
  readonly rssi: Dbm;
}

export interface MeasuredBss {
  readonly bssid: Mac;
  readonly ssid: string;
  readonly channel: AirChannel;
  /** Half dB above -110 dBm, 0 to 220 (§9.4.2.37). */
  readonly rcpi: number;
  /** Half dB above -10 dB, 0 to 254 (§9.4.2.40). */
  readonly rsni: number;
  /** When it was heard, clock ms. */
  readonly at: number;
}

/** `incapable`: not in this mode; `refused`: not now. */
export interface BeaconAnswer {
  readonly token: number;
  readonly outcome: "measured" | "refused" | "incapable";
  /** Strongest first; none: nothing was heard. */
  readonly bsses: readonly MeasuredBss[];
}

/** Whether it measures at all; always one number is taken of `dice`. */
export function willMeasure(
  { modes, refuse }: Measurement,
  { mode }: BeaconRequest,
  dice: () => number,
): BeaconAnswer["outcome"] {
  const at = dice();
  if (!modes.includes(mode)) return "incapable";
  return at < refuse ? "refused" : "measured";
}

/** What was asked for of `heard`, each a little off by chance. */
export function measured(
  heard: readonly HeardBeacon[],
  request: BeaconRequest,
  accuracy: number,
  now: number,
  dice: () => number,
): MeasuredBss[] {
  return heard
    .filter((beacon) => isAskedFor(beacon, request))
    .map(({ bssid, ssid, channel, rssi }) => {
      const signal = rssi + (2 * dice() - 1) * accuracy;
      return { bssid, ssid, channel, rcpi: rcpiOf(signal), rsni: rsniOf(signal - noiseFloor), at: now };
    })
    .sort((a, b) => b.rcpi - a.rcpi || (a.bssid < b.bssid ? -1 : 1))
    .slice(0, maxMeasuredBsses);
}

function isAskedFor(
  { bssid, ssid, channel }: Pick<HeardBeacon, "bssid" | "ssid" | "channel">,
  request: BeaconRequest,
): boolean {
  return (
    (request.band === null || request.band === channel.band) &&
    (request.controls === null || request.controls.includes(channel.control)) &&
    (request.bssid === null || request.bssid === bssid) &&
    (request.ssid === null || request.ssid === ssid)
  );
}

export function rcpiOf(signal: Dbm): number {
  return Math.min(220, Math.max(0, Math.round(2 * (signal + 110))));
}

export function rsniOf(snr: number): number {
  return Math.min(254, Math.max(0, Math.round(2 * (snr + 10))));
}
