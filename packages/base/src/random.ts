/** Randomness as a service: the machine's own, or seeded so that the same seed gives the same run. */

import { randomBytes, randomFillSync } from "node:crypto";

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, bound). */
  integer(bound: number): number;
  /** A random (version 4) UUID in lower case. */
  uuid(): string;
}

export class SystemRandom implements Random {
  /** Random bytes in stock: many cost little more than few. */
  readonly #stock = Buffer.allocUnsafeSlow(256 * 16);
  #used = this.#stock.length;
  readonly #text = Buffer.alloc(36, "-");

  next(): number {
    return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** What `crypto.randomUUID` makes is a string of some twenty pieces; this is one of one piece, for those who keep millions. */
  uuid(): string {
    if (this.#used === this.#stock.length) {
      randomFillSync(this.#stock);
      this.#used = 0;
    }
    const stock = this.#stock;
    const text = this.#text;
    const start = this.#used;
    stock[start + 6] = ((stock[start + 6] as number) & 0x0f) | 0x40;
    stock[start + 8] = ((stock[start + 8] as number) & 0x3f) | 0x80;
    for (let i = 0, at = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) at++;
      const byte = stock[start + i] as number;
      text[at++] = hexDigits[byte >> 4] as number;
      text[at++] = hexDigits[byte & 15] as number;
    }
    this.#used = start + 16;
    return text.toString("latin1");
  }
}

const hexDigits = Buffer.from("0123456789abcdef");

/** xoshiro128** seeded by splitmix32; `fork` gives an independent stream for a part of a simulation. */
export class SeededRandom implements Random {
  readonly #state = new Uint32Array(4);

  constructor(seed: number | string) {
    let mixed = typeof seed === "number" ? seed >>> 0 : hash(seed);
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#state[i] = (z ^ (z >>> 16)) >>> 0;
    }
  }

  next(): number {
    return (this.#next32() * 2 ** 21 + (this.#next32() >>> 11)) / 2 ** 53;
  }

  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.#next32().toString(16).padStart(8, "0")).join("");
    const variant = "89ab"[parseInt(hex.charAt(16), 16) & 3];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** A stream of its own for `name`, independent of how much the others draw. */
  fork(name: string): SeededRandom {
    return new SeededRandom(`${this.#state.join(",")}/${name}`);
  }

  #next32(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = (b << 9) >>> 0;
    const c1 = (c ^ a) >>> 0;
    const d1 = (d ^ b) >>> 0;
    s[1] = (b ^ c1) >>> 0;
    s[0] = (a ^ d1) >>> 0;
    s[2] = (c1 ^ shifted) >>> 0;
    s[3] = rotate(d1, 11);
    return result;
  }
}

function rotate(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
