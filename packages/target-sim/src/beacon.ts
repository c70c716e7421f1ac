/**
 * The elements of a network's beacon (IEEE 802.11-2020 §9.3.3.2, 802.11ax, 802.11be): its name, rates, security, and what each
 * generation that it offers can do and which channel it uses.
 */

import { bandOf, channelNumber, narrow } from "@opensync-ts/target/channels";
import { element, elementIds, extendedElement, extensionIds } from "@opensync-ts/target/elements";
import type { Channel } from "@opensync-ts/target/radio";
import type { HeardNetwork } from "@opensync-ts/world/hearing";
import { generations } from "@opensync-ts/world/rates";
import type { Akm, Cipher, SecurityTerms } from "@opensync-ts/world/security";

/** `channel`: that of the network, as the radio model has it. */
export function beaconElements(network: Omit<HeardNetwork, "rssi" | "bssid">, channel: Channel): Uint8Array {
  const { ssid, hidden, generation, streams, security } = network;
  const offers = (each: HeardNetwork["generation"]) => generations.indexOf(generation) >= generations.indexOf(each);
  const band = bandOf(channel.control);
  const older = olderChannel(channel);
  const primary = channelNumber(channel.control);
  const chains = Math.min(8, Math.max(1, streams));
  return Uint8Array.from([
    ...element(elementIds.ssid, hidden ? [] : new TextEncoder().encode(ssid)),
    ...(band === "2.4G"
      ? [
          ...element(elementIds.supportedRates, rates["2.4G"].supported),
          ...element(elementIds.dsParameterSet, [primary]),
          ...element(elementIds.extendedSupportedRates, rates["2.4G"].extended),
        ]
      : element(elementIds.supportedRates, rates["5G"].supported)),
    ...(security.akms.length > 0 ? rsnElement(security) : []),
    // 802.11n and ac do not exist on 6 GHz.
    ...(band !== "6G" && offers("n") ? [...htCapabilities(older, chains), ...htOperation(older)] : []),
    ...(band === "5G" && offers("ac") ? [...vhtCapabilities(older, chains), ...vhtOperation(older)] : []),
    ...(offers("ax") ? [...heCapabilities(older, chains), ...heOperation(older)] : []),
    ...(offers("ax") && band === "6G" ? extendedElement(he6GhzCapabilities, [0, 0]) : []),
    ...(offers("be") ? [...ehtCapabilities(channel, chains), ...ehtOperation(channel, older)] : []),
  ]);
}

const he6GhzCapabilities = 59;

/** In units of 500 kbit/s; the highest bit marks those that all have to know. Those of 5 GHz are of 6 GHz, too. */
export const rates = {
  "2.4G": { supported: [0x82, 0x84, 0x8b, 0x96, 0x0c, 0x12, 0x18, 0x24], extended: [0x30, 0x48, 0x60, 0x6c] },
  "5G": { supported: [0x8c, 0x12, 0x98, 0x24, 0xb0, 0x48, 0x60, 0x6c] },
} as const;

/** What stations older than 802.11be are told: the widest part around the primary of which nothing is left out. */
function olderChannel(channel: Channel): Channel {
  let older = channel;
  while (older.puncture !== 0 || older.width === 320) {
    const half = narrow(older);
    if (!half) break;
    older = half;
  }
  return older;
}

/** The part of `channel` around its primary that is no wider than `width`. */
function part(channel: Channel, width: 40 | 80 | 160): Channel {
  if (channel.width === "80p80") {
    const half: Channel = { ...channel, width: 80, center1: 0 };
    return width === 40 ? part(half, 40) : half;
  }
  let found = channel;
  while (typeof found.width === "number" && found.width > width) found = narrow(found) ?? channel;
  return found;
}

export function rsnElement({ akms, pairwise, pmf }: SecurityTerms): number[] {
  const suite = (type: number) => [0x00, 0x0f, 0xac, type];
  const list = (types: readonly number[]) => [types.length, 0, ...types.flatMap(suite)];
  const group = pairwise.includes("tkip") ? cipherTypes.tkip : cipherTypes.ccmp;
  const protection = { disabled: 0, optional: 0x80, required: 0xc0 }[pmf];
  return element(elementIds.rsn, [
    ...[1, 0],
    ...suite(group),
    ...list(pairwise.map((cipher) => cipherTypes[cipher])),
    ...list(akms.map((akm) => akmTypes[akm])),
    ...[protection, 0],
    // No PMKID; integrity of group management frames by BIP-CMAC-128.
    ...(pmf === "disabled" ? [] : [0, 0, ...suite(6)]),
  ]);
}

const cipherTypes: Readonly<Record<Cipher, number>> = { tkip: 2, ccmp: 4, gcmp: 8, gcmp256: 9, ccmp256: 10 };

