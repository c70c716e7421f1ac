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

/** The range that a gateway hands out, in its network. */
export function rangeProblem(
  lan: { readonly address: string; readonly netmask: string },
  start: string,
  stop: string,
): Problem {
  const [address, mask, first, last] = [lan.address, lan.netmask, start, stop].map(ipv4Number);
  if (address === undefined || mask === undefined || first === undefined || last === undefined) return undefined;
  const network = (number: number) => (number & mask) >>> 0;
  if (network(first) !== network(address) || network(last) !== network(address)) {
    return `Not all of it is in the network of ${lan.address}.`;
  }
  if (first > last) return "The first address comes after the last.";
  return undefined;
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
