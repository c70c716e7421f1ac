/** What a row of `Wifi_Stats_Config` asks for, once it has been checked. Times in milliseconds. */

import type { Mhz } from "@opensync-ts/base/units";
import type { Band, ReportKind, SurveyKind } from "@opensync-ts/telemetry/names";

export type CollectedType = "survey" | "neighbor" | "client" | "device" | "rssi" | "capacity" | "client_auth_fails";

export interface StatsPlan {
  readonly statsType: CollectedType;
  /** null: every radio. */
  readonly band: Band | null;
  /** Surveys and neighbors only. */
  readonly surveyType: SurveyKind | null;
  readonly sampling: number;
  readonly reporting: number;
  /** Reports in all; 0: no end. */
  readonly limit: number;
  /** On each scanned channel; 0: nothing is scanned. */
  readonly dwell: number;
  /** Control frequencies, those to scan and to report besides the operating channel; empty: report all, scan none. */
  readonly channels: readonly Mhz[];
  readonly threshold: Threshold | null;
  /** One that the type can be reported by. */
  readonly reportType: ReportKind;
}

export interface Threshold {
  /** Percent, 1 to 100. */
  readonly util: number;
  readonly maxDelay: number;
}

/** Plans are plain data. */
export function samePlan(a: StatsPlan | null, b: StatsPlan | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function scans({ surveyType, dwell, channels }: StatsPlan): boolean {
  return (surveyType === "off-chan" || surveyType === "full") && dwell > 0 && channels.length > 0;
}
