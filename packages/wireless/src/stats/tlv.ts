/**
 * The container of OpenSync's statistics (`osw_tlv`): elements one after the other, each with a header of four little-endian
 * words (id, type, length of the payload, flags), each at a multiple of four bytes. What elements mean is up to `sample-codec.ts`.
 */

export const tlvTypes = { unspec: 0, u32: 1, float: 2, string: 3, nested: 4, hwaddr: 5 } as const;

/** The value is what was added since the last sample, not a total. */
export const deltaFlag = 1;

export interface TlvElement {
  readonly id: number;
  readonly type: number;
  readonly flags: number;
  /** A view of the buffer that it was read from. */
  readonly payload: Uint8Array;
}

/** Elements up to the first that does not fit; `rest` counts the bytes from there on, 0 in a sound buffer. */
export function readTlv(bytes: Uint8Array): { readonly elements: readonly TlvElement[]; readonly rest: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: TlvElement[] = [];
  let at = 0;
  while (bytes.length - at >= headerLength) {
    const length = view.getUint32(at + 8, true);
    const start = at + headerLength;
    if (length > bytes.length - start) break;
    elements.push({
      id: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      flags: view.getUint32(at + 12, true),
      payload: bytes.subarray(start, start + length),
    });
    // The last element need not be padded.
    at = Math.min(bytes.length, aligned(start + length));
  }
  return { elements, rest: bytes.length - at };
}

/** Appends elements; the buffer grows as it must. */
export class TlvWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  u32(id: number, value: number, flags = 0): void {
    const start = this.#reserve(id, tlvTypes.u32, 4, flags);
    this.#view.setUint32(start, value, true);
  }

  /** IEEE 754, 32 bits. */
  float(id: number, value: number, flags = 0): void {
    const start = this.#reserve(id, tlvTypes.float, 4, flags);
    this.#view.setFloat32(start, value, true);
  }

  /** `payload` must be as `type` says; a string includes its NUL. */
  bytes(id: number, type: number, payload: Uint8Array, flags = 0): void {
    const start = this.#reserve(id, type, payload.length, flags);
    this.#bytes.set(payload, start);
  }

  /** What `write` appends becomes the payload; its padding counts only where something follows inside. */
  nested(id: number, write: (writer: TlvWriter) => void): void {
    const start = this.#reserve(id, tlvTypes.nested, 0, 0);
    write(this);
    this.#view.setUint32(start - 8, this.#used - start, true);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#used);
  }

  /** Where the payload begins. */
  #reserve(id: number, type: number, length: number, flags: number): number {
    const header = aligned(this.#used);
    const start = header + headerLength;
    this.#grow(start + length);
    this.#view.setUint32(header, id, true);
    this.#view.setUint32(header + 4, type, true);
    this.#view.setUint32(header + 8, length, true);
    this.#view.setUint32(header + 12, flags, true);
    this.#used = start + length;
    return start;
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const bigger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    bigger.set(this.#bytes);
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }
}

const headerLength = 16;

function aligned(offset: number): number {
  return (offset + 3) & ~3;
}
