/** What stations said of themselves when they associated, by address; bounded. */

import type { Mac, Mhz } from "@opensync-ts/base/units";
import { channelFrequency } from "@opensync-ts/target/channels";
import { frequenciesOfClass } from "@opensync-ts/target/ieee80211/operating-class";
import {
  readStationCapabilities,
  type StationCapabilities,
  supportsBtm,
} from "@opensync-ts/target/ieee80211/station-capabilities";
import { steeringLimits } from "./limits.ts";

export interface SteeringCapabilities {
  readonly btm: boolean;
  /** It measures beacons actively. */
  readonly rrm: boolean;
  /** Control frequencies that it says it can use. */
  readonly frequencies: readonly Mhz[];
}

const nothing: SteeringCapabilities = { btm: false, rrm: false, frequencies: [] };

export class Capabilities {
  /** The one that was heard last at the end. */
  readonly #stations = new Map<Mac, SteeringCapabilities>();

  /** `elements`: of its association request. */
  learn(station: Mac, elements: Uint8Array): SteeringCapabilities {
    const read = capabilitiesOf(readStationCapabilities(elements));
    this.#stations.delete(station);
    this.#stations.set(station, read);
    for (const oldest of this.#stations.keys()) {
      if (this.#stations.size <= steeringLimits.knownStations) break;
      this.#stations.delete(oldest);
    }
    return read;
  }

  /** Of a device, by its addresses: what any of them has said. */
  of(addresses: readonly Mac[]): SteeringCapabilities {
    const found = [...new Set(addresses)].flatMap((address) => this.#stations.get(address) ?? []);
    const [first] = found;
    if (first === undefined || found.length === 1) return first ?? nothing;
    return {
      btm: found.some(({ btm }) => btm),
      rrm: found.some(({ rrm }) => rrm),
      frequencies: [...new Set(found.flatMap(({ frequencies }) => frequencies))],
    };
  }
}

function capabilitiesOf(station: StationCapabilities): SteeringCapabilities {
  const { operatingClasses, channels = [], rm } = station;
  const classes = operatingClasses ? [operatingClasses.current, ...operatingClasses.supported] : [];
  const byClass = classes.flatMap(frequenciesOfClass);
  // The list of channels has no place for 6 GHz.
  const byChannel = channels.flatMap((number) => channelFrequency(number <= 14 ? "2.4G" : "5G", number) ?? []);
  return {
    btm: supportsBtm(station),
    rrm: rm?.beaconActive ?? false,
    frequencies: [...new Set(byClass.length > 0 ? byClass : byChannel)],
  };
}
