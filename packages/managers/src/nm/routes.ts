/** `Wifi_Route_Config` as what the target is told, and its routes as `Wifi_Route_State`. Pure. */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { Route, RouteConfig } from "@opensync-ts/target/network";
import { formatIpv4, networkOf, noAddress, parseIpv4, parseNetmask } from "./addresses.ts";
import { interfaceNameOctets, routeStates as maxStates } from "./limits.ts";
import { quote } from "./quote.ts";

export type RouteRow = Pick<
  Row<"Wifi_Route_Config">,
  "dest_addr" | "dest_mask" | "gateway" | "if_name" | "metric" | "pref_src" | "table"
>;

export interface Routes {
  /** Sorted, so that the order of rows does not matter. */
  readonly routes: readonly RouteConfig[];
  readonly problems: readonly string[];
}

/** The metric of a route through an interface of this type, where the row says nothing: 100 and its class. */
const metricByType: { readonly [type: string]: number } = {
  bridge: 100,
  eth: 100,
  vlan: 100,
  gre: 110,
  tap: 120,
  vif: 130,
  pppoe: 140,
  lte: 150,
};
const otherMetric = 199;
const mainTable = 254;

/** `types`: of the interfaces there are, by name. */
export function routeConfigs(rows: Iterable<RouteRow>, types: ReadonlyMap<string, string>): Routes {
  const routes = new Map<string, RouteConfig>();
  const problems: string[] = [];
  for (const row of rows) {
    const complain = (problem: string) =>
      problems.push(`Wifi_Route_Config ${quote(row.dest_addr)} ${quote(row.dest_mask)}: ${problem}`);
    const problem = problemOf(row);
    if (problem !== null) {
      complain(`${problem}: row ignored`);
      continue;
    }
    if (row.pref_src !== null) complain("this device does not choose sources: pref_src left out");
    const route = configOf(row, types);
    routes.set(JSON.stringify(route), route);
  }
  const sorted = [...routes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, route]) => route);
  return { routes: sorted, problems };
}

function problemOf(row: RouteRow): string | null {
  const [address, netmask] = [parseIpv4(row.dest_addr), parseNetmask(row.dest_mask)];
  if (address === undefined) return "dest_addr is no IPv4 address";
  if (netmask === undefined) return "dest_mask is no netmask (such as 255.255.255.0)";
  const network = networkOf({ address, netmask });
  if (network !== address) return `dest_addr has bits that dest_mask leaves out; the network is ${formatIpv4(network)}`;
  const gateway = gatewayOf(row);
  if (gateway !== null && parseIpv4(gateway) === undefined) return `gateway ${quote(gateway)} is no IPv4 address`;
  if (gateway === null && row.if_name === null) return "neither gateway nor if_name is set";
  if (row.table !== null && row.table !== mainTable) return `this device has no routing table ${row.table}`;
  if (row.metric !== null && (row.metric < 0 || row.metric >= 2 ** 32)) return `metric ${row.metric} is out of range`;
  return null;
}

function gatewayOf({ gateway }: RouteRow): string | null {
  return gateway === noAddress ? null : gateway;
}

function configOf(row: RouteRow, types: ReadonlyMap<string, string>): RouteConfig {
  return {
    link: row.if_name,
    destination: row.dest_addr,
    netmask: row.dest_mask,
    gateway: gatewayOf(row),
    metric: row.metric ?? (row.if_name === null ? null : defaultMetric(types.get(row.if_name))),
  };
}

/** Undefined: there is no such interface. */
export function defaultMetric(type: string | undefined): number {
  return (type === undefined ? undefined : metricByType[type]) ?? otherMetric;
}

/** By what tells a route from others. More than the table holds are left out; those of least metric are kept. */
export function routeStates(routes: readonly Route[]): ReadonlyMap<string, Write<"Wifi_Route_State">> {
  const states = new Map<string, Write<"Wifi_Route_State">>();
  const kept = [...routes]
    .filter(({ link }) => link.length >= 2 && link.length <= 2 * interfaceNameOctets + 1)
    .sort((a, b) => a.metric - b.metric)
    .slice(0, maxStates);
  for (const route of kept) {
    const state = {
      if_name: route.link,
      dest_addr: route.destination,
      dest_mask: route.netmask,
      gateway: route.gateway ?? noAddress,
      gateway_hwaddr: route.gatewayMac,
      metric: route.metric,
    };
    states.set(routeKey(state), state);
  }
  return states;
}

export function routeKey(
  state: Pick<Row<"Wifi_Route_State">, "if_name" | "dest_addr" | "dest_mask" | "gateway" | "metric">,
): string {
  return [state.if_name, state.dest_addr, state.dest_mask, state.gateway, state.metric].join(" ");
}
