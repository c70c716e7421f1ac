/**
 * What a report says beyond its samples: the address of the vif, shares of time where the driver gave only times, and of a BSS
 * what follows from the elements of its beacon.
 */

import type { Mac } from "@opensync-ts/base/units";
import { readBeacon } from "@opensync-ts/target/beacon-channel";
import type { StatsRecord } from "./contract.ts";
import type { StatsValues } from "./definitions.ts";
import { widthOnTheWire } from "./driver-samples.ts";

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
  if (record.stats === "BSS_SCAN") {
    const derived = derivedOf(record.data);
    return derived ? { ...record, data: { ...derived, ...record.data } } : record;
  }
  return record;
}

/** Name and channel by the elements; what the driver said goes before it. */
function derivedOf({ ies, ...told }: StatsValues<"BSS_SCAN">): StatsValues<"BSS_SCAN"> | undefined {
  if (!ies || derivable.every((name) => told[name] !== undefined)) return undefined;
  const { ssid, channel } = readBeacon(ies, told.freq_mhz);
  return {
    ...(ssid && { ssid }),
    ...(channel && {
      freq_mhz: channel.control,
      width_mhz: widthOnTheWire(channel.width),
      center_freq0_mhz: channel.center0,
      ...(channel.center1 !== 0 && { center_freq1_mhz: channel.center1 }),
    }),
  };
}

const derivable = ["ssid", "freq_mhz", "width_mhz", "center_freq0_mhz", "center_freq1_mhz"] as const;

/** Whole percent, rounded down. */
function percentOf({ active_msec: active, cnt_msec: times, cnt_percent: given }: StatsValues<"CHAN">) {
  if (given || !active || !times) return undefined;
  const share = (time: number) => Math.floor((time * 100) / active);
  return Object.fromEntries(Object.entries(times).map(([use, time]) => [use, share(time)])) as typeof times;
}
