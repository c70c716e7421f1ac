/** Payloads as they go over MQTT: plain, or compressed as RFC 1950 has it (`mqtt_settings`, `compress` = `zlib`). */

import { deflateSync, inflateSync } from "node:zlib";
import { messageOf } from "@opensync-ts/base/errors";
import { limits } from "./limits.ts";
import { MalformedPayload } from "./message.ts";

export function compress(payload: Uint8Array): Uint8Array {
  return deflateSync(payload);
}

/**
 * The payload without its compression, if it has any. No report begins like zlib data: its first byte would be a number
 * in field 15. Throws `MalformedPayload` where the data is damaged, or larger than a payload may be.
 */
export function decompress(payload: Uint8Array): Uint8Array {
  if (!isCompressed(payload)) return payload;
  try {
    return inflateSync(payload, { maxOutputLength: limits.payload });
  } catch (error) {
    throw new MalformedPayload(`zlib: ${messageOf(error)}`);
  }
}

/** The two bytes that zlib data begins with: deflate with a window of up to 32 KiB, no dictionary, divisible by 31. */
export function isCompressed(payload: Uint8Array): boolean {
  const [method = 0, flags = 0] = payload;
  return (method & 0x0f) === 8 && method >> 4 === 7 && (flags & 0x20) === 0 && ((method << 8) | flags) % 31 === 0;
}
