/**
 * A row of `Wifi_Stats_Config` → a plan, or what is wrong with it (docs/stats.md has the table). What decides *what* is collected
 * must be right, or the row is ignored; what is merely of no use is left out. Either is told, and no other row is concerned.
 */

import type { Mhz } from "@opensync-ts/base/units";
import type { Row } from "@opensync-ts/schema/opensync";
import { channelFrequency } from "@opensync-ts/target/channels";
import type { Band, ReportKind } from "@opensync-ts/telemetry/names";
import { limits } from "@opensync-ts/wireless/limits";
import { namedEntries } from "../limits.ts";
import type { Problem } from "../problems.ts";
import { statsLimits } from "./limits.ts";
import type { CollectedType, StatsPlan, Threshold } from "./plan.ts";

export type StatsConfigRow = Row<"Wifi_Stats_Config">;

export interface ReadRow {
  /** `survey 5G off-chan 01234567-…`. */
  readonly name: string;
  /** null: nothing is collected for it, and `why`. */
  readonly plan: StatsPlan | null;
  readonly why: string;
  readonly problems: readonly Problem[];
}

type Column = Exclude<keyof StatsConfigRow, "_version">;
type Report = (column: Column, reason: string, inert?: "inert") => void;

export function readRow(given: StatsConfigRow): ReadRow {
  const row = withNumbers(given);
  const name = nameOf(row);
  const problems: Problem[] = [];
  const report: Report = (column, reason, inert) => {
    const value = shortened(textOf(row[column]));
    problems.push({ table: "Wifi_Stats_Config", row: name, column, value, reason, ...(inert && { inert: true }) });
  };
  const without = (why: string): ReadRow => ({ name, plan: null, why, problems });

  const { stats_type: type } = row;
  const elsewhere = notCollected[type as keyof typeof notCollected];
  if (elsewhere) {
    if (elsewhere.problem !== undefined) report("stats_type", elsewhere.problem);
    return without(elsewhere.why);
  }
  if (!isCollected(type)) {
    report("stats_type", "not set; the row is ignored");
    return without("invalid");
  }
  reportUseless(row, type, report);
  if (!intervalsAreValid(row, report)) return without("invalid");
  const band = bandOf(row, type, report);
  const surveyType = isScan(type) ? surveyTypeOf(row, report) : null;
  const leaves = surveyType === "off-chan" || surveyType === "full";
  const channels = leaves && band ? channelsOf(row, band, report) : [];
  if (band === undefined || surveyType === undefined || channels === undefined) return without("invalid");
  if (row.sampling_interval === 0) {
    // Who leaves it out may have meant something else than off.
    if (row.reporting_interval > 0) report("sampling_interval", "the row is off", "inert");
    return without("off, sampling_interval is 0");
  }
  if (row.reporting_interval === 0) return without("off, reporting_interval is 0");
  const plan: StatsPlan = {
    statsType: type,
    band,
    surveyType,
    sampling: row.sampling_interval * second,
    reporting: row.reporting_interval * second,
    limit: row.reporting_count,
    dwell: leaves ? dwellOf(row, report) : 0,
    channels,
    threshold: type === "device" ? null : thresholdOf(row, report),
    reportType: reportTypeOf(row, type, report),
  };
  return { name, plan, why: "", problems };
}

const second = 1_000;

/** Integers beyond 2⁵³ are bigints in a row (`integer` in the schema's declaration); so many seconds need not be exact. */
function withNumbers(row: StatsConfigRow): StatsConfigRow {
  const { survey_interval_ms: dwell } = row;
  return {
    ...row,
    sampling_interval: Number(row.sampling_interval),
    reporting_interval: Number(row.reporting_interval),
    reporting_count: Number(row.reporting_count),
    survey_interval_ms: dwell === null ? null : Number(dwell),
    threshold: new Map([...row.threshold].map(([key, value]) => [key, Number(value)])),
  };
}

/** Types that OWM does not collect, and why; with a problem where nobody does. */
const notCollected: Readonly<Record<string, { readonly why: string; readonly problem?: string }>> = {
  latency: { why: "SM's" },
  steering: { why: "reported by band steering without any row" },
  radio: noMessage("a radio's configuration and state are in Wifi_Radio_State"),
  essid: noMessage("networks are in Wifi_VIF_State"),
  quality: noMessage("signal and rates are in reports of type client"),
  radius_stats: { why: "no source", problem: "no driver tells counters of RADIUS; nothing is reported" },
};

function noMessage(instead: string): { readonly why: string; readonly problem: string } {
  return { why: "no message", problem: `reports have no message of this type, ${instead}; nothing is reported` };
}

/** What each type can be reported by; the first is what is sent instead of others. */
export const reportTypes: Readonly<Record<CollectedType, readonly ReportKind[]>> = {
  survey: ["raw", "average", "histogram", "percentile", "diff"],
  neighbor: ["raw", "average", "diff"],
  client: ["raw", "average", "diff"],
  device: ["raw"],
  rssi: ["raw", "average"],
  capacity: ["raw", "average"],
  client_auth_fails: ["raw"],
};

function isCollected(type: string): type is CollectedType {
  return Object.hasOwn(reportTypes, type);
}

function isScan(type: CollectedType): boolean {
  return type === "survey" || type === "neighbor";
}

