/** What is wrong with interfaces beside each other, though each row alone is right. Pure. */

import type { InterfaceConfig } from "@opensync-ts/target/network";
import { contains, formatIpv4, networkOf, type Subnet } from "./addresses.ts";
import { quote } from "./quote.ts";

export interface NamedSubnet extends Subnet {
  readonly name: string;
  /** The row states it; otherwise it came by DHCP. */
  readonly stated: boolean;
}

/** VLANs on what is not there and that no row would make. `known`: interfaces there are, or are configured. */
export function missingParents(
  configs: Iterable<readonly [name: string, config: InterfaceConfig]>,
  known: ReadonlySet<string>,
): readonly string[] {
  const problems: string[] = [];
  for (const [name, { vlan }] of configs) {
    if (!vlan || known.has(vlan.parent)) continue;
    const parent = quote(vlan.parent);
    problems.push(`Wifi_Inet_Config ${quote(name)}: parent_ifname ${parent}: there is no such interface: waits for it`);
  }
  return problems;
}

/**
 * Stated networks that another interface is in as well: what is meant for the one goes out of the other. Two that came by DHCP
 * are the business of who gave them.
 */
export function overlaps(subnets: readonly NamedSubnet[]): readonly string[] {
  const problems: string[] = [];
  const sorted = [...subnets].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [index, one] of sorted.entries()) {
    if (!one.stated) continue;
    // Of two that are stated the first is named.
    const other = sorted.find((each, at) => (each.stated ? at > index : at !== index) && overlap(one, each));
    if (!other) continue;
    problems.push(
      `Wifi_Inet_Config ${quote(one.name)}: its network ${text(one)} is also that of ${other.name} (${text(other)}): ` +
        "neither is reached for certain; give it another",
    );
  }
  return problems;
}

/** One contains the other where the wider of the two masks sees no difference. */
function overlap(one: Subnet, other: Subnet): boolean {
  const netmask = (one.netmask & other.netmask) >>> 0;
  return contains({ address: one.address, netmask }, other.address);
}

function text(subnet: Subnet): string {
  return `${formatIpv4(networkOf(subnet))}/${Math.clz32(~subnet.netmask)}`;
}
