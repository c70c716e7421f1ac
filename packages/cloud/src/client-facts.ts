/** Who is associated with a node's home access points, and by which key. Pure. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { Home } from "./home.ts";
import type { Subject } from "./model/policies.ts";
import { isHomeAp } from "./radio-bands.ts";
import type { TableReader } from "./rows.ts";

export interface ClientFacts {
  readonly mac: Mac;
  readonly ssid: string;
  /** As `Wifi_Associated_Clients.key_id` names it; null: the node does not say. */
  readonly key: string | null;
}

export function clientFacts(rows: TableReader): readonly ClientFacts[] {
  const clients = rows("Wifi_Associated_Clients");
  const found = new Map<Mac, ClientFacts>();
  for (const { if_name, ssid, associated_clients } of rows("Wifi_VIF_State").values()) {
    if (typeof if_name !== "string" || !isHomeAp(if_name) || typeof ssid !== "string") continue;
    for (const uuid of Array.isArray(associated_clients) ? (associated_clients as Uuid[]) : []) {
      const row = clients.get(uuid);
      const mac = typeof row?.mac === "string" ? parseMac(row.mac) : undefined;
      if (mac) found.set(mac, { mac, ssid, key: typeof row?.key_id === "string" && row.key_id ? row.key_id : null });
    }
  }
  return [...found.values()].sort((a, b) => (a.mac < b.mac ? -1 : 1));
}

/** Whom policies can be about: the clients there are, and the devices that the home names. */
export function subjectsOf(home: Home, clients: readonly ClientFacts[]): readonly Subject[] {
  const subjects = new Map<Mac, Subject>();
  const named = [
    ...(home.devices ?? []).map(({ mac }) => mac),
    ...(home.policies ?? []).flatMap(({ scope }) => (scope.kind === "device" ? [scope.mac] : [])),
  ];
  for (const mac of named) subjects.set(mac, { mac, ssid: null, zone: null });
  for (const { mac, ssid, key } of clients) subjects.set(mac, { mac, ssid, zone: zoneOf(home, ssid, key) });
  return [...subjects.values()].sort((a, b) => (a.mac < b.mac ? -1 : 1));
}

/** What the key of this id opens; null where the home does not say. */
export function zoneOf(home: Home, ssid: string, key: string | null): Subject["zone"] {
  const keys = home.networks.filter((network) => network.ssid === ssid).flatMap(({ security }) => security.keys);
  return keys.find(({ id }) => id === key)?.zone ?? null;
}
