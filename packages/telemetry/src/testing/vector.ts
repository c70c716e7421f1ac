/**
 * Payloads worked out by hand from the wire format of protobuf: each line has the bytes of one field (its tag, which is
 * its number times 8 plus the wire type, then its value) and what they say.
 */
export interface Vector<T> {
  readonly what: string;
  readonly report: T;
  readonly bytes: string;
}

/** The bytes of a vector: the hexadecimal pairs that its lines begin with. */
export function bytesOf({ bytes }: { readonly bytes: string }): Uint8Array {
  const hex = bytes.split("\n").map((line) => /^\s*((?:[0-9a-f]{2} ?)*)(?: |$)/.exec(line)?.[1] ?? "");
  return Uint8Array.from(Buffer.from(hex.join("").replaceAll(" ", ""), "hex"));
}

/** 2023-11-14 22:13:20 UTC */
export const timestampMs = 1_700_000_000_000;
