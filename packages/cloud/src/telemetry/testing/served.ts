/** For tests: locations as they are served, and reports of their nodes. */

import { Emitter } from "@opensync-ts/base/emitter";
import type { ClientRecord, ClientStats, ClientsReport } from "@opensync-ts/telemetry/clients";
import type { SurveyReport, SurveySample } from "@opensync-ts/telemetry/survey";
import type { LocationEvent } from "../../location.ts";
import type { ServedLocation, ServedLocations } from "../locations.ts";

type ServedNode = ServedLocation["nodes"][number];

export class FakeLocations implements ServedLocations {
  readonly events = new Emitter<{ event: { readonly location: string } & LocationEvent; removed: string }>();
  readonly #locations = new Map<string, { readonly id: string; nodes: ServedNode[] }>();

  add(id: string, ...nodes: readonly string[]): void {
    const absent = { connection: "absent", settled: false, pending: "not connected" } as const;
    this.#locations.set(id, { id, nodes: nodes.map((node) => ({ id: node, ...absent })) });
  }

  remove(id: string): void {
    this.#locations.delete(id);
  }

  set(node: string, view: Partial<ServedNode>): void {
    for (const location of this.#locations.values()) {
      location.nodes = location.nodes.map((each) => (each.id === node ? { ...each, ...view } : each));
    }
  }

  all(): Iterable<ServedLocation> {
    return this.#locations.values();
  }

  get(id: string): ServedLocation | undefined {
    return this.#locations.get(id);
  }
}

const noStats: ClientStats = {
  rxBytes: 0,
  txBytes: 0,
  rxFrames: 0,
  txFrames: 0,
  rxRetries: 0,
  txRetries: 0,
  rxErrors: 0,
  txErrors: 0,
  rxRateMbps: 0,
  txRateMbps: 0,
  snrDb: 0,
  rxRatePerceivedMbps: 0,
  txRatePerceivedMbps: 0,
};

/** A client that has been connected for a minute. */
export function clientRecord(
  mac: string,
  stats: Partial<ClientStats> = {},
  rest: Partial<ClientRecord> = {},
): ClientRecord {
  const counts = { connected: true, connectCount: 0, disconnectCount: 0, durationMs: 60_000, uapsd: 0 };
  return { mac, ssid: "Home", ...counts, rx: [], tx: [], tids: [], ...rest, stats: { ...noStats, ...stats } };
}

export function clientsReport(
  timestampMs: number,
  clients: readonly ClientRecord[],
  rest: Partial<ClientsReport> = {},
): ClientsReport {
  return { band: "5G", timestampMs, channel: 36, uplinkType: "", uplinkChanged: false, ...rest, clients };
}

/** One sample of ten seconds. */
export function surveyReport(
  timestampMs: number,
  sample: Partial<SurveySample>,
  surveyType: SurveyReport["surveyType"] = "on-chan",
): SurveyReport {
  const percentages = { busyPercent: 0, busyTxPercent: 0, busyRxPercent: 0, busySelfPercent: 0, busyExtPercent: 0 };
  const samples = [{ channel: 36, durationMs: 10_000, offsetMs: 0, ...percentages, ...sample }];
  return { band: "5G", surveyType, reportType: "raw", timestampMs, samples };
}
