/** Finds where MQTT packets begin and how long they are (MQTT 3.1.1, 2.2), in a stream that arrives in pieces. */

export class PacketScanner {
  readonly #limit: number;
  /** Bytes of the present packet that are still to come; 0: a header is due. */
  #remaining = 0;
  /** Bytes of the length read so far, and its value; -1: the type is due. */
  #lengthBytes = -1;
  #length = 0;

  /** `limit`: bytes that a packet may have after its header. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many packets begin in `chunk`. Throws a `RangeError` for a packet that is too long. */
  scan(chunk: Uint8Array): number {
    let packets = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.#remaining > 0) {
        const taken = Math.min(this.#remaining, chunk.length - at);
        this.#remaining -= taken;
        at += taken;
        continue;
      }
      const byte = chunk[at++] as number;
      if (this.#lengthBytes < 0) {
        packets++;
        this.#lengthBytes = 0;
        this.#length = 0;
        continue;
      }
      this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes++;
      if (this.#length > this.#limit) throw new RangeError(`a packet has more than ${this.#limit} bytes`);
      if (byte < 0x80) {
        this.#remaining = this.#length;
        this.#lengthBytes = -1;
      } else if (this.#lengthBytes === 4) throw new RangeError("the length of a packet has more than 4 bytes");
    }
    return packets;
  }
}
