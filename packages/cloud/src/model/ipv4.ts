/** IPv4 addresses as numbers, for what a document states of subnets. Pure. */

export interface Subnet {
  readonly address: string;
  readonly netmask: string;
}

export function ipv4Number(text: string): number {
  return text.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** Ones, then zeros, and room for two devices at least. */
export function isNetmask(text: string): boolean {
  const inverse = ~ipv4Number(text) >>> 0;
  return inverse >= 3 && inverse < 0xffff_ffff && (inverse & (inverse + 1)) === 0;
}

/** First and last number of the subnet: its own address and that of its broadcasts. */
export function boundsOf({ address, netmask }: Subnet): readonly [number, number] {
  const mask = ipv4Number(netmask);
  const first = (ipv4Number(address) & mask) >>> 0;
  return [first, (first | ~mask) >>> 0];
}

/** Whether `address` is one that a device of the subnet can have. */
export function isHostOf(subnet: Subnet, address: string): boolean {
  const [first, last] = boundsOf(subnet);
  const number = ipv4Number(address);
  return number > first && number < last;
}

export function overlap(a: Subnet, b: Subnet): boolean {
  const [firstOfA, lastOfA] = boundsOf(a);
  const [firstOfB, lastOfB] = boundsOf(b);
  return firstOfA <= lastOfB && firstOfB <= lastOfA;
}
