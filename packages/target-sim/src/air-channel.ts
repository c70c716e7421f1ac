/** Channels of the radio model as they occupy the air, and back. */

import { allSegments20, bandOf, channelNumber, channelOf, segments20 } from "@opensync-ts/target/channels";
import type { Band, Channel, ChannelWidth } from "@opensync-ts/target/radio";
import type { AirChannel } from "@opensync-ts/world/spectrum";

export function airChannel(channel: Channel): AirChannel {
  return { band: bandOf(channel.control) ?? "5G", control: channel.control, segments: segments20(channel) };
}

/** The channel whose 20 MHz segments are those on the air; the primary alone where there is none such. */
export function channelFromAir({ control, segments }: AirChannel): Channel | null {
  const band = bandOf(control);
  if (band === null) return null;
  const number = channelNumber(control);
  for (const shape of shapes(band, segments)) {
    const whole = channelOf({ band, number, ...shape });
    if (!whole) continue;
    const all = allSegments20(whole);
    if (!segments.every((segment) => all.includes(segment))) continue;
    const puncture = all.reduce((bits, segment, index) => (segments.includes(segment) ? bits : bits | (1 << index)), 0);
    const channel = { ...whole, puncture };
    if (puncture === 0 || (band !== "2.4G" && whole.width !== "80p80")) return channel;
  }
  return channelOf({ band, number, width: 20 });
}

/** What so many segments can be: one piece, two of 80 MHz, or a wider channel with some of it left out. */
function* shapes(band: Band, segments: readonly number[]) {
  const [lowest = 0, highest = 0] = [segments[0], segments.at(-1)];
  const center = (from: number, to: number) => channelNumber((from + to) / 2);
  const whole = widths.find((width) => width === segments.length * 20);
  if (whole !== undefined && highest - lowest === (segments.length - 1) * 20) {
    yield { width: whole, center0: center(lowest, highest) };
  }
  if (segments.length === 8) {
    const [first, second] = [center(lowest, segments[3] ?? 0), center(segments[4] ?? 0, highest)];
    yield { width: "80p80" as const, center0: first, center1: second };
    yield { width: "80p80" as const, center0: second, center1: first };
  }
  yield { width: 80 as const };
  yield { width: 160 as const };
  if (band === "6G") for (const center0 of centers320) yield { width: 320 as const, center0 };
}

const widths: readonly ChannelWidth[] = [20, 40, 80, 160, 320];

/** The two rasters of 320 MHz channels overlap by half (IEEE 802.11be annex E). */
const centers320 = [31, 63, 95, 127, 159, 191];
