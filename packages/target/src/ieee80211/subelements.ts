/**
 * Elements, and subelements within elements (IEEE 802.11-2020 §9.4.2.1 and §9.4.3), of frames that must be right as a whole: one that
 * is cut short spoils the frame. `elementsOf` of `elements.ts` is for beacons, of which what can be read is read.
 */

import { element } from "../elements.ts";
import { OctetReader, Unreadable, u8 } from "./octets.ts";

/** As it is on the wire; an extended element has its extension's id as first octet. */
export interface Subelement {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Throws `Unreadable` where one is cut short. */
export function readSubelements(octets: Uint8Array): Subelement[] {
  const reader = new OctetReader(octets);
  const found: Subelement[] = [];
  while (reader.remaining > 0) {
    const id = reader.u8("id of an element");
    const length = reader.u8(`length of element ${id}`);
    found.push({ id, body: reader.take(length, `element ${id}`) });
  }
  return found;
}

export function subelementOctets({ id, body }: Subelement): number[] {
  return element(u8(id, "id of an element")[0] ?? 0, body);
}

/**
 * Takes elements out of a list by their id. What is left over, because nobody knows it, because it came twice, or because it is not
 * as it should be, is in `others`, in its order.
 */
export class SubelementPicker {
  #left: Subelement[];

  constructor(octets: Uint8Array) {
    this.#left = readSubelements(octets);
  }

  /** The first that `read` can make something of; it says `undefined`, or throws `Unreadable`, where it cannot. */
  first<T>(id: number, read: (body: Uint8Array) => T | undefined): T | undefined {
    for (const [index, each] of this.#left.entries()) {
      const value = each.id === id ? understood(each.body, read) : undefined;
      if (value === undefined) continue;
      this.#left.splice(index, 1);
      return value;
    }
    return undefined;
  }

  /** All that `read` can make something of; `undefined`: there are none. */
  all<T>(id: number, read: (body: Uint8Array) => T | undefined): readonly T[] | undefined {
    const found: T[] = [];
    const left = this.#left.filter((each) => {
      const value = each.id === id ? understood(each.body, read) : undefined;
      if (value !== undefined) found.push(value);
      return value === undefined;
    });
    this.#left = left;
    return found.length > 0 ? found : undefined;
  }

  /** `undefined`: there are none. */
  get others(): readonly Subelement[] | undefined {
    return this.#left.length > 0 ? this.#left : undefined;
  }
}

/** Known and other ones together, in the order of their ids, as §9.4.3 wants them. */
export function inOrder(...lists: readonly (readonly Subelement[] | undefined)[]): number[] {
  const all = lists.flatMap((list) => list ?? []);
  return all.toSorted((a, b) => a.id - b.id).flatMap(subelementOctets);
}

/** None for an optional field that is not there. */
export function subelement<T>(id: number, value: T | undefined, body: (value: T) => Iterable<number>): Subelement[] {
  return value === undefined ? [] : [{ id, body: Uint8Array.from(body(value)) }];
}

/** Read exactly: octets that are left over make it another one than it should be. */
export function exactly<T>(read: (reader: OctetReader) => T): (body: Uint8Array) => T | undefined {
  return (body) => {
    const reader = new OctetReader(body);
    const value = read(reader);
    return reader.remaining === 0 ? value : undefined;
  };
}

function understood<T>(body: Uint8Array, read: (body: Uint8Array) => T | undefined): T | undefined {
  try {
    return read(body);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
