/**
 * What the elements of a beacon say of its BSS: its name, and the channel, which each generation of 802.11 describes in an
 * operation element of its own, the later ones wider. They come from strangers: what makes no sense is passed over.
 */

import type { Mhz } from "@opensync-ts/base/units";
import { bandOf, channelFrequency, channelNumber, channelOf, widthMhz } from "./channels.ts";
import { elementIds, elementsOf, extensionIds } from "./elements.ts";
import type { Band, Channel, ChannelWidth } from "./radio.ts";

export interface BeaconContent {
  /** Null: there is none, or it is hidden. */
  readonly ssid: Uint8Array | null;
  /** The widest that is described; null: nothing says even the primary. */
  readonly channel: Channel | null;
}

/** Bodies of the elements that matter, the first of each kind. */
interface Bodies {
  readonly [kind: string]: Uint8Array | undefined;
}

/** `heardOn`: where the driver says it is, for beacons that do not say which primary they have. */
export function readBeacon(octets: Uint8Array, heardOn?: Mhz): BeaconContent {
  const bodies = bodiesOf(octets);
  const { ssid } = bodies;
  const named = ssid && ssid.length <= maxSsidLength && ssid.some((octet) => octet !== 0);
  return { ssid: named ? ssid.slice() : null, channel: channelIn(bodies, heardOn) };
}

export const maxSsidLength = 32;

function channelIn(bodies: Bodies, heardOn: Mhz | undefined): Channel | null {
  const primary = primaryOf(bodies) ?? heardPrimary(heardOn);
  if (!primary) return null;
  const descriptions = [
    nonHt(primary),
    ht(bodies.ht, primary),
    vht(bodies.vht, primary),
    he6(bodies.he, primary),
    heVht(bodies.he, primary),
    eht(bodies.eht, primary),
  ];
  // Of two that are as wide the later generation knows more: which parts are punctured.
  return descriptions.reduce<Channel | null>(
    (widest, each) => (each && (!widest || widthMhz(each.width) >= widthMhz(widest.width)) ? each : widest),
    null,
  );
}

interface Primary {
  readonly band: Band;
  readonly number: number;
}

function bodiesOf(octets: Uint8Array): Bodies {
  const bodies: Record<string, Uint8Array> = {};
  for (const { id, extension, body } of elementsOf(octets)) {
    const kind = extension === null ? kinds.get(id) : extendedKinds.get(extension);
    if (kind !== undefined) bodies[kind] ??= body;
  }
  return bodies;
}

const kinds: ReadonlyMap<number, string> = new Map([
  [elementIds.ssid, "ssid"],
  [elementIds.dsParameterSet, "ds"],
  [elementIds.htOperation, "ht"],
  [elementIds.vhtOperation, "vht"],
]);

const extendedKinds: ReadonlyMap<number, string> = new Map([
  [extensionIds.heOperation, "he"],
  [extensionIds.ehtOperation, "eht"],
]);

/** 6 GHz numbers its channels like the others; only the element tells them apart. */
function primaryOf({ ht: operation, ds, he }: Bodies): Primary | null {
  const six = sixGhzInfo(he)?.[0];
  if (six !== undefined) return known("6G", six);
  const number = operation?.[0] ?? ds?.[0];
  return number === undefined ? null : known(number <= 14 ? "2.4G" : "5G", number);
}

function heardPrimary(frequency: Mhz | undefined): Primary | null {
  const band = frequency === undefined ? null : bandOf(frequency);
  return band === null || frequency === undefined ? null : known(band, channelNumber(frequency));
}

function known(band: Band, number: number): Primary | null {
  return channelFrequency(band, number) === null ? null : { band, number };
}

function nonHt({ band, number }: Primary): Channel | null {
  const control = channelFrequency(band, number);
  return control === null ? null : { control, width: 20, center0: control, center1: 0, puncture: 0 };
}

/** §9.4.2.56: the secondary channel is above (1), below (3), or there is none. */
function ht(body: Uint8Array | undefined, primary: Primary): Channel | null {
  const offset = (body?.[1] ?? 0) & 3;
  if (offset !== 1 && offset !== 3) return null;
  return wide(primary, 40, primary.number + (offset === 1 ? 2 : -2));
}

/** §9.4.2.158. */
function vht(body: Uint8Array | undefined, primary: Primary): Channel | null {
  if (!body || body.length < 3) return null;
  const [width = 0, first = 0, second = 0] = body;
  if (width === 2) return wide(primary, 160, first);
  if (width === 3) return wide(primary, "80p80", first, second);
  return width === 1 ? segments(primary, first, second) : null;
}

/** The VHT operation information within the HE operation (§9.4.2.249 of 802.11ax). */
function heVht(body: Uint8Array | undefined, primary: Primary): Channel | null {
  const has = body !== undefined && body.length >= heFixed && ((body[1] ?? 0) & 0x40) !== 0;
  return has ? vht(body.subarray(heFixed, heFixed + 3), primary) : null;
}

function he6(body: Uint8Array | undefined, primary: Primary): Channel | null {
  const info = sixGhzInfo(body);
  if (!info) return null;
  const [, control = 0, first = 0, second = 0] = info;
  switch (control & 3) {
    case 1:
      return wide(primary, 40, first);
    case 2:
      return wide(primary, 80, first);
    case 3:
      return segments(primary, first, second);
    default:
      return null;
  }
}

/** Parameters, BSS colour and the basic MCS set come first, then what the parameters say there is. */
const heFixed = 6;

function sixGhzInfo(body: Uint8Array | undefined): Uint8Array | null {
  if (!body || body.length < heFixed || ((body[2] ?? 0) & 0x02) === 0) return null;
  const vhtInfo = ((body[1] ?? 0) & 0x40) === 0 ? 0 : 3;
  const coHosted = ((body[1] ?? 0) & 0x80) === 0 ? 0 : 1;
  const start = heFixed + vhtInfo + coHosted;
  return body.length >= start + 5 ? body.subarray(start, start + 5) : null;
}

/** §9.4.2.311 of 802.11be. */
function eht(body: Uint8Array | undefined, primary: Primary): Channel | null {
  const parameters = body?.[0] ?? 0;
  if (!body || (parameters & 1) === 0 || body.length < ehtFixed + 3) return null;
  const [control = 0, first = 0, second = 0, low = 0, high = 0] = body.subarray(ehtFixed);
  const width = ehtWidths[control & 7];
  if (width === undefined) return null;
  const bitmap = (parameters & 2) !== 0 && body.length >= ehtFixed + 5 ? low | (high << 8) : 0;
  return wide(primary, width, width === 160 || width === 320 ? second : first, undefined, bitmap);
}

const ehtFixed = 5;
const ehtWidths: readonly ChannelWidth[] = [20, 40, 80, 160, 320];

/** 80 MHz, or, by how far the second centre is from the first, 160 or 80+80. */
function segments(primary: Primary, first: number, second: number): Channel | null {
  if (second === 0) return wide(primary, 80, first);
  const apart = Math.abs(second - first);
  if (apart === 8) return wide(primary, 160, second);
  return apart > 16 ? wide(primary, "80p80", first, second) : wide(primary, 80, first);
}

/** Null where the centres do not go with the primary. */
function wide(primary: Primary, width: ChannelWidth, center0: number, center1?: number, puncture = 0): Channel | null {
  return channelOf({ ...primary, width, center0, puncture, ...(center1 === undefined ? {} : { center1 }) });
}
