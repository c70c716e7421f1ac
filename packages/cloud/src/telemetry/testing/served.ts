/** For tests: locations as they are served, and reports of their nodes. */

import { Emitter } from "@opensync-ts/base/emitter";
import type { Row, Uuid } from "@opensync-ts/ovsdb/datum";
import type { ClientRecord, ClientStats, ClientsReport } from "@opensync-ts/telemetry/clients";
import type { SurveyReport, SurveySample } from "@opensync-ts/telemetry/survey";
import type { LocationEvent } from "../../location-news.ts";
import type { TakenBack } from "../../taken-back.ts";
import type { ServedLocation, ServedLocations } from "../locations.ts";

type ServedNode = ServedLocation["nodes"][number];

export class FakeLocations implements ServedLocations {
  readonly events = new Emitter<{ event: { readonly location: string | null } & LocationEvent; removed: string }>();
  /** `Wifi_Radio_State.radar`, by node. */
  readonly radar = new Map<string, ReadonlyMap<string, string>>();
  readonly quarantined = new Map<string, string>();
  /** By location. */
  readonly takenBack = new Map<string, TakenBack>();
  readonly #nodes = new Map<string, readonly ServedNode[]>();
  readonly #places = new Map<string, string>();

  add(id: string, ...nodes: readonly string[]): void {
    for (const node of nodes) this.#places.set(node, id);
    const absent = { connection: "absent", refused: null, settled: false, pending: "not connected" } as const;
    this.#nodes.set(
      id,
      nodes.map((node) => ({ id: node, ...absent })),
    );
  }

  remove(id: string): void {
    this.#nodes.delete(id);
  }

  set(node: string, view: Partial<ServedNode>): void {
    for (const [id, nodes] of this.#nodes) {
      this.#nodes.set(
        id,
        nodes.map((each) => (each.id === node ? { ...each, ...view } : each)),
      );
    }
  }

  *all(): Iterable<ServedLocation> {
    for (const id of this.#nodes.keys()) yield this.#location(id);
  }

  get(id: string): ServedLocation | undefined {
    return this.#nodes.has(id) ? this.#location(id) : undefined;
  }

  placeOf(node: string): { readonly location: ServedLocation } | undefined {
    const id = this.#places.get(node);
    return id !== undefined && this.#nodes.has(id) ? { location: this.#location(id) } : undefined;
  }

  #location(id: string): ServedLocation {
    return {
      id,
      nodes: this.#nodes.get(id) ?? [],
      takenBack: this.takenBack.get(id),
      quarantine: (node) => this.quarantined.get(node),
      session: (node) => ({
        tables: (table) => {
          const id = "00000000-0000-0000-0000-000000000001" as Uuid;
          const row: Row = { _uuid: id, _version: id, if_name: "wifi1", radar: this.radar.get(node) ?? new Map() };
          return new Map(table === "Wifi_Radio_State" ? [[id, row]] : []);
        },
      }),
    };
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
