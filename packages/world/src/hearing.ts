/** Which networks a radio that listens to a channel hears there, by their beacons. */

import type { Dbm, Mac, Mhz } from "@opensync-ts/base/units";
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

/**
 * Those whose primary is `control` and that are strong enough to decode at the device `siteName`, its own excepted; by address.
 * Beacons go out on the primary alone.
 */
export function heardNetworks(input: SurveyInput, siteName: string, control: Mhz): HeardNetwork[] {
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
