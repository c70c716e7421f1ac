/**
 * What the reports of one node add to the rows of its minutes. What comes twice counts once, what comes late counts where it belongs, and
 * numbers that cannot be are left out.
 */

import { parseMac } from "@opensync-ts/base/units";
import type { ClientRecord, ClientsReport } from "@opensync-ts/telemetry/clients";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import type { Band } from "@opensync-ts/telemetry/names";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import type { SurveyReport, SurveySample } from "@opensync-ts/telemetry/survey";
import { shortestRateMs } from "../../limits.ts";
import { ssidOf } from "../../statistics/client-latest.ts";
import * as limits from "../limits.ts";
import { Remembered } from "../remembered.ts";
import { reportTime } from "../report-time.ts";
import type { Contribution } from "./rollups.ts";
import { startOf } from "./rollups.ts";

/** How much more than its rate a link may seem to carry: the rate may just have fallen. */
const fallen = 2;
/** What a sample of an average stands for, ms: how long each was is not told. */
const assumedSampleMs = 1_000;

export interface Counted {
  readonly contributions: readonly Contribution[];
  /** Parts of the report that had been counted before. */
  readonly repeated: number;
  /** Clients and channels beyond the bound of a minute. */
  readonly dropped: number;
  /** The node has started anew since its report before. */
  readonly rebooted: boolean;
}

export class NodeMeter {
  readonly #node: string;
  readonly #seen = new Remembered(limits.rememberedParts);
  /** Timestamps of the last client reports. */
  readonly #clientReports = new Map<Band, number>();
  #bootedAt: number | undefined;
  #minute = 0;
  #clients = 0;
  #channels = 0;

  constructor(node: string) {
    this.#node = node;
  }

