/**
 * What one payload of a node comes to: it is kept as it is, counted into rows, its clients are followed, its troubles told. Nothing here waits,
 * and nothing that a node sends costs another one anything.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { parseMac } from "@opensync-ts/base/units";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import type { SteeringReport } from "@opensync-ts/telemetry/steering";
import type { Publication } from "../statistics/statistics.ts";
import { recordsOf } from "../steering/indicators/indicators.ts";
import type { Troubles } from "../troubles.ts";
import type { Alerts } from "./alerts/alerts.ts";
import { airtimeIs } from "./alerts/rules.ts";
import type { AuthFailures } from "./auth-failures.ts";
import type { ClientTracker } from "./events/client-tracker.ts";
import { idOf, storable } from "./events/event.ts";
import type { EventDraft } from "./events/location-events.ts";
import * as limits from "./limits.ts";
import type { ServedLocations } from "./locations.ts";
import type { AlertPolicy } from "./policy.ts";
import type { RawStore } from "./raw/raw-store.ts";
import { Remembered } from "./remembered.ts";
import { reportTime } from "./report-time.ts";
import { NodeMeter, samplesOf } from "./rollup/node-meter.ts";
import type { Writer } from "./writer.ts";

export interface IngestParts {
  readonly clock: Clock;
  readonly locations: ServedLocations;
  readonly raw: RawStore;
  readonly writer: Writer;
  readonly tracker: ClientTracker;
  readonly alerts: Alerts;
  readonly authFailures: AuthFailures;
  readonly policy: () => AlertPolicy;
  readonly troubles: Troubles;
  readonly event: (location: string, event: EventDraft & { readonly at: number }) => void;
}

export interface IngestCounters {
  /** Payloads of nodes that are of a location. */
  readonly payloads: number;
  /** Payloads, and parts of them, that had come before. */
  readonly repeated: number;
  /** Clients and channels that were too many. */
  readonly dropped: number;
}

interface NodeRecord {
  readonly meter: NodeMeter;
  readonly payloads: Remembered;
}

/** Of no use later, or too many of them. */
const leftOut: ReadonlySet<string> = new Set(["PROBE", "ACTIVITY", "CLIENT_CAPABILITIES"]);
/** What is older than that says nothing of now. */
const presentMs = 300_000;

export class Ingest {
  readonly #parts: IngestParts;
  /** The one not heard of for the longest time first. */
  readonly #nodes = new Map<string, NodeRecord>();
  #counters: IngestCounters = { payloads: 0, repeated: 0, dropped: 0 };

  constructor(parts: IngestParts) {
    this.#parts = parts;
    // What came just before a restart may come again after it.
    for (const [node, check] of parts.raw.recent()) this.#node(node).payloads.add(String(check));
  }

  get counters(): IngestCounters {
    return this.#counters;
  }

  take({ node, kind, topic, payload, ...decoded }: Publication): void {
    const { clock, locations, raw, troubles } = this.#parts;
    const location = locations.placeOf(node)?.location.id;
    if (location === undefined) return;
    const at = clock.wallTime();
    const check = raw.append({ at, node, kind, topic, payload });
    this.#count("payloads", 1);
    if (kind !== "stats" || !("report" in decoded)) return;
    const record = this.#node(node);
    if (!record.payloads.add(String(check))) {
      this.#count("repeated", 1);
      return;
    }
    const report = decoded.report as StatsReport;
    const { contributions, repeated, dropped, rebooted } = record.meter.take(report, at);
    for (const contribution of contributions) this.#parts.writer.add(location, contribution);
    this.#count("repeated", repeated);
    if (dropped > 0) {
      this.#count("dropped", dropped);
      const bounds = `${limits.clientsPerNode} clients and ${limits.channelsPerNode} channels in a minute`;
      troubles.tell(`${node} many`, `${node}: reports more than ${bounds}: the rest is not counted`);
    }
    if (rebooted) {
      const event = {
        kind: "node-rebooted",
        node,
        client: null,
        text: `${node}: has started anew`,
        details: {},
      } as const;
      this.#parts.event(location, { ...event, at });
    }
    for (const clients of report.clients) {
      this.#parts.tracker.take(location, node, clients, reportTime(clients.timestampMs, at));
    }
    this.#watchAir(location, node, report, at);
    for (const failures of report.authFailures) this.#parts.authFailures.take(location, node, failures, at);
    for (const steering of report.steering) this.#noteSteering(location, node, steering);
  }

  #watchAir(location: string, node: string, report: StatsReport, now: number): void {
    for (const survey of report.surveys) {
      const at = reportTime(survey.timestampMs, now);
      if (survey.surveyType !== "on-chan" || now - at > presentMs) continue;
      const samples = samplesOf(survey);
      const ms = samples.reduce((sum, sample) => sum + sample.ms, 0);
      if (ms === 0) continue;
      const percent = samples.reduce((sum, sample) => sum + sample.busy * sample.ms, 0) / ms;
      const policy = this.#parts.policy();
      const channel = samples.at(-1)?.channel;
      const observed = { location, kind: "airtime-high", node, subject: survey.band } as const;
      const text = () =>
        `${node} ${survey.band}: channel ${channel} is busy for more than ${policy.airtimePercent} % of the time (${Math.round(percent)} %)`;
      this.#parts.alerts.observe({ ...observed, observation: airtimeIs(percent, policy), text }, now, policy);
    }
  }

  #noteSteering(location: string, node: string, report: SteeringReport): void {
    const now = this.#parts.clock.wallTime();
    const at = reportTime(report.timestampMs, now);
    let room = limits.steeringEventsPerReport;
    for (const client of report.clients) {
      const mac = parseMac(client.mldMac ?? client.mac);
      for (const band of mac === undefined ? [] : client.bands) {
        const records = recordsOf({ timestampMs: at, clients: [{ ...client, bands: [band] }] });
        for (const { at: atMs, event } of records) {
          if (leftOut.has(event.type) || room-- <= 0) continue;
          const { offsetMs: _, ...rest } = event;
          const if_name = storable(band.ifName);
          const id = idOf(location, node, mac ?? null, band.band, if_name, atMs, JSON.stringify(rest));
          const row = {
            id,
            location_id: location,
            at_ms: atMs,
            mac: mac ?? "",
            node_id: node,
            band: band.band,
            if_name,
          };
          this.#parts.writer.note({ table: "steering_events", row: { ...row, event: JSON.stringify(event) } });
        }
      }
    }
    if (room < 0) this.#count("dropped", -room);
  }

  #count(what: keyof IngestCounters, amount: number): void {
    this.#counters = { ...this.#counters, [what]: this.#counters[what] + amount };
  }

  #node(id: string): NodeRecord {
    const record = this.#nodes.get(id) ?? {
      meter: new NodeMeter(id),
      payloads: new Remembered(limits.rememberedPayloads),
    };
    this.#nodes.delete(id);
    this.#nodes.set(id, record);
    if (this.#nodes.size > limits.nodes) {
      const [oldest] = this.#nodes;
      if (oldest) this.#nodes.delete(oldest[0]);
    }
    return record;
  }
}
