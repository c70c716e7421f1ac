/** The latest values of one node, out of its reports. Every list has a bound; what is old is forgotten. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { ClientsReport } from "@opensync-ts/telemetry/clients";
import type { DeviceReport } from "@opensync-ts/telemetry/device";
import { type Band, bands } from "@opensync-ts/telemetry/names";
import type { NeighborReport } from "@opensync-ts/telemetry/neighbor";
import type { StatsReport } from "@opensync-ts/telemetry/report";
import type { SurveyReport } from "@opensync-ts/telemetry/survey";
import * as limits from "../limits.ts";
import { type ClientLatest, clientLatest, ssidOf } from "./client-latest.ts";
import { type Heard, Kept } from "./kept.ts";

/** Percent of the time the radio listened on the channel; what the node did not measure is 0. */
export interface ChannelLatest extends Heard {
  readonly channel: number;
  readonly busyPercent: number;
  readonly txPercent: number;
  readonly rxPercent: number;
  /** Frames received within the own BSS. */
  readonly selfPercent: number;
  readonly noiseFloorDbm?: number;
}

export interface NeighborLatest extends Heard {
  readonly bssid: Mac;
  readonly band: Band;
  readonly ssid: string;
  readonly channel: number;
  readonly snrDb?: number;
}

export interface DeviceLatest extends Heard {
  readonly report: DeviceReport;
}

export interface TemperatureLatest extends Heard {
  readonly celsius: number;
}

export class NodeLatest {
  /** The operating channel of each band. */
  readonly radios = new Kept<Band, ChannelLatest>(bands.names.length);
  /** The other channels, by band. */
  readonly channels: ReadonlyMap<Band, Kept<number, ChannelLatest>> = new Map(
    bands.names.map((band) => [band, new Kept<number, ChannelLatest>(limits.latestChannels)]),
  );
  /** By address of the link. */
  readonly clients = new Kept<Mac, ClientLatest>(limits.latestClients);
  /** By band and BSSID, lower case. */
  readonly neighbors = new Kept<string, NeighborLatest>(limits.latestNeighbors);
  readonly temperatures = new Kept<Band, TemperatureLatest>(bands.names.length);
  #device: DeviceLatest | undefined;
  /** Timestamps of the last client reports, ms on the node's wall clock. */
  readonly #clientReports = new Map<Band, number>();

  get device(): DeviceLatest | undefined {
    return this.#device;
  }

  /** A client by the address of its link or of the whole of it; of several links the one that is heard best. */
  client(mac: string): ClientLatest | undefined {
    const links = [...this.clients.values()].filter((link) => link.mac === mac || link.mldMac === mac);
    return links.sort(
      (a, b) => Number(b.connected) - Number(a.connected) || b.at - a.at || (b.snrDb ?? 0) - (a.snrDb ?? 0),
    )[0];
  }

  /** `at`: when it arrived, in ms of the cloud's clock. */
  take(report: StatsReport, at: number): void {
    const inOrder = <T extends { readonly timestampMs: number }>(list: readonly T[]) =>
      list.toSorted((a, b) => a.timestampMs - b.timestampMs);
    for (const survey of inOrder(report.surveys)) this.#takeSurvey(survey, at);
    for (const neighbors of inOrder(report.neighbors)) this.#takeNeighbors(neighbors, at);
    for (const clients of inOrder(report.clients)) this.#takeClients(clients, at);
    for (const device of inOrder(report.devices)) this.#takeDevice(device, at);
  }

  #takeSurvey(survey: SurveyReport, at: number): void {
    for (const channel of channelsOf(survey, at)) {
      if (survey.surveyType === "on-chan") this.radios.set(survey.band, channel);
      else this.channels.get(survey.band)?.set(channel.channel, channel);
    }
  }

  #takeNeighbors({ band, bsses }: NeighborReport, at: number): void {
    for (const { bssid: address, ssid, channel, snrDb, status } of bsses) {
      const bssid = parseMac(address);
      if (bssid === undefined) continue;
      const key = `${band} ${bssid}`;
      if (status === "REMOVED") this.neighbors.delete(key);
      else {
        const heard = { at, bssid, band, ssid: ssidOf(ssid), channel };
        this.neighbors.set(key, { ...heard, ...(snrDb !== undefined && { snrDb }) });
      }
    }
  }

  #takeClients(report: ClientsReport, at: number): void {
    const previous = this.#clientReports.get(report.band);
    this.#clientReports.set(report.band, report.timestampMs);
    for (const record of report.clients) {
      const client = clientLatest(report, record, previous, at);
      if (!client) continue;
      const known = this.clients.get(client.mac);
      // It has left this band for another one.
      if (!client.connected && known?.connected && known.band !== client.band) continue;
      this.clients.set(client.mac, client);
    }
  }

  #takeDevice(report: DeviceReport, at: number): void {
    for (const { band, celsius } of report.temperatures) this.temperatures.set(band, { at, celsius });
    // Temperatures of radios may come alone, from OWM; the rest is from SM.
    const hasMore = report.load !== undefined || report.memory !== undefined || report.uptimeSeconds !== undefined;
    if (hasMore || !this.#device?.report.memory) this.#device = { at, report };
  }
}

/** Each channel of a survey by its newest sample. */
function channelsOf(survey: SurveyReport, at: number): ChannelLatest[] {
  if (survey.reportType === "average") {
    return survey.averages.map(({ channel, busy, busyTx, busyRx, busySelf, noiseFloor }) => ({
      at,
      channel,
      busyPercent: busy.average,
      txPercent: busyTx.average,
      rxPercent: busyRx.average,
      selfPercent: busySelf.average,
      ...(noiseFloor.average !== 0 && { noiseFloorDbm: noiseFloor.average }),
    }));
  }
  const oldestFirst = survey.samples.toSorted((a, b) => b.offsetMs - a.offsetMs);
  const newest = [...new Map(oldestFirst.map((sample) => [sample.channel, sample])).values()];
  // After a change of the operating channel the one it is on now comes last.
  newest.sort((a, b) => b.offsetMs - a.offsetMs);
  return newest.map((sample) => ({
    at,
    channel: sample.channel,
    busyPercent: sample.busyPercent,
    txPercent: sample.busyTxPercent,
    rxPercent: sample.busyRxPercent,
    selfPercent: sample.busySelfPercent,
    ...(sample.noiseFloorDbm !== undefined && { noiseFloorDbm: sample.noiseFloorDbm }),
  }));
}
