/** What is wrong with something typed, told while it is typed; the cloud checks all of it once more, and the rest. Pure. */

/** Undefined: nothing that can be seen here. */
export type Problem = string | undefined;

const utf8 = new TextEncoder();

/** Octets of an SSID: an emoji is four and more. */
export function octetsOf(text: string): number {
  return utf8.encode(text).length;
}

export function ssidProblem(text: string): Problem {
  if (text === "") return "Give it a name.";
  const octets = octetsOf(text);
  if (octets > 32) return `Too long by ${octets - 32} of 32 octets (an emoji or accented letter takes several).`;
  return undefined;
}

/** Null: stays as it is. */
export function passphraseProblem(text: string | null): Problem {
  if (text === null) return undefined;
  if (/^[0-9a-f]{64}$/i.test(text)) return undefined;
  if (/[^\x20-\x7e]/.test(text))
    return "Only letters without accents, digits and common signs: devices do not agree on others.";
  if (text.length < 8) return `Too short by ${8 - text.length}: at least 8 characters.`;
  if (text.length === 64)
    return "Too long by 1: at most 63 characters; 64 only of digits and letters a to f (a raw key).";
  if (text.length > 63) return `Too long by ${text.length - 63}: at most 63 characters.`;
  return undefined;
}

export function ipv4Problem(text: string): Problem {
  return ipv4Number(text) === undefined ? "Write an address as 192.168.40.1." : undefined;
}

export function ipv4Number(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return undefined;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

/** As it is typed: what is not written whole yet is told by its own field. */
export interface Subnet {
  readonly address: string;
  readonly netmask: string;
}

export function netmaskProblem(text: string): Problem {
  const zeros = ~(ipv4Number(text) ?? 0) >>> 0;
  const isMask = ipv4Number(text) !== undefined && (zeros & (zeros + 1)) === 0;
  if (!isMask || zeros === 0xffff_ffff) return "Write a netmask as 255.255.255.0.";
  return zeros < 3 ? "This leaves no room for devices: 255.255.255.252 is the smallest network." : undefined;
}

/** Of an address that something in the network is to have. */
export function hostProblem(subnet: Subnet, text: string): Problem {
  const number = ipv4Number(text);
  if (number === undefined) return ipv4Problem(text);
  const bounds = boundsOf(subnet);
  if (!bounds) return undefined;
  const [first, last] = bounds;
  if (number > first && number < last) return undefined;
  return `Not an address of the network of ${subnet.address}: give one from ${ipv4Text(first + 1)} to ${ipv4Text(last - 1)}.`;
}

/** Of the first address that a gateway hands out; `stop` is the last. */
export function startProblem(subnet: Subnet, start: string, stop: string): Problem {
  const [first, last] = [ipv4Number(start), ipv4Number(stop)];
  const isBehind = first !== undefined && last !== undefined && first > last;
  return hostProblem(subnet, start) ?? (isBehind ? "The first address comes after the last." : undefined);
}

/** Of a local network's own address; `others`: the other local networks, by what they are called. */
export function subnetProblem(subnet: Subnet, others: readonly (Subnet & { readonly name: string })[]): Problem {
  const own = boundsOf(subnet);
  const other = others.find((each) => {
    const bounds = boundsOf(each);
    return own && bounds && own[0] <= bounds[1] && bounds[0] <= own[1];
  });
  if (!other) return hostProblem(subnet, subnet.address);
  return `${other.name} has these addresses already (${other.address}, netmask ${other.netmask}): give each its own.`;
}

/** First and last number of the network; undefined: it is not written whole yet. */
function boundsOf({ address, netmask }: Subnet): readonly [number, number] | undefined {
  const number = ipv4Number(address);
  if (number === undefined || netmaskProblem(netmask) !== undefined) return undefined;
  const mask = ipv4Number(netmask) ?? 0;
  return [(number & mask) >>> 0, (number | ~mask) >>> 0];
}

function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** Of the end of a key, which opens nothing from then on. `end`: ISO 8601; `now`: ms since 1970. */
export function endProblem(end: string | undefined, now: number): Problem {
  return end !== undefined && Date.parse(end) <= now ? "This is over: the key opens nothing any more." : undefined;
}

/** What stands on a label. */
export function serialProblem(text: string): Problem {
  if (/\s/.test(text)) return "A serial number has no spaces.";
  if (/[^\x21-\x7e]/.test(text)) return "A serial number has letters without accents, digits and common signs.";
  return text.length > 64 ? `Too long by ${text.length - 64}: at most 64 characters.` : undefined;
}

export function portProblem(value: number | undefined): Problem {
  if (value === undefined) return "Give a port.";
  return Number.isInteger(value) && value >= 1 && value <= 65_535 ? undefined : "A port is 1 to 65535.";
}

export function macProblem(text: string): Problem {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text) ? undefined : "Write it as aa:bb:cc:dd:ee:ff.";
}

/** Undefined for what is no number, so that the cloud says what is missing. */
export function numberFrom(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}
