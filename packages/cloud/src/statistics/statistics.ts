/**
 * What the nodes of a location tell over MQTT: payloads are decoded, the latest values of each node kept, and whoever follows
 * hears of each payload. What a node sends can be anything; it costs the others nothing.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { decodeLatency, type LatencyReport } from "@opensync-ts/telemetry/latency";
import { limits as telemetryLimits } from "@opensync-ts/telemetry/limits";
import { decompress, isCompressed } from "@opensync-ts/telemetry/payload";
import { decodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { decodeTimeEvents, type TimeEventsReport } from "@opensync-ts/telemetry/time-events";
import { Allowance } from "../allowance.ts";
import * as limits from "../limits.ts";
import type { PayloadKind } from "../mqtt/node-topics.ts";
import { Troubles } from "../troubles.ts";
import { NodeLatest } from "./latest.ts";

/** One payload of a node, as it was published; `bytes` are those of it without its compression. */
export type Publication = {
  readonly node: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly bytes: Uint8Array;
} & Decoded;

export type Decoded =
  | { readonly kind: "stats"; readonly report: StatsReport }
  | { readonly kind: "latency"; readonly report: LatencyReport }
  | { readonly kind: "time events"; readonly report: TimeEventsReport }
  | { readonly kind: "log"; readonly lines: readonly string[] }
  | { readonly kind: "other" };

/** Since the start, of one node. */
export interface StatisticsCounters {
  /** Payloads that were understood. */
  readonly payloads: number;
  readonly bytes: number;
  readonly malformed: number;
  /** Said to be of another node than the one that published them. */
  readonly mismatched: number;
  /** Dropped unread, as there were too many. */
  readonly dropped: number;
}

export interface NodeStatistics {
  readonly latest: NodeLatest;
  readonly counters: StatisticsCounters;
  /** When the last statistics report arrived, in ms of the cloud's clock; undefined: none yet. */
  readonly reportedAt: number | undefined;
}

interface NodeRecord {
  readonly latest: NodeLatest;
  /** What may still be read: bytes when unpacked, and the time it takes (ms). */
  readonly bytes: Allowance;
  readonly time: Allowance;
  counters: StatisticsCounters;
  reportedAt: number | undefined;
}

interface Arrived {
  readonly node: string;
  readonly clientId: string;
  readonly kind: PayloadKind;
  readonly topic: string;
  readonly payload: Uint8Array;
}

export interface StatisticsOptions {
  readonly clock: Clock;
  readonly log: Log;
}

export class Statistics {
  readonly #clock: Clock;
  readonly #troubles: Troubles;
  readonly #events = new Emitter<{ publication: Publication }>();
  readonly #records = new Map<string, NodeRecord>();

  constructor({ clock, log }: StatisticsOptions) {
    this.#clock = clock;
    this.#troubles = new Troubles(clock, log);
  }

  /** Undefined while it has published nothing. */
  node(id: string): NodeStatistics | undefined {
    return this.#records.get(id);
  }

  /** `listener` is called with each payload that was understood, after the latest values have been brought up to date. */
  onPublication(listener: (publication: Publication) => void): Unsubscribe {
    return this.#events.on("publication", (publication) => {
      try {
        listener(publication);
      } catch (error) {
        this.#troubles.tell("listener", `a follower of the statistics failed: ${messageOf(error)}`);
      }
    });
  }

  /** Forgets the nodes of which `stays` does not hold. */
  retain(stays: (node: string) => boolean): void {
    for (const id of this.#records.keys()) if (!stays(id)) this.#records.delete(id);
  }

  /** Takes what `node` has published, under the id `clientId`. Never throws. */
  take(node: string, clientId: string, kind: PayloadKind, topic: string, payload: Uint8Array): void {
    const record = this.#record(node);
    if (record.bytes.waitMs > 0 || record.time.waitMs > 0) {
      this.#count(record, "dropped");
      const limit = `${limits.decodeBytesPerSecond / 1024} KiB/s, or what takes more than ${limits.decodeMsPerSecond} ms/s to read`;
      this.#troubles.tell(`${node} dropped`, `${node}: sends more than ${limit}: payloads are dropped`);
      return;
    }
    const began = this.#clock.now();
    const publication = this.#read(record, { node, clientId, kind, topic, payload });
    record.time.use(this.#clock.now() - began);
    if (publication) this.#events.emit("publication", publication);
  }

  /** Counts the payload and keeps its values; undefined for one that is of no use. */
  #read(record: NodeRecord, { node, clientId, kind, topic, payload }: Arrived): Publication | undefined {
    record.bytes.use(payload.length + limits.decodePayloadCost);
    let bytes = payload;
    let decoded: Decoded;
    try {
      bytes = kind === "log" || kind === "other" ? payload : decompress(payload);
      record.bytes.use(bytes.length - payload.length);
      decoded = decode(kind, bytes);
    } catch (error) {
      this.#count(record, "malformed");
      // What could not be unpacked counts as the most that it may have become.
      if (bytes === payload && isCompressed(payload)) record.bytes.use(telemetryLimits.payload);
      const reason = `${messageOf(error)}; see what it sends with 'opensync stats decode'`;
      this.#troubles.tell(`${node} malformed ${kind}`, `${node}: ${topic}: not understood: ${reason}`);
      return undefined;
    }
    if ("report" in decoded && decoded.report.nodeId !== clientId) {
      this.#count(record, "mismatched");
      const said = `'${decoded.report.nodeId.slice(0, 128)}'`;
      const text = `${node}: ${topic}: refused: it says it is of node ${said}, but '${clientId}' has published it`;
      this.#troubles.tell(`${node} mismatched`, text);
      return undefined;
    }
    this.#count(record, "payloads", payload.length);
    if (decoded.kind === "stats") {
      record.reportedAt = this.#clock.now();
      record.latest.take(decoded.report, record.reportedAt);
    }
    return { node, topic, payload, bytes, ...decoded };
  }

  #count(record: NodeRecord, what: Exclude<keyof StatisticsCounters, "bytes">, bytes = 0): void {
    const { counters } = record;
    record.counters = { ...counters, [what]: counters[what] + 1, bytes: counters.bytes + bytes };
  }

  #record(node: string): NodeRecord {
    let record = this.#records.get(node);
    if (!record) {
      record = {
        latest: new NodeLatest(),
        bytes: new Allowance(this.#clock, limits.decodeBurstBytes, limits.decodeBytesPerSecond),
        time: new Allowance(this.#clock, limits.decodeBurstMs, limits.decodeMsPerSecond),
        counters: { payloads: 0, bytes: 0, malformed: 0, mismatched: 0, dropped: 0 },
        reportedAt: undefined,
      };
      this.#records.set(node, record);
    }
    return record;
  }
}

function decode(kind: PayloadKind, bytes: Uint8Array): Decoded {
  switch (kind) {
    case "stats":
      return { kind, report: decodeReport(bytes) };
    case "latency":
      return { kind, report: decodeLatency(bytes) };
    case "time events":
      return { kind, report: decodeTimeEvents(bytes) };
    case "log": {
      const lines = Buffer.from(bytes).toString("utf8").split("\n");
      return { kind, lines: lines.filter((line) => line !== "") };
    }
    case "other":
      return { kind };
  }
}