/** Columns that mean nothing for the row, as a notice: they may have been meant for something. */
function reportUseless(row: StatsConfigRow, type: CollectedType, report: Report): void {
  const isSet = (column: Column) => textOf(row[column]) !== "";
  const useless = (columns: readonly Column[], reason: string) => {
    for (const column of columns) if (isSet(column)) report(column, `${reason}; without effect`, "inert");
  };
  useless(["if_name", "sample_policy", "latency_dscp", "latency_kinds"], "for stats_type latency only");
  if (!isScan(type)) useless(["survey_type", "survey_interval_ms", "channel_list"], "for survey and neighbor only");
  else if (row.survey_type === "on-chan")
    useless(["survey_interval_ms", "channel_list"], "for survey_type off-chan and full only");
}

function intervalsAreValid(row: StatsConfigRow, report: Report): boolean {
  const negative = (
    ["sampling_interval", "reporting_interval", "reporting_count", "survey_interval_ms"] as const
  ).filter((column) => (row[column] ?? 0) < 0);
  for (const column of negative) report(column, "negative; the row is ignored");
  const { sampling_interval: sampling, reporting_interval: reporting } = row;
  if (sampling > reporting && reporting > 0) {
    report("sampling_interval", "longer than reporting_interval; reports without a new sample are left out", "inert");
  }
  return negative.length === 0;
}

/** undefined: missing. */
function bandOf({ radio_type }: StatsConfigRow, type: CollectedType, report: Report): Band | null | undefined {
  if (radio_type !== null) return radio_type;
  if (type === "device") return null;
  report("radio_type", "not set, it says which radio; the row is ignored");
  return undefined;
}

function surveyTypeOf({ survey_type }: StatsConfigRow, report: Report): StatsPlan["surveyType"] | undefined {
  if (survey_type !== null) return survey_type;
  report("survey_type", "not set, it says whether to leave the operating channel; the row is ignored");
  return undefined;
}

/** Ascending; those of other bands are left out. undefined: none is left of a list that named some. */
function channelsOf(row: StatsConfigRow, band: Band, report: Report): readonly Mhz[] | undefined {
  const strange: number[] = [];
  const channels: Mhz[] = [];
  for (const number of row.channel_list) {
    const frequency = frequencyIn(band, number);
    if (frequency === null) strange.push(number);
    else channels.push(frequency);
  }
  if (strange.length === 0) return channels.sort((a, b) => a - b);
  const more = strange.length > namedEntries ? ` and ${strange.length - namedEntries} more` : "";
  const named = `no ${band} channel: ${strange.slice(0, namedEntries).join(", ")}${more}`;
  if (channels.length === 0) {
    report("channel_list", `${named}; the row is ignored`);
    return undefined;
  }
  report("channel_list", `${named}; left out`);
  return channels.sort((a, b) => a - b);
}

/** The halves of 5 GHz part between channels 64 and 100. */
function frequencyIn(band: Band, number: number): Mhz | null {
  const whole = band === "5GL" || band === "5GU" ? "5G" : band;
  const frequency = channelFrequency(whole, number);
  if (frequency === null) return null;
  if (band === "5GL" && frequency >= 5500) return null;
  if (band === "5GU" && frequency < 5500) return null;
  return frequency;
}

function dwellOf(row: StatsConfigRow, report: Report): number {
  const { survey_interval_ms: dwell, channel_list, sampling_interval } = row;
  if (channel_list.length === 0) {
    const kind = row.survey_type === "full" ? "besides the operating channel, " : "";
    report("channel_list", `empty; nothing is scanned, ${kind}what others scan is reported`, "inert");
    return 0;
  }
  if (!dwell) {
    report(
      "survey_interval_ms",
      "not set; nothing is scanned, what others scan of these channels is reported",
      "inert",
    );
    return 0;
  }
  if (dwell >= sampling_interval * second) {
    report(
      "survey_interval_ms",
      "not shorter than sampling_interval, one channel is scanned in each; nothing is scanned",
    );
    return 0;
  }
  if (dwell > limits.scanDwell) {
    report("survey_interval_ms", `more than ${limits.scanDwell}; nothing is scanned`);
    return 0;
  }
  return dwell;
}

function thresholdOf({ threshold }: StatsConfigRow, report: Report): Threshold | null {
  const strange = [...threshold.keys()].filter((key) => key !== "util" && key !== "max_delay");
  const named = strange.map(shortened).join(", ");
  if (strange.length > 0) report("threshold", `unknown: ${named} (util, max_delay); left out`, "inert");
  const util = threshold.get("util") ?? 0;
  const maxDelay = threshold.get("max_delay") ?? 0;
  if (util < 0 || util > 100) report("threshold", "util is no percentage (0 to 100); the threshold is left out");
  else if (maxDelay < 0) report("threshold", "max_delay is negative; the threshold is left out");
  else if (util > 0) return { util, maxDelay: maxDelay * second };
  else if (maxDelay > 0) report("threshold", "max_delay without util; without effect", "inert");
  return null;
}

function reportTypeOf({ report_type }: StatsConfigRow, type: CollectedType, report: Report): ReportKind {
  const possible = reportTypes[type];
  if (report_type === null || possible.includes(report_type)) return report_type ?? "raw";
  report("report_type", `reports of type ${type} can be ${possible.join(", ")}; raw is sent`);
  return "raw";
}

function nameOf({ stats_type, radio_type, survey_type, _uuid }: StatsConfigRow): string {
  return [stats_type || "?", radio_type, survey_type, _uuid].filter((part) => part !== null).join(" ");
}

/** Names of `if_name` and keys of `threshold` are as long as somebody likes. */
function shortened(text: string): string {
  return text.length > statsLimits.shownValue ? `${text.slice(0, statsLimits.shownValue)}…` : text;
}

/** "" where it is not set. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Map) return [...value].map(([key, each]) => `${key}=${each}`).join(",");
  return String(value);
}
