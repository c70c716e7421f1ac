/** What a client can expect of an access point: by how well it hears it, how wide its channel is, and how much of that is taken. */

import type { Db } from "@opensync-ts/base/units";
import { operatingClass } from "@opensync-ts/target/ieee80211/operating-class";
import type { BeaconReport, Bss, StationSnapshot } from "./model.ts";

/** Over 20 MHz, dBm. */
const noiseFloor = -95;
/** Radios stay so far behind Shannon, dB. */
const gap: Db = 5;
/** Bits a second and Hz of the best modulation, two streams counted as one. */
const mostBits = 8;
/** MHz: what most clients can use at the most. */
const mostWidth = 80;

/** Mbit/s, roughly: an order among access points, not a promise. */
export function expectedRate({ rcpi }: Pick<BeaconReport, "rcpi">, { opClass }: Pick<Bss, "opClass">): number {
  const wide = operatingClass(opClass)?.width ?? 20;
  const width = typeof wide === "number" ? Math.min(mostWidth, wide) : mostWidth;
  // A wider channel takes in more noise.
  const snr = rcpi / 2 - 110 - noiseFloor - 10 * Math.log10(width / 20);
  return Math.min(mostBits, Math.log2(1 + 10 ** ((snr - gap) / 10))) * width;
}

/** Of that, what others leave; unknown load counts as somewhat busy. */
export function expectedShare(report: Pick<BeaconReport, "rcpi">, bss: Pick<Bss, "opClass" | "load">): number {
  const free = bss.load === null ? 0.6 : Math.max(0.2, 1 - bss.load / 100);
  return expectedRate(report, bss) * free;
}

/** Percent of the channel's time: from there on a channel is busy, and so much more than where a client is means busier. */
const busy = 70;
const busier = 20;

/** The channel is full, and that of the client is not. */
export function isBusier({ load }: Pick<Bss, "load">, { links, bsses }: StationSnapshot): boolean {
  const here = bsses.filter(({ bssid }) => links.some((link) => link.bssid === bssid)).map((bss) => bss.load);
  return load !== null && load >= busy && here.every((each) => each !== null && load >= each + busier);
}
