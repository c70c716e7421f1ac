/** The order of atoms within sets and maps: numbers by value, strings by code point, false before true. */

import type { Atom } from "./datum.ts";

/** Negative, zero or positive as `a` comes before, equals or comes after `b`. Both are of the same atomic type. */
export function compareAtoms(a: Atom, b: Atom): number {
  if (a === b) return 0;
  if (typeof a === "string") return compareStrings(a, b as string);
  // Numbers and bigints compare by value with each other.
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code point, which UTF-16's own order is only up to U+D7FF. */
function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other UTF-16 unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
