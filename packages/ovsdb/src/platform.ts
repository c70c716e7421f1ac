/**
 * What Node.js and browsers do differently. Everything that a client needs goes through here, so that it runs in both
 * (`browser.ts`); on Node.js these are the fast ways of `Buffer`.
 */

const NodeBuffer = globalThis.Buffer as typeof Buffer | undefined;
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of bytes that are known to be ASCII. */
export function asciiToText(bytes: Uint8Array): string {
  return NodeBuffer ? NodeBuffer.prototype.latin1Slice.call(bytes, 0, bytes.length) : strictDecoder.decode(bytes);
}

/** The text of UTF-8 bytes; undefined where they are none. */
export function utf8ToText(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function utf8Length(text: string): number {
  return NodeBuffer ? NodeBuffer.byteLength(text) : encoder.encode(text).length;
}

export function textToUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A callback planned for the next turn of the event loop. */
export type PlannedTurn = { readonly cancel: () => void };

/** Calls `callback` after the events that wait already, as `setImmediate` does. */
export function onNextTurn(callback: () => void): PlannedTurn {
  if (typeof setImmediate === "function") {
    const handle = setImmediate(callback);
    return { cancel: () => clearImmediate(handle) };
  }
  const handle = setTimeout(callback);
  return { cancel: () => clearTimeout(handle) };
}
