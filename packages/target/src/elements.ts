/** Elements of management frames (IEEE 802.11-2020 §9.4.2): an id, a length and so many octets, one after the other. */

export interface Element {
  /** 255: an extended one, `extension` says which. */
  readonly id: number;
  readonly extension: number | null;
  /** A view of the octets that it was read from, without the extension's id. */
  readonly body: Uint8Array;
}

/** Ids of the elements that say what a BSS is, and on which channel; of extended ones the id of the extension. */
export const elementIds = {
  ssid: 0,
  supportedRates: 1,
  dsParameterSet: 3,
  htCapabilities: 45,
  rsn: 48,
  extendedSupportedRates: 50,
  htOperation: 61,
  vhtCapabilities: 191,
  vhtOperation: 192,
} as const;

export const extensionIds = { heCapabilities: 35, heOperation: 36, ehtOperation: 106, ehtCapabilities: 108 } as const;

/** Those up to the first that is cut short; nothing is thrown, whatever the octets are. */
export function* elementsOf(octets: Uint8Array): Generator<Element> {
  for (let at = 0; at + 2 <= octets.length; ) {
    const id = octets[at] ?? 0;
    const start = at + 2;
    const end = start + (octets[at + 1] ?? 0);
    if (end > octets.length) return;
    if (id !== extended) yield { id, extension: null, body: octets.subarray(start, end) };
    else if (end > start) yield { id, extension: octets[start] ?? 0, body: octets.subarray(start + 1, end) };
    at = end;
  }
}

/** Throws a `RangeError` for a body of more than 255 octets. */
export function element(id: number, body: Iterable<number>): number[] {
  const octets = [...body];
  if (octets.length > 255) throw new RangeError(`element ${id}: ${octets.length} octets are more than one can hold`);
  return [id, octets.length, ...octets];
}

export function extendedElement(extension: number, body: Iterable<number>): number[] {
  return element(extended, [extension, ...body]);
}

const extended = 255;