  /** `arrivedAt`: wall clock, ms. */
  take(report: StatsReport, arrivedAt: number): Counted {
    const contributions: Contribution[] = [];
    let repeated = 0;
    let dropped = 0;
    let rebooted = false;
    if (startOf(arrivedAt, 60) !== this.#minute) {
      this.#minute = startOf(arrivedAt, 60);
      this.#clients = 0;
      this.#channels = 0;
    }
    const isNew = (timestampMs: number, key: string) => {
      // Without a time of its own a part cannot be told from another.
      if (timestampMs === 0 || this.#seen.add(key)) return true;
      repeated++;
      return false;
    };
    for (const clients of report.clients) {
      if (!isNew(clients.timestampMs, clientsKey(clients))) continue;
      const at = reportTime(clients.timestampMs, arrivedAt);
      const previous = this.#clientReports.get(clients.band);
      if (previous === undefined || at > previous) this.#clientReports.set(clients.band, at);
      const room = limits.clientsPerNode - this.#clients;
      const counted = clients.clients.slice(0, room);
      dropped += clients.clients.length - counted.length;
      this.#clients += counted.length;
      const interval = previous !== undefined && at > previous ? at - previous : 0;
      for (const record of counted) {
        const contribution = this.#client(clients, record, at, interval);
        if (contribution) contributions.push(contribution);
      }
      const connected = clients.clients.filter((record) => record.connected).length;
      contributions.push({
        rollup: "radios",
        at: at - 1,
        keys: { node_id: this.#node, band: clients.band },
        measures: { clients_sum: connected, clients_count: 1, clients_max: connected },
      });
    }
    for (const survey of report.surveys) {
      if (!isNew(survey.timestampMs, surveyKey(survey))) continue;
      for (const contribution of this.#survey(survey, reportTime(survey.timestampMs, arrivedAt))) {
        if (contribution.rollup === "channels" && this.#channels++ >= limits.channelsPerNode) dropped++;
        else contributions.push(contribution);
      }
    }
    for (const device of report.devices) {
      if (!isNew(device.timestampMs, deviceKey(device))) continue;
      const at = reportTime(device.timestampMs, arrivedAt);
      const isReboot = this.#isReboot(device, at);
      rebooted ||= isReboot;
      const contribution = this.#device(device, at, isReboot);
      if (contribution) contributions.push(contribution);
    }
    return { contributions, repeated, dropped, rebooted };
  }

  #client(report: ClientsReport, record: ClientRecord, at: number, intervalMs: number): Contribution | undefined {
    const mac = parseMac(record.mldMac ?? record.mac);
    if (mac === undefined) return undefined;
    const { stats } = record;
    const ms = record.durationMs > 0 ? record.durationMs : intervalMs;
    const [rxRate, txRate] = [positive(stats.rxRateMbps), positive(stats.txRateMbps)];
    // A driver or a manager that started anew may tell all it has ever counted as what came since the report before.
    const fits = (bytes: number, mbps: number) =>
      mbps === 0 || ms < shortestRateMs || (bytes * 8) / ms / 1000 <= mbps * fallen;
    const isFine = fits(stats.rxBytes, rxRate) && fits(stats.txBytes, txRate);
    const rate = (bytes: number) => (isFine && ms >= shortestRateMs ? (bytes * 8) / ms / 1000 : null);
    const sums = {
      rx_bytes: stats.rxBytes,
      tx_bytes: stats.txBytes,
      rx_frames: stats.rxFrames,
      tx_frames: stats.txFrames,
      rx_retries: stats.rxRetries,
      tx_retries: stats.txRetries,
      rx_errors: stats.rxErrors,
      tx_errors: stats.txErrors,
    };
    return {
      rollup: "clients",
      // A report belongs to the minute that it ends.
      at: at - 1,
      keys: { mac, node_id: this.#node, band: report.band },
      measures: {
        reports: 1,
        connected_ms: record.durationMs > 0 ? record.durationMs : record.connected ? intervalMs : 0,
        connects: record.connectCount,
        disconnects: record.disconnectCount,
        ...(isFine ? sums : { doubtful: 1 }),
        ...(stats.snrDb > 0 &&
          stats.snrDb < 128 && {
            snr_min: stats.snrDb,
            snr_max: stats.snrDb,
            snr_sum: stats.snrDb,
            snr_count: 1,
          }),
        ...(rxRate > 0 && { rx_link_sum: rxRate, rx_link_count: 1 }),
        ...(txRate > 0 && { tx_link_sum: txRate, tx_link_count: 1 }),
        rx_mbps_max: rate(stats.rxBytes),
        tx_mbps_max: rate(stats.txBytes),
        ssid: ssidOf(record.ssid).replaceAll("\u0000", "\ufffd"),
        last_ms: at,
      },
    };
  }

  *#survey(survey: SurveyReport, at: number): Iterable<Contribution> {
    const { band, surveyType } = survey;
    const operating = surveyType === "on-chan";
    const node_id = this.#node;
    for (const sample of samplesOf(survey)) {
      const { channel, ms, busy, tx, rx, self, busyMost, noise, offsetMs } = sample;
      if (ms <= 0 || channel < 1 || channel > 233) continue;
      const sampledAt = at - Math.min(offsetMs, limits.latestPastMs);
      const air = {
        listen_ms: ms,
        busy_ms: (ms * busy) / 100,
        tx_ms: (ms * tx) / 100,
        rx_ms: (ms * rx) / 100,
        busy_max: busyMost,
        ...(noise !== undefined && { noise_sum: noise, noise_count: 1 }),
        last_ms: sampledAt,
      };
      yield operating
        ? {
            rollup: "radios",
            at: sampledAt - 1,
            keys: { node_id, band },
            measures: { ...air, self_ms: (ms * self) / 100, channel },
          }
        : { rollup: "channels", at: sampledAt - 1, keys: { node_id, band, channel }, measures: air };
    }
  }

  /** Uptime that began later than it did before; clocks of nodes may be set meanwhile, so a minute is nothing. */
  #isReboot({ uptimeSeconds }: DeviceReport, at: number): boolean {
    if (uptimeSeconds === undefined) return false;
    const bootedAt = at - uptimeSeconds * 1000;
    const before = this.#bootedAt;
    if (before !== undefined && bootedAt <= before + 60_000) return false;
    this.#bootedAt = bootedAt;
    return before !== undefined;
  }

  #device(device: DeviceReport, at: number, rebooted: boolean): Contribution | undefined {
    const { load, cpuPercent, memory, temperatures, uptimeSeconds } = device;
    const degrees = temperatures.map(({ celsius }) => celsius).filter((celsius) => celsius > -60 && celsius < 250);
    const celsius = degrees.length > 0 ? Math.max(...degrees) : undefined;
    const one = load && positive(load.one);
    const isEmpty = [one, cpuPercent, memory, celsius, uptimeSeconds].every((value) => value === undefined);
    if (isEmpty) return undefined;
    return {
      rollup: "nodes",
      at: at - 1,
      keys: { node_id: this.#node },
      measures: {
        reports: 1,
        ...(one !== undefined && { load_sum: one, load_count: 1, load_max: one }),
        ...(cpuPercent !== undefined && { cpu_sum: cpuPercent, cpu_count: 1, cpu_max: cpuPercent }),
        ...(memory && { memory_used_sum: memory.used, memory_count: 1, memory_total: memory.total }),
        ...(celsius !== undefined && { celsius_sum: celsius, celsius_count: 1, celsius_max: celsius }),
        ...(uptimeSeconds !== undefined && { uptime_s: uptimeSeconds }),
        reboots: rebooted ? 1 : 0,
        last_ms: at,
      },
    };
  }
}

export interface AirSample {
  readonly channel: number;
  readonly ms: number;
  readonly busy: number;
  readonly tx: number;
  readonly rx: number;
  readonly self: number;
  readonly busyMost: number;
  readonly noise: number | undefined;
  readonly offsetMs: number;
}

/** What a survey tells, whatever its form; percentages within 0 and 100. */
export function samplesOf(survey: SurveyReport): AirSample[] {
  if (survey.reportType === "average") {
    return survey.averages.map(({ channel, busy, busyTx, busyRx, busySelf, noiseFloor }) => ({
      channel,
      ms: Math.max(1, Math.min(busy.samples, 3_600)) * assumedSampleMs,
      busy: percent(busy.average),
      tx: percent(busyTx.average),
      rx: percent(busyRx.average),
      self: percent(busySelf.average),
      busyMost: percent(Math.max(busy.most, busy.average)),
      noise: noise(noiseFloor.average),
      offsetMs: 0,
    }));
  }
  // Of three percentiles the one in the middle; each is of the same time.
  const samples = survey.reportType === "percentile" ? medians(survey.samples) : survey.samples;
  return samples.map((sample) => ({
    channel: sample.channel,
    ms: Math.min(sample.durationMs, 3_600_000),
    busy: percent(sample.busyPercent),
    tx: percent(sample.busyTxPercent),
    rx: percent(sample.busyRxPercent),
    self: percent(sample.busySelfPercent),
    busyMost: percent(sample.busyPercent),
    noise: noise(sample.noiseFloorDbm),
    offsetMs: sample.offsetMs,
  }));
}

function medians(samples: readonly SurveySample[]): SurveySample[] {
  const byChannel = Map.groupBy(samples, ({ channel }) => channel);
  return [...byChannel.values()].flatMap((list) => {
    const sorted = list.toSorted((a, b) => (a.sampleCount ?? 0) - (b.sampleCount ?? 0));
    const middle = sorted[Math.floor((sorted.length - 1) / 2)];
    return middle ? [middle] : [];
  });
}

function noise(dbm: number | undefined): number | undefined {
  return dbm !== undefined && dbm < 0 && dbm > -200 ? dbm : undefined;
}

function percent(value: number): number {
  return Math.min(100, Math.max(0, value));
}

/** What is no finite number, or negative, is unknown: 0. */
function positive(value: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(value, 1e9) : 0;
}

function clientsKey({ band, timestampMs, clients }: ClientsReport): string {
  let bytes = 0;
  for (const { stats } of clients) bytes += stats.rxBytes + stats.txBytes;
  return `clients ${band} ${timestampMs} ${clients.length} ${clients[0]?.mac.slice(0, 17)} ${bytes}`;
}

function surveyKey(survey: SurveyReport): string {
  const { band, surveyType, timestampMs } = survey;
  const list = survey.reportType === "average" ? survey.averages : survey.samples;
  const first = survey.reportType === "average" ? undefined : survey.samples[0]?.offsetMs;
  return `survey ${band} ${surveyType} ${survey.reportType} ${timestampMs} ${list.length} ${list[0]?.channel} ${first}`;
}

function deviceKey({ timestampMs, uptimeSeconds, load, temperatures, thermal }: DeviceReport): string {
  return `device ${timestampMs} ${uptimeSeconds} ${load?.one} ${temperatures.length} ${thermal.length}`;
}
