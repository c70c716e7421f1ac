/** Rows of `Wifi_Stats_Config` as SM reads them: what is to be measured and reported, and what is wrong with a row. */

import type { Row } from "@opensync-ts/schema/opensync";
import { thermalPeriod } from "./limits.ts";

export type StatsRow = Row<"Wifi_Stats_Config">;
export type StatsConfig = DeviceConfig | LatencyConfig;

export interface DeviceConfig {
  readonly type: "device";
  /** ms between reports. */
  readonly reporting: number;
  /** ms between thermal samples. */
  readonly sampling: number;
  /** Reports until it ends; 0: no end. */
  readonly count: number;
  /** While the processors are in use for less than `util` percent, a report waits up to `maxDelay` ms. */
  readonly hold: { readonly util: number; readonly maxDelay: number } | null;
}

export interface LatencyConfig {
  readonly type: "latency";
  readonly reporting: number;
  /** ms between polls. */
  readonly sampling: number;
  readonly count: number;
  /** Only these; empty: all. */
  readonly interfaces: readonly string[];
  /** One sample for each poll, or one of all. */
  readonly policy: "separate" | "merge";
  readonly kinds: readonly LatencyKind[];
  readonly perDscp: boolean;
}

export const latencyKinds = ["min", "max", "avg", "last", "num"] as const;
export type LatencyKind = (typeof latencyKinds)[number];

export interface ReadRow {
  /** `null`: nothing to do, be it on purpose or not. */
  readonly config: StatsConfig | null;
  /** Each with what is done instead. */
  readonly problems: readonly string[];
}

/** `undefined` for a row that is not SM's. */
export function readRow(row: StatsRow): ReadRow | undefined {
  switch (row.stats_type) {
    case "device":
      return readDevice(row);
    case "latency":
      return readLatency(row);
    default:
      return undefined;
  }
}

/** Names a row for people. */
export function rowName(row: Pick<StatsRow, "stats_type" | "_uuid">): string {
  return `Wifi_Stats_Config ${row.stats_type} ${row._uuid}`;
}

function readDevice(row: StatsRow): ReadRow {
  const problems: string[] = [];
  const reporting = interval(row, "reporting_interval", problems);
  const sampling = Number(row.sampling_interval);
  if (sampling < 0) problems.push(`sampling_interval ${sampling} is negative; thermal samples every 60 s`);
  const count = reports(row, problems);
  const hold = holdOf(row.threshold, problems);
  rawOnly(row, problems);
  if (reporting === 0) return { config: null, problems };
  return {
    config: { type: "device", reporting, sampling: sampling > 0 ? sampling * 1000 : thermalPeriod, count, hold },
    problems,
  };
}

function readLatency(row: StatsRow): ReadRow {
  const problems: string[] = [];
  const reporting = interval(row, "reporting_interval", problems);
  const sampling = interval(row, "sampling_interval", problems);
  const count = reports(row, problems);
  rawOnly(row, problems);
  if (row.threshold.size > 0) problems.push("threshold does not hold latency reports back; ignored");
  const known = latencyKinds.filter((kind) => row.latency_kinds.includes(kind));
  const unknown = row.latency_kinds.filter((kind) => !latencyKinds.some((each) => each === kind));
  const kinds = row.latency_kinds.length === 0 ? latencyKinds : known;
  for (const kind of unknown) problems.push(`latency_kinds: reports have no field for '${kind}'; left out`);
  if (kinds.length === 0) problems.push("latency_kinds: nothing is left to report; the row is off");
  if (reporting === 0 || sampling === 0 || kinds.length === 0) return { config: null, problems };
  return {
    config: {
      type: "latency",
      reporting,
      sampling,
      count,
      interfaces: row.if_name,
      policy: row.sample_policy ?? "merge",
      kinds,
      perDscp: row.latency_dscp === "report_per_dscp",
    },
    problems,
  };
}

/** In ms; 0: off. */
function interval(row: StatsRow, column: "reporting_interval" | "sampling_interval", problems: string[]): number {
  // Beyond 2^53 it is no number (`integer` in the schema's declaration).
  const seconds = Number(row[column]);
  if (seconds >= 0) return seconds * 1000;
  problems.push(`${column} ${seconds} is negative; the row is off, use 0 for that or a number of seconds`);
  return 0;
}

function reports(row: StatsRow, problems: string[]): number {
  const count = Number(row.reporting_count);
  if (count < 0) problems.push(`reporting_count ${count} is negative; reports without end`);
  return Math.max(0, count);
}

function rawOnly({ report_type: type }: StatsRow, problems: string[]): void {
  if (type !== null && type !== "raw") problems.push(`report_type ${type} is not offered here; raw it is`);
}

function holdOf(threshold: StatsRow["threshold"], problems: string[]): DeviceConfig["hold"] {
  const strange = [...threshold.keys()].filter((key) => key !== "util" && key !== "max_delay");
  for (const key of strange) problems.push(`threshold: no such key '${key.slice(0, 32)}'; ignored`);
  const util = Number(threshold.get("util") ?? 0);
  const seconds = Number(threshold.get("max_delay") ?? 0);
  if (util === 0) return null;
  if (util < 0 || util > 100) {
    problems.push(`threshold: util ${util} is no percentage; no report is held back`);
    return null;
  }
  if (seconds <= 0) {
    problems.push("threshold: util without a max_delay above 0 s; no report is held back");
    return null;
  }
  return { util, maxDelay: seconds * 1000 };
}
