/** `DHCP_reserved_IP` as the reservations of the DHCP servers: each goes to the interface whose subnet holds its address. Pure. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import type { DhcpReservation } from "@opensync-ts/target/network";
import { formatIpv4, isHostOf, parseIpv4, type Subnet } from "./addresses.ts";
import { reservations as maxReservations } from "./limits.ts";
import { quote } from "./quote.ts";

export type ReservedAddress = Pick<Row<"DHCP_reserved_IP">, "hw_addr" | "ip_addr" | "hostname">;

/** An interface with an address. */
export interface ServedSubnet extends Subnet {
  readonly name: string;
  /** It has a DHCP server. */
  readonly serves: boolean;
}

export interface AssignedReservations {
  /** By interface; sorted by address, so that the order of rows does not matter. */
  readonly byInterface: ReadonlyMap<string, readonly DhcpReservation[]>;
  readonly problems: readonly string[];
}

/** Level-triggered: what finds no subnet now is found again whenever subnets change. Of duplicates the row that came first counts. */
export function assignReservations(
  rows: Iterable<ReservedAddress>,
  subnets: readonly ServedSubnet[],
): AssignedReservations {
  const found = new Map<string, DhcpReservation[]>();
  const problems: string[] = [];
  const macs = new Set<Mac>();
  const addresses = new Set<string>();
  const complain = (row: ReservedAddress, problem: string) =>
    problems.push(`DHCP_reserved_IP ${quote(row.hw_addr)} ${quote(row.ip_addr)}: ${problem}`);
  for (const row of rows) {
    const reservation = parse(row);
    if (typeof reservation === "string") complain(row, reservation);
    else if (macs.has(reservation.mac)) complain(row, "the client has a reservation already: row ignored");
    else if (addresses.has(reservation.address)) complain(row, "the address is reserved already: row ignored");
    else if (macs.size >= maxReservations) complain(row, `more than ${maxReservations} reservations: row ignored`);
    else {
      macs.add(reservation.mac);
      addresses.add(reservation.address);
      const subnet = subnetOf(reservation, subnets);
      if (typeof subnet === "string") complain(row, subnet);
      else found.set(subnet.name, [...(found.get(subnet.name) ?? []), reservation]);
      if (row.hostname !== null && reservation.hostname === null) {
        complain(row, `hostname ${quote(row.hostname)} is no host name: left out`);
      }
    }
  }
  for (const list of found.values()) list.sort((a, b) => (parseIpv4(a.address) ?? 0) - (parseIpv4(b.address) ?? 0));
  return { byInterface: found, problems };
}

function parse(row: ReservedAddress): DhcpReservation | string {
  const mac = parseMac(row.hw_addr);
  if (!mac) return "hw_addr is no MAC address (aa:bb:cc:dd:ee:ff): row ignored";
  const address = parseIpv4(row.ip_addr);
  if (address === undefined) return "ip_addr is no IPv4 address: row ignored";
  const isHostname = row.hostname !== null && /^[a-z0-9]([a-z0-9_.-]*[a-z0-9])?$/i.test(row.hostname);
  return { mac, address: formatIpv4(address), hostname: isHostname ? row.hostname : null };
}

/** An interface with a server comes before one without. */
function subnetOf({ address }: DhcpReservation, subnets: readonly ServedSubnet[]): ServedSubnet | string {
  const wanted = parseIpv4(address) ?? 0;
  const holding = subnets.filter((subnet) => isHostOf(subnet, wanted));
  const serving = holding.find(({ serves }) => serves);
  if (holding.length === 0) return "no interface has a subnet with this address: waits for one";
  if (!serving) return `${holding[0]?.name} has no DHCP server (dhcpd start and stop): waits for one`;
  return serving.address === wanted ? `the address is ${serving.name}'s own: row ignored` : serving;
}
