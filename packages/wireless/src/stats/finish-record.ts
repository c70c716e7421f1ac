/** What a report says beyond its samples: the address of the vif, and shares of time where the driver gave only times. */

import type { Mac } from "@opensync-ts/base/units";
import type { StatsRecord } from "./contract.ts";
import type { StatsValues } from "./definitions.ts";

/** A driver's own percentages win. */
export function finishRecord(record: StatsRecord, addressOf: (vif: string) => Mac | undefined): StatsRecord {
  if (record.stats === "STA") {
    const address = record.data.vif_name === undefined ? undefined : addressOf(record.data.vif_name);
    return address === undefined ? record : { ...record, data: { ...record.data, vif_address: address } };
  }
  if (record.stats === "CHAN") {
    const percent = percentOf(record.data);
    return percent ? { ...record, data: { ...record.data, cnt_percent: percent } } : record;
  }
  return record;
}

/** Whole percent, rounded down. */
function percentOf({ active_msec: active, cnt_msec: times, cnt_percent: given }: StatsValues<"CHAN">) {
  if (given || !active || !times) return undefined;
  const share = (time: number) => Math.floor((time * 100) / active);
  return Object.fromEntries(Object.entries(times).map(([use, time]) => [use, share(time)])) as typeof times;
}
