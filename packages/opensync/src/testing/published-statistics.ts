/** For tests: what a broker was sent, as streams of reports, one for each row of `Wifi_Stats_Config` that makes them. */

import assert from "node:assert/strict";
import type { Received } from "@opensync-ts/managers/qm/testing/fake-broker";
import { decodeLatency, type LatencyReport } from "@opensync-ts/telemetry/latency";
import { limits } from "@opensync-ts/telemetry/limits";
import { decompress } from "@opensync-ts/telemetry/payload";
import { decodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { Band } from "@opensync-ts/world/spectrum";
import { type Moved, sumOf } from "./byte-ledger.ts";
import { latencyTopic, second, statsTopic } from "./statistics-home.ts";

export class PublishedStatistics {
  readonly reports: readonly StatsReport[];
  readonly latencies: readonly LatencyReport[];
  readonly #epoch: number;

  /** `epoch`: wall time of the start. Throws where anything is not as brokers and clouds take it. */
  constructor(received: readonly Received[], epoch: number) {
    this.#epoch = epoch;
    for (const { payload } of received) assert.ok(payload.length <= limits.publication, `${payload.length} bytes`);
    const on = (wanted: string) => received.filter(({ topic }) => topic === wanted).map(({ payload }) => payload);
    this.reports = on(statsTopic).map((payload) => decodeReport(decompress(payload)));
    this.latencies = on(latencyTopic).map((payload) => decodeLatency(decompress(payload)));
    for (const { nodeId } of [...this.reports, ...this.latencies]) assert.equal(nodeId, "GW1");
    assert.equal(received.length, this.reports.length + this.latencies.length);
  }

  /** Messages of one kind, all reports together. */
  all<K extends Exclude<keyof StatsReport, "nodeId" | "powerMode">>(kind: K): readonly StatsReport[K][number][] {
    return this.reports.flatMap((report) => report[kind] as readonly StatsReport[K][number][]);
  }

  /** Seconds from the start at which the reports of each stream were made, ascending, up to `until`. */
  times(until: number): ReadonlyMap<string, readonly number[]> {
    const times = new Map<string, number[]>();
    const add = (stream: string, timestampMs: number) => {
      const at = this.#secondOf(timestampMs);
      if (at <= until) times.set(stream, [...(times.get(stream) ?? []), at]);
    };
    for (const { band, surveyType, timestampMs } of this.all("surveys"))
      add(`survey ${band} ${surveyType}`, timestampMs);
    for (const { band, scanType, timestampMs } of this.all("neighbors"))
      add(`neighbor ${band} ${scanType}`, timestampMs);
    for (const { band, timestampMs } of this.all("clients")) add(`client ${band}`, timestampMs);
    for (const { band, timestampMs } of this.all("rssi")) add(`rssi ${band}`, timestampMs);
    for (const { band, timestampMs } of this.all("capacities")) add(`capacity ${band}`, timestampMs);
    for (const device of this.all("devices")) {
      add(device.uptimeSeconds === undefined ? "device OWM" : "device SM", device.timestampMs);
    }
    for (const { hosts } of this.latencies) {
      for (const name of new Set(hosts.map(({ ifName }) => ifName))) add(`latency ${name}`, hosts[0]?.timestampMs ?? 0);
    }
    for (const each of times.values()) each.sort((a, b) => a - b);
    return times;
  }

  /** Sums of the counters of all clients of a band in reports up to `until` (s). */
  clientCounters(band: Band, until: number): Moved {
    return sumOf(
      this.#before(this.all("clients"), until)
        .filter((report) => report.band === band)
        .flatMap(({ clients }) => clients.map(({ stats }) => stats)),
    );
  }

  connections(band: Band, until: number): { readonly connects: number; readonly disconnects: number } {
    const clients = this.#before(this.all("clients"), until)
      .filter((report) => report.band === band)
      .flatMap((report) => report.clients);
    return {
      connects: clients.reduce((sum, { connectCount }) => sum + connectCount, 0),
      disconnects: clients.reduce((sum, { disconnectCount }) => sum + disconnectCount, 0),
    };
  }

  capacityBytes(band: Band, until: number): number {
    return this.#before(this.all("capacities"), until)
      .filter((report) => report.band === band)
      .reduce((sum, { samples }) => sum + samples.reduce((bytes, { bytesTx }) => bytes + bytesTx, 0), 0);
  }

  /** Time in all samples of surveys of type full. */
  listenedMs(band: Band, until: number): number {
    let sum = 0;
    for (const report of this.#before(this.all("surveys"), until)) {
      if (report.band !== band || report.surveyType !== "full" || report.reportType === "average") continue;
      for (const { durationMs } of report.samples) sum += durationMs;
    }
    return sum;
  }

  /** Samples of one client, by its address in capitals. */
  rssiSamples(band: Band, mac: string, until: number): number {
    return this.#before(this.all("rssi"), until)
      .filter((report) => report.band === band)
      .flatMap(({ peers }) => peers.filter((peer) => peer.mac === mac))
      .reduce((sum, { samples }) => sum + samples.length, 0);
  }

  #before<T extends { readonly timestampMs: number }>(all: readonly T[], until: number): readonly T[] {
    return all.filter(({ timestampMs }) => this.#secondOf(timestampMs) <= until);
  }

  /** Reports are made on whole seconds, or a little later when samples are on their way. */
  #secondOf(timestampMs: number): number {
    const at = (timestampMs - this.#epoch) / second;
    assert.ok(at % 1 < 0.2, `a report was made at ${at} s`);
    return Math.floor(at);
  }
}
