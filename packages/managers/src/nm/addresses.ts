/** IPv4 addresses as the rows write them: dotted text to numbers and back, subnets. Pure. */

/** An unsigned number of 32 bits. */
export type Ipv4 = number;

/** What stands where there is no address. */
export const noAddress = "0.0.0.0";

const octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const pattern = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

/** Four decimal octets without leading zeros; undefined where `text` is no such. */
export function parseIpv4(text: string): Ipv4 | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  return match.slice(1).reduce((value, part) => value * 256 + Number(part), 0);
}

export function formatIpv4(address: Ipv4): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** Ones, then zeros: `255.255.255.0`. Undefined where `text` is no such. */
export function parseNetmask(text: string): Ipv4 | undefined {
  const mask = parseIpv4(text);
  if (mask === undefined) return undefined;
  const host = ~mask >>> 0;
  return ((host + 1) & host) === 0 ? mask : undefined;
}

export interface Subnet {
  readonly address: Ipv4;
  readonly netmask: Ipv4;
}

export function contains(subnet: Subnet, address: Ipv4): boolean {
  return ((subnet.address ^ address) & subnet.netmask) === 0;
}

export function networkOf({ address, netmask }: Subnet): Ipv4 {
  return (address & netmask) >>> 0;
}

export function broadcastOf({ address, netmask }: Subnet): Ipv4 {
  return (address | ~netmask) >>> 0;
}

/** An address that a host of the subnet can have: not that of the network, nor the broadcast's (but for /31 and /32). */
export function isHostOf(subnet: Subnet, address: Ipv4): boolean {
  if (!contains(subnet, address)) return false;
  return subnet.netmask >= 0xfffffffe || (address !== networkOf(subnet) && address !== broadcastOf(subnet));
}
