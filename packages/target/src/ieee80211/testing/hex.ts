/** Octets as tests write them: pairs of hexadecimal digits, and on each line what they mean after a bar. */

export function octets(text: string): Uint8Array {
  const pairs = text.split("\n").flatMap((line) => line.split("|")[0]?.match(/\S+/g) ?? []);
  return Uint8Array.from(pairs, (pair) => {
    if (!/^[0-9a-f]{2}$/.test(pair)) throw new RangeError(`'${pair}' is not two hexadecimal digits`);
    return Number.parseInt(pair, 16);
  });
}

export function hex(octets: Iterable<number>): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(" ");
}
