/** What a radio that listens to a channel learns of it: for which part of the time it is used, and for what. */

import { beaconAirtime, blockage, type Heard, utilisation } from "./airtime.ts";
import { linksOf, type SurveyInput } from "./snapshot.ts";
import { type AirChannel, carrierSense } from "./spectrum.ts";

/** Fractions of time, 0 to 1. */
export interface Occupancy {
  readonly busy: number;
  /** What the device itself sends. */
  readonly tx: number;
  /** Other Wi-Fi that is received, for whomever it is. */
  readonly rx: number;
  /** What of that is for the device itself. */
  readonly rxSelf: number;
}

/** `silent`: the radio that listens is away from its own channel, so that nothing is sent there, nor to it. */
export type OwnTraffic = "on air" | "silent";

/** As heard at the device `siteName` on `channel`; nothing at all where there is no such device. */
export function occupancy(
  input: SurveyInput,
  siteName: string,
  channel: AirChannel,
  ownTraffic: OwnTraffic = "on air",
): Occupancy {
  const { medium, sites, bsses, interferers } = input;
  const site = sites.get(siteName);
  if (!site) return { busy: 0, tx: 0, rx: 0, rxSelf: 0 };
  const noise: Heard[] = [];
  let tx = 0;
  let rx = 0;
  let rxSelf = 0;
  for (const bss of bsses) {
    const blocked = blockage(channel, bss.channel);
    const from = sites.get(bss.site);
    if (blocked === 0 || !from) continue;
    const own = bss.site === siteName;
    if (own && ownTraffic === "silent") continue;
    if (!own && medium.received(bss.power, from, site.place, bss.channel) < carrierSense) continue;
    let down = beaconAirtime;
    let up = 0;
    for (const { demand, downShare } of linksOf(bss, input)) {
      down += demand * downShare;
      up += demand * (1 - downShare);
    }
    if (own) {
      tx += down * blocked;
      rxSelf += up * blocked;
      rx += up * blocked;
    } else {
      rx += (down + up) * blocked;
    }
  }
  for (const { name, place, channel: other, power, airtime, network } of interferers) {
    const rssi = medium.received(power, { name, place }, site.place, other);
    if (!network) noise.push({ rssi, channel: other, airtime });
    else if (rssi >= carrierSense) rx += airtime * blockage(channel, other);
  }
  // Everybody waits for everybody else: more than all the time is not to be had.
  const excess = Math.max(1, tx + rx);
  const busy = Math.min(1, (tx + rx) / excess + utilisation(channel, noise));
  return { busy, tx: tx / excess, rx: rx / excess, rxSelf: rxSelf / excess };
}
