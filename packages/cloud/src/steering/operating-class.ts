/** Global operating classes (IEEE 802.11-2020 table E-4), by which nodes tell clients where a neighbour is. */

import type { Channel } from "./optimiser/air.ts";

/** Undefined where no class has such a channel of this width. 40 MHz of 2.4 GHz go by the class of their primary: above or below is not known. */
export function operatingClass({ band, channel, width }: Channel): number | undefined {
  switch (band) {
    case "2.4G":
      return channel === 14 ? 82 : channel >= 1 && channel <= 13 ? 81 : undefined;
    case "6G":
      return { 20: 131, 40: 132, 80: 133, 160: 134, 320: 137 }[width];
    case "5G":
      return fiveGhz(channel, width);
  }
}

function fiveGhz(channel: number, width: number): number | undefined {
  if (width === 80) return 128;
  if (width === 160) return 129;
  if (width !== 20 && width !== 40) return undefined;
  // The second class of each pair is of a primary below its secondary, the third of one above.
  const classes = (range: readonly [number, number, number], first: number) => {
    const isLower = ((channel - first) / 4) % 2 === 0;
    return width === 20 ? range[0] : isLower ? range[1] : range[2];
  };
  if (channel >= 36 && channel <= 48) return classes([115, 116, 117], 36);
  if (channel >= 52 && channel <= 64) return classes([118, 119, 120], 52);
  if (channel >= 100 && channel <= 144) return classes([121, 122, 123], 100);
  if (channel >= 149 && channel <= 177) return classes([125, 126, 127], 149);
  return undefined;
}