const akmTypes: Readonly<Record<Akm, number>> = {
  eap: 1,
  psk: 2,
  ft_eap: 3,
  ft_psk: 4,
  eap_sha256: 5,
  psk_sha256: 6,
  sae: 8,
  ft_sae: 9,
  eap_suite_b: 11,
  eap_suite_b192: 12,
  ft_eap_sha384: 13,
  eap_sha384: 23,
  sae_ext: 24,
  ft_sae_ext: 25,
};

function htCapabilities({ width }: Channel, streams: number): number[] {
  // LDPC, and short guard intervals in what widths there are.
  const info = width === 20 ? 0x21 : 0x63;
  const mcs = Array.from({ length: 16 }, (_, index) => (index < Math.min(4, streams) ? 0xff : 0));
  return element(elementIds.htCapabilities, [info, 0, 0x17, ...mcs, ...zeros(7)]);
}

function htOperation(channel: Channel): number[] {
  const narrowest = part(channel, 40);
  const above = narrowest.center0 > channel.control;
  // Secondary channel offset, and that stations may use any width.
  const offset = narrowest.width === 40 ? (above ? 1 : 3) | 4 : 0;
  return element(elementIds.htOperation, [channelNumber(channel.control), offset, ...zeros(20)]);
}

function vhtCapabilities({ width }: Channel, streams: number): number[] {
  const widths = width === "80p80" ? 8 : width === 160 ? 4 : 0;
  const map = mcsMap(streams, 2);
  return element(elementIds.vhtCapabilities, [widths | 0x10, 0, 0, 0, ...map, 0, 0, ...map, 0, 0]);
}

function vhtOperation(channel: Channel): number[] {
  const { width } = channel;
  const wide = width !== 20 && width !== 40;
  const [first, second] = wide ? centers(channel) : [0, 0];
  return element(elementIds.vhtOperation, [wide ? 1 : 0, first, second, ...mcsMap(1, 0)]);
}

function heCapabilities({ width, control }: Channel, streams: number): number[] {
  const wide = width === 160 || width === "80p80";
  const widths = bandOf(control) === "2.4G" ? 0x02 : 0x04 | (wide ? 0x08 : 0) | (width === "80p80" ? 0x10 : 0);
  const map = mcsMap(streams, 2);
  return extendedElement(extensionIds.heCapabilities, [
    ...zeros(6),
    ...[widths, ...zeros(10)],
    ...[...map, ...map],
    ...(wide ? [...map, ...map] : []),
    ...(width === "80p80" ? [...map, ...map] : []),
  ]);
}

function heOperation(channel: Channel): number[] {
  const { control, width } = channel;
  const six = bandOf(control) === "6G";
  const [first, second] = centers(channel);
  const code = { 20: 0, 40: 1, 80: 2, 160: 3, "80p80": 3, 320: 3 }[width];
  return extendedElement(extensionIds.heOperation, [
    ...[0, 0, six ? 2 : 0, bssColor, ...mcsMap(1, 0)],
    ...(six ? [channelNumber(control), code, first, second, 6] : []),
  ]);
}

const bssColor = 1;

function ehtCapabilities({ width, control }: Channel, streams: number): number[] {
  const sets = width === 320 ? 3 : width === 160 ? 2 : 1;
  const nss = (streams << 4) | streams;
  const support320 = bandOf(control) === "6G" && width === 320 ? 2 : 0;
  return extendedElement(extensionIds.ehtCapabilities, [
    ...[0, 0],
    ...[support320, ...zeros(8)],
    ...Array.from({ length: sets * 3 }, () => nss),
  ]);
}

/** Says the channel only where older elements cannot. */
function ehtOperation(channel: Channel, older: Channel): number[] {
  const { width, puncture } = channel;
  const told = width !== older.width || puncture !== 0;
  const code = { 20: 0, 40: 1, 80: 2, 160: 3, "80p80": 3, 320: 4 }[width];
  return extendedElement(extensionIds.ehtOperation, [
    (told ? 1 : 0) | (puncture === 0 ? 0 : 2),
    ...[0x11, 0x11, 0x11, 0x11],
    ...(told ? [code, ...centers(channel)] : []),
    ...(puncture === 0 ? [] : [puncture & 0xff, puncture >> 8]),
  ]);
}

/** Channel centre frequency segments: of the half around the primary and of all, from 160 MHz on; else of all, and none. */
function centers(channel: Channel): [number, number] {
  const { width, center0, center1 } = channel;
  if (width === "80p80") return [channelNumber(center0), channelNumber(center1)];
  if (width === 160) return [channelNumber(part(channel, 80).center0), channelNumber(center0)];
  if (width === 320) return [channelNumber(part(channel, 160).center0), channelNumber(center0)];
  return [channelNumber(center0), 0];
}

/** Two bits for each of eight streams, 3 where there is none. */
function mcsMap(streams: number, best: number): [number, number] {
  const map = Array.from({ length: 8 }, (_, index) => (index < streams ? best : 3) << (2 * index)).reduce(
    (sum, bits) => sum | bits,
    0,
  );
  return [map & 0xff, map >> 8];
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
