/** A network of the world as a driver reports that it has heard it. */

import type { HeardBss } from "@opensync-ts/target/driver";
import type { HeardNetwork } from "@opensync-ts/world/hearing";
import { noiseFloor } from "@opensync-ts/world/spectrum";
import { channelFromAir } from "./air-channel.ts";
import { beaconElements } from "./beacon.ts";

/** Null: on a channel that there is not. */
export function heardBss(network: HeardNetwork): HeardBss | null {
  const channel = channelFromAir(network.channel);
  if (!channel) return null;
  const { control, width, center0, center1 } = channel;
  return {
    bssid: network.bssid,
    snr: Math.max(0, Math.round(network.rssi - noiseFloor)),
    control,
    width,
    center0,
    center1,
    ssid: network.hidden ? new Uint8Array(0) : new TextEncoder().encode(network.ssid),
    ies: beaconElements(network, channel),
  };
}
