/** Which networks a radio that listens to a channel hears there, by their beacons. */

import type { Dbm, Mac, Mhz } from "@opensync-ts/base/units";
import type { HeardBeacon } from "./beacon-measurement.ts";
import type { Device } from "./device.ts";
import type { Place } from "./geometry.ts";
import type { Generation } from "./rates.ts";
import type { SecurityTerms } from "./security.ts";
import type { SurveyInput } from "./snapshot.ts";
import { type AirChannel, sensitivity } from "./spectrum.ts";

export interface HeardNetwork {
  readonly bssid: Mac;
  readonly ssid: string;
  readonly hidden: boolean;
  readonly channel: AirChannel;
  readonly generation: Generation;
  readonly streams: number;
  readonly security: SecurityTerms;
  /** Where the listener stands. */
  readonly rssi: Dbm;
}

type Air = Pick<SurveyInput, "medium" | "sites" | "bsses" | "interferers">;

/** All beacons that a client decodes at `place`, but for those of the device that it is part of; by address. */
export function beaconsAt(input: Air, place: Place, { bands, site: own }: Device): HeardBeacon[] {
  const { medium, sites, bsses, interferers } = input;
  const heard: HeardBeacon[] = [];
  for (const { bssid, ssid, channel, power, site } of bsses) {
    const from = sites.get(site);
    if (!from || site === own || !bands.includes(channel.band)) continue;
    heard.push({ bssid, ssid, channel, rssi: medium.received(power, from, place, channel) });
  }
  for (const { name, place: at, channel, power, network } of interferers) {
    if (!network || !bands.includes(channel.band)) continue;
    const rssi = medium.received(power, { name, place: at }, place, channel);
    heard.push({ bssid: network.bssid, ssid: network.ssid, channel, rssi });
  }
  return heard.filter(({ rssi }) => rssi >= sensitivity).sort((a, b) => (a.bssid < b.bssid ? -1 : 1));
}

/**
 * Those whose primary is `control` and that are strong enough to decode at the device `siteName`, its own excepted; by address.
 * Beacons go out on the primary alone.
 */
export function heardNetworks(input: Air, siteName: string, control: Mhz): HeardNetwork[] {
  const { medium, sites, bsses, interferers } = input;
  const site = sites.get(siteName);
  if (!site) return [];
  const heard: HeardNetwork[] = [];
  for (const { bssid, ssid, hidden, channel, generation, streams, security, power, site: name } of bsses) {
    const from = sites.get(name);
    if (!from || name === siteName || channel.control !== control) continue;
    const rssi = medium.received(power, from, site.place, channel);
    heard.push({ bssid, ssid, hidden, channel, generation, streams, security, rssi });
  }
  for (const { name, place, channel, power, network } of interferers) {
    if (!network || channel.control !== control) continue;
    const rssi = medium.received(power, { name, place }, site.place, channel);
    heard.push({ ...network, hidden: network.ssid === "", channel, rssi });
  }
  return heard.filter(({ rssi }) => rssi >= sensitivity).sort((a, b) => (a.bssid < b.bssid ? -1 : 1));
}
