/** Small edits of a document: keys of a network. Pure; the result is checked as any document is. */

import type { Home, Network } from "../../home.ts";
import { StoreRefusal } from "../../store/errors.ts";

export type Key = Network["security"]["keys"][number];

/** Under an id that is behind all others: the first one is SAE's. */
export function addKey(
  home: Home,
  ssid: string,
  key: Omit<Key, "id">,
): { readonly home: unknown; readonly id: string } {
  const network = networkOf(home, ssid);
  const id = nextId(network.security.keys.map((entry) => entry.id));
  return { home: withKeys(home, network, [...network.security.keys, { ...key, id }]), id };
}

export function removeKey(home: Home, ssid: string, id: string): unknown {
  const network = networkOf(home, ssid);
  const keys = network.security.keys.filter((key) => key.id !== id);
  if (keys.length === network.security.keys.length)
    throw new StoreRefusal("not-found", `network '${ssid}' has no key '${id}'`);
  return withKeys(home, network, keys);
}

function networkOf(home: Home, ssid: string): Network {
  const network = home.networks.find((entry) => entry.ssid === ssid);
  if (!network) throw new StoreRefusal("not-found", `there is no network '${ssid}'`);
  return network;
}

function withKeys(home: Home, network: Network, keys: readonly Key[]): unknown {
  const changed = { ...network, security: { ...network.security, keys } };
  return { ...home, networks: home.networks.map((entry) => (entry === network ? changed : entry)) };
}

/** The first free number behind the lowest; where all are taken, one that the document's check refuses. */
function nextId(ids: readonly string[]): string {
  const numbers = new Set(ids.map((id) => (id === "key" ? 0 : Number(id.slice("key-".length)))));
  if (numbers.size === 0) return "key";
  let number = Math.min(...numbers) + 1;
  while (numbers.has(number)) number++;
  return `key-${number}`;
}
