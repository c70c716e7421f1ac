/** What a node says of its backhaul: who has an address there, who is associated, which tunnels lead to whom. Pure. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Datum, Uuid } from "@opensync-ts/ovsdb/datum";
import { isBackhaulAp, isTunnel } from "./backhaul-names.ts";
import type { TableReader } from "./rows.ts";

export interface BackhaulFacts {
  /** By `DHCP_leased_IP`, of all its DHCP servers. */
  readonly leases: readonly { readonly mac: Mac; readonly address: string }[];
  /** Stations of its access points for backhaul. */
  readonly associated: ReadonlySet<Mac>;
  /** Tunnels that there are, by name. */
  readonly tunnels: ReadonlySet<string>;
  /** Bridges that there are. */
  readonly bridges: ReadonlySet<string>;
}

export function backhaulFacts(rows: TableReader): BackhaulFacts {
  const clients = rows("Wifi_Associated_Clients");
  const stations = [...rows("Wifi_VIF_State").values()]
    .filter(({ if_name }) => isBackhaulAp(if_name))
    .flatMap(({ associated_clients }) => (Array.isArray(associated_clients) ? (associated_clients as Uuid[]) : []))
    .map((uuid) => macOf(clients.get(uuid)?.mac));
  const leases = [...rows("DHCP_leased_IP").values()].flatMap(({ hwaddr, inet_addr: address }) => {
    const mac = macOf(hwaddr);
    return mac && typeof address === "string" ? [{ mac, address }] : [];
  });
  return {
    leases,
    associated: new Set(stations.filter((mac) => mac !== undefined)),
    tunnels: new Set([...rows("Wifi_Inet_Config").values()].map(({ if_name }) => if_name).filter(isTunnel)),
    bridges: new Set([...rows("Bridge").values()].map(({ name }) => name).filter((name) => typeof name === "string")),
  };
}

function macOf(value: Datum | undefined): Mac | undefined {
  return typeof value === "string" ? parseMac(value) : undefined;
}
