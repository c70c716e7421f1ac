/** IPv4 addresses as numbers from 0 to 2³²−1, and subnets of them. */

export interface Subnet {
  readonly address: number;
  /** Bits of the network, 0 to 32. */
  readonly prefix: number;
}

const octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const dotted = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

/** `undefined` where `text` is no dotted address. */
export function parseIpv4(text: string): number | undefined {
  const match = dotted.exec(text);
  return match ? match.slice(1).reduce((address, part) => address * 256 + Number(part), 0) : undefined;
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** The bits of a netmask; `undefined` where `text` is none, or one with holes. */
export function parseNetmask(text: string): number | undefined {
  const mask = parseIpv4(text);
  if (mask === undefined) return undefined;
  const prefix = Math.clz32(~mask >>> 0);
  return maskOf(prefix) === mask ? prefix : undefined;
}

export function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

export function networkOf({ address, prefix }: Subnet): number {
  return (address & maskOf(prefix)) >>> 0;
}

export function broadcastOf({ address, prefix }: Subnet): number {
  return (address | ~maskOf(prefix)) >>> 0;
}

export function contains(subnet: Subnet, address: number): boolean {
  return networkOf(subnet) === networkOf({ address, prefix: subnet.prefix });
}

/** An address that a host of the subnet can have. */
export function isHostAddress(subnet: Subnet, address: number): boolean {
  if (!contains(subnet, address)) return false;
  return subnet.prefix >= 31 || (address !== networkOf(subnet) && address !== broadcastOf(subnet));
}

/** Of the ranges that nobody on the Internet answers to: RFC 1918, link-local, shared (RFC 6598). */
export function isPrivate(address: number): boolean {
  return privateRanges.some((range) => contains(range, address));
}

const privateRanges: readonly Subnet[] = [
  { address: 0x0a000000, prefix: 8 },
  { address: 0xac100000, prefix: 12 },
  { address: 0xc0a80000, prefix: 16 },
  { address: 0xa9fe0000, prefix: 16 },
  { address: 0x64400000, prefix: 10 },
];
