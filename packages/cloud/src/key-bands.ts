/** Where a key opens nothing: 6 GHz takes SAE only, and SAE uses one key of a network. Pure. */

import { type Band, bandsOf, type Home, type Network, saeKey } from "./home.ts";

/** Bands of the network `ssid` on which its key of this id opens nothing. None where it is not known which key that is. */
export function closedBands({ networks }: Pick<Home, "networks">, ssid: string | null, key: string | null): Band[] {
  const stating = networks.filter((network) => network.ssid === ssid && hasKey(network, key));
  const bands = new Set(stating.flatMap(bandsOf));
  return [...bands].filter((band) => stating.every((network) => !opens(network, key, band)));
}

function hasKey({ security }: Network, key: string | null): boolean {
  return security.keys.some(({ id }) => id === key);
}

function opens(network: Network, key: string | null, band: Band): boolean {
  if (!bandsOf(network).includes(band)) return false;
  return band !== "6G" || saeKey(network.security.keys)?.id === key;
}
