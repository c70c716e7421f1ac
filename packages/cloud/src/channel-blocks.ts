/** Which 20 MHz channels a wider channel is made of (IEEE 802.11 annex E). Pure. */

import { bandOf, type FrequencyBand } from "./radio-bands.ts";

/** Contiguous runs of channels, four apart, that wide ones are cut from. */
const runs: Readonly<Record<"5G" | "6G", readonly (readonly [first: number, count: number])[]>> = {
  "5G": [
    [36, 8],
    [100, 12],
    [149, 8],
  ],
  "6G": [[1, 59]],
};

/** On 6 GHz, channels of 320 MHz come in two rows, the second shifted by half of one. */
const shift320 = 32;

/** The ways to be `width` MHz wide with this primary channel, each with all its channels; none: there is no such channel. */
export function channelBlocks(band: FrequencyBand, channel: number, width: number): readonly (readonly number[])[] {
  if (width === 20) return [[channel]];
  const whole = bandOf(band);
  // The second half is above or below.
  if (whole === "2.4G") return width === 40 ? [-4, 4].map((offset) => [channel, channel + offset]) : [];
  const size = width / 20;
  return runs[whole].flatMap(([first, count]) =>
    (width === 320 ? [0, shift320] : [0]).flatMap((shift) => {
      const start = first + shift;
      const block = Math.floor((channel - start) / 4 / size);
      const members = Array.from({ length: size }, (_, index) => start + (block * size + index) * 4);
      const last = first + (count - 1) * 4;
      return block >= 0 && members.includes(channel) && (members.at(-1) ?? last) <= last ? [members] : [];
    }),
  );
}
