/** By which keys clients have joined, as nodes say of those on their home access points. Pure. */

import type { Mac } from "@opensync-ts/base/units";
import type { Home } from "../home.ts";
import { restrictedZones, type Zone } from "../model/zones.ts";
import type { TableReader } from "../rows.ts";
import { nodeAir } from "../steering/loop/node-air.ts";
import { type ZoneHold, zoneHold } from "../zone-hold.ts";

/** The key's id, in the network; null: the node does not say, or the client is not on it. */
export type KeyOf = (mac: Mac, node: string, ssid: string | null) => string | null;

export function keysUsed(nodes: Iterable<readonly [node: string, tables: TableReader]>): KeyOf {
  const found = new Map<string, { readonly network: string; readonly key: string | null }>();
  for (const [node, tables] of nodes) {
    for (const { mac, network, key } of nodeAir(tables).associations) found.set(`${node} ${mac}`, { network, key });
  }
  return (mac, node, ssid) => {
    const association = found.get(`${node} ${mac}`);
    return association && (ssid === null || association.network === ssid) ? association.key : null;
  };
}

export interface UsedKey {
  readonly key: string;
  /** Null: it has none, or the document no longer has the key. */
  readonly label: string | null;
  readonly zone: string | null;
  /** Its network keeps those of one access point apart; null: it has no such network. */
  readonly isolated: boolean | null;
  /** Whether it is held to a zone that restricts it; null: there is no such zone, or it is not known. */
  readonly hold: ZoneHold | null;
}

/** Who is where, and the nodes that hold it to its zone, while they are connected. */
export interface ZoneKeepers {
  readonly mac: Mac;
  readonly node: TableReader | undefined;
  /** Null: it is on the gateway. */
  readonly gateway: TableReader | null | undefined;
}

/** What a document says of a key that somebody is in by. */
export function usedKey(
  home: Home | undefined,
  ssid: string | null,
  key: string | null,
  keepers?: ZoneKeepers,
): UsedKey | null {
  if (key === null) return null;
  const networks = (home?.networks ?? []).filter((network) => network.ssid === ssid);
  const network = networks.find(({ security }) => security.keys.some(({ id }) => id === key)) ?? networks[0];
  const stated = network?.security.keys.find(({ id }) => id === key);
  return {
    ...{ key, label: stated?.label ?? null, zone: stated ? (stated.zone ?? "home") : null },
    isolated: network?.isolate ?? null,
    hold: keepers ? holdOf(stated?.zone, keepers) : null,
  };
}

function holdOf(zone: Zone | undefined, { mac, node, gateway }: ZoneKeepers): ZoneHold | null {
  const restricted = restrictedZones.find((each) => each === zone);
  return restricted && node ? zoneHold(restricted, mac, node, gateway) : null;
}
