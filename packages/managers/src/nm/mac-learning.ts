/** Addresses learned behind ports as `OVS_MAC_Learning`, and as values of the tag of Ethernet devices. Pure. */

import type { Row, Write } from "@opensync-ts/schema/opensync";
import type { LearnedMac } from "@opensync-ts/target/network";
import { learnedAddresses as maxAddresses, tagValues } from "./limits.ts";

type LearningRow = Row<"OVS_MAC_Learning">;

/** The `Openflow_Tag` whose `device_value` NM keeps. */
export const ethernetDevicesTag = "eth_devices";

/** By address and VLAN. `reporting`: interfaces with `mac_reporting`. An address behind two ports is shown behind the last. */
export function learningRows(
  learned: readonly LearnedMac[],
  reporting: ReadonlySet<string>,
): ReadonlyMap<string, Write<"OVS_MAC_Learning">> {
  const rows = new Map<string, Write<"OVS_MAC_Learning">>();
  for (const { bridge, port, mac, vlan } of learned) {
    const row = { brname: bridge, ifname: port, hwaddr: mac, vlan };
    const key = learningKey(row);
    if (!reporting.has(port) || !fits(bridge) || !fits(port)) continue;
    if (rows.has(key) || rows.size < maxAddresses) rows.set(key, row);
  }
  return rows;
}

export function learningKey({ hwaddr, vlan }: Pick<LearningRow, "hwaddr" | "vlan">): string {
  return `${hwaddr.toLowerCase()} ${vlan}`;
}

/** As the schema bounds `brname` and `ifname`. */
function fits(name: string): boolean {
  return name.length >= 2 && name.length <= 15;
}

/** What the tag holds: the addresses, sorted, as many as go in. */
export function tagValuesOf(rows: Iterable<Pick<LearningRow, "hwaddr">>): readonly string[] {
  return [...new Set([...rows].map(({ hwaddr }) => hwaddr.toLowerCase()))].sort().slice(0, tagValues);
}
