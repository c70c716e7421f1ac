/** An average with what stands behind it. */

import type { AvgType, AvgTypeSigned } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { counter, int32, uint32, unlessZero } from "./numbers.ts";

/** In the unit of what is averaged. */
export interface Average {
  readonly average: number;
  readonly least: number;
  readonly most: number;
  readonly samples: number;
}

const noAverage: Average = { average: 0, least: 0, most: 0, samples: 0 };

/** What is zero is left out; the average itself is required. */
export function averageMessage({ average, least, most, samples }: Average): Fields<AvgType> {
  return { avg: uint32(average), min: counter(least), max: counter(most), num: counter(samples) };
}

export function signedAverageMessage({ average, least, most, samples }: Average): Fields<AvgTypeSigned> {
  return {
    avg: int32(average),
    min: unlessZero(int32(least)),
    max: unlessZero(int32(most)),
    num: counter(samples),
  };
}

/** An average that is not there was zero. */
export function averageOf(message: AvgType | AvgTypeSigned | undefined): Average {
  if (!message) return noAverage;
  return { average: message.avg, least: message.min, most: message.max, samples: message.num };
}
