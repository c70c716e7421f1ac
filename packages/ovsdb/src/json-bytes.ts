/**
 * JSON as UTF-8 bytes, written piece by piece. Records of large transactions are made of ten thousand pieces; as strings they would
 * all have to be joined, checked and encoded, and collected afterwards.
 */

import type { Atom, AtomicType, Datum } from "./datum.ts";
import type { ColumnSchema } from "./schema.ts";

const quote = 0x22;
const backslash = 0x5c;
const brace = 0x7b;
const smallest = 4096;

export class JsonBytes {
  #bytes = Buffer.allocUnsafeSlow(smallest);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written: the caller's until the next call that writes. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What was written since it had the length `start`. */
  since(start: number): Buffer {
    return this.#bytes.subarray(start, this.#length);
  }

  /** Begins anew. A buffer that has become larger than `keep` bytes is let go. */
  clear(keep: number): void {
    if (this.#bytes.length > keep) this.#bytes = Buffer.allocUnsafeSlow(smallest);
    this.#length = 0;
  }

  /** Leaves `count` bytes free, for `fill`. */
  reserve(count: number): void {
    this.#length = this.#room(count) + count;
  }

  /** Puts `text`, which must be ASCII, where `reserved` bytes were left free at `start`. What follows is moved if that is not its length. */
  fill(start: number, reserved: number, text: string): void {
    const shift = text.length - reserved;
    if (shift !== 0) {
      if (shift > 0) this.#room(shift);
      this.#bytes.copyWithin(start + text.length, start + reserved, this.#length);
      this.#length += shift;
    }
    this.#bytes.write(text, start, "latin1");
  }

  /** Takes back what was written since it had that length. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Makes one object of the members written since it had the length `start`, each with a comma before it. */
  object(start: number): void {
    if (this.#length === start) {
      this.ascii("{}");
      return;
    }
    this.#bytes[start] = brace;
    this.ascii("}");
  }

  /** `text` as it is; it must be ASCII. */
  ascii(text: string): void {
    let at = this.#room(text.length);
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  /** A string, in quotes. */
  string(text: string): void {
    let at = this.#room(text.length + 2);
    const bytes = this.#bytes;
    bytes[at++] = quote;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
        this.#escaped(text);
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = quote;
    this.#length = at;
  }

  /** `,"column":value` */
  member(column: ColumnSchema, datum: Datum): void {
    this.ascii(",");
    this.string(column.name);
    this.ascii(":");
    this.datum(column, datum);
  }

  /** The same JSON as `datumToJson` makes. */
  datum(column: ColumnSchema, datum: Datum): void {
    const { type } = column.key;
    switch (column.shape) {
      case "scalar":
        this.atom(type, datum as Atom);
        return;
      case "optional":
        if (datum === null) this.ascii('["set",[]]');
        else this.atom(type, datum as Atom);
        return;
      case "set":
        this.#set(type, datum as readonly Atom[]);
        return;
      case "map":
        this.#map(type, column.value?.type ?? type, datum as ReadonlyMap<Atom, Atom>);
    }
  }

  atom(type: AtomicType, atom: Atom): void {
    if (typeof atom !== "string") {
      this.ascii(String(atom));
    } else if (type === "uuid") {
      this.ascii('["uuid","');
      this.ascii(atom);
      this.ascii('"]');
    } else {
      this.string(atom);
    }
  }

  #set(type: AtomicType, atoms: readonly Atom[]): void {
    if (atoms.length === 1) {
      this.atom(type, atoms[0] as Atom);
      return;
    }
    this.ascii('["set",[');
    for (let i = 0; i < atoms.length; i++) {
      if (i > 0) this.ascii(",");
      this.atom(type, atoms[i] as Atom);
    }
    this.ascii("]]");
  }

  #map(keyType: AtomicType, valueType: AtomicType, map: ReadonlyMap<Atom, Atom>): void {
    this.ascii('["map",[');
    let separator = "[";
    for (const [key, value] of map) {
      this.ascii(separator);
      this.atom(keyType, key);
      this.ascii(",");
      this.atom(valueType, value);
      this.ascii("]");
      separator = ",[";
    }
    this.ascii("]]");
  }

  #escaped(text: string): void {
    const json = JSON.stringify(text);
    // A UTF-16 unit is at most three bytes.
    const at = this.#room(json.length * 3);
    this.#length = at + this.#bytes.write(json, at, "utf8");
  }

  /** Makes room for `count` bytes more; where they begin. */
  #room(count: number): number {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.bytes);
      this.#bytes = larger;
    }
    return this.#length;
  }
}
