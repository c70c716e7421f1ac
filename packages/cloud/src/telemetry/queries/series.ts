/** Series of what was measured, out of the rows of one step. Every answer has a bound; where it is reached, it says so. */

import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/telemetry/names";
import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";
import type { RollupRow } from "../rollup/rollups.ts";
import type { Resolved } from "./span.ts";

export interface Series<Point> {
  /** In s. */
  readonly step: number;
  readonly from: number;
  readonly to: number;
  /** In order of time. */
  readonly points: readonly Point[];
  /** There is more than fits: ask for a shorter time. */
  readonly truncated: boolean;
}

export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Of a client at one radio of one node; a client that roams, or has several links, has several at a time. rx is from the client. */
export interface ClientPoint {
  /** Beginning of the step, ms since 1970. */
  readonly at: number;
  readonly node: string;
  readonly band: Band;
  readonly ssid: string | null;
  readonly connectedSeconds: number;
  readonly connects: number;
  readonly disconnects: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  /** On average of the time that it was connected; null: it was not. */
  readonly rxMbps: number | null;
  readonly txMbps: number | null;
  /** In the best report. */
  readonly rxMbpsMax: number | null;
  readonly txMbpsMax: number | null;
  /** Rate of the link. */
  readonly rxLinkMbps: number | null;
  readonly txLinkMbps: number | null;
  readonly snrDb: Spread | null;
  readonly rxRetries: number;
  readonly txRetries: number;
  /** Retries of frames to the client, percent of frames; null: no frames. */
  readonly txRetryPercent: number | null;
}

export interface AirPoint {
  readonly at: number;
  readonly node: string;
  readonly band: Band;
  readonly channel: number | null;
  /** Of the time that was listened. */
  readonly busyPercent: number | null;
  readonly busyPercentMax: number | null;
  readonly txPercent: number | null;
  readonly rxPercent: number | null;
  readonly noiseDbm: number | null;
  readonly listenedSeconds: number;
}

/** The operating channel: its `channel` is the last one. */
export interface RadioPoint extends AirPoint {
  /** Frames received within the own BSS. */
  readonly selfPercent: number | null;
  readonly clients: number | null;
  readonly clientsMax: number | null;
}

export interface NodePoint {
  readonly at: number;
  readonly node: string;
  /** Processes that want to run. */
  readonly load: number | null;
  readonly loadMax: number | null;
  readonly cpuPercent: number | null;
  readonly cpuPercentMax: number | null;
  readonly memoryUsedKb: number | null;
  readonly memoryTotalKb: number | null;
  readonly celsius: number | null;
  readonly celsiusMax: number | null;
  readonly uptimeSeconds: number | null;
  readonly reboots: number;
}

export async function clientSeries(
  store: Store,
  location: string,
  client: Mac,
  span: Resolved,
): Promise<Series<ClientPoint>> {
  const rows = await store.run("read a series of a client", (transaction) =>
    transaction
      .selectFrom("rollup_clients")
      .selectAll()
      .where("location_id", "=", location)
      .where("mac", "=", client)
      .where("step", "=", span.step)
      .where("at", ">=", span.from)
      .where("at", "<", span.to)
      .orderBy("at")
      .orderBy("node_id")
      .orderBy("band")
      .limit(limits.seriesRows + 1)
      .execute(),
  );
  return seriesOf(rows, span, clientPoint);
}

/** Of all radios of the location, of one node's, or of one. */
export async function radioSeries(
  store: Store,
  location: string,
  of: { readonly node?: string | undefined; readonly band?: Band | undefined },
  span: Resolved,
): Promise<Series<RadioPoint>> {
  const { node, band } = of;
  const rows = await store.run("read a series of radios", (transaction) =>
    transaction
      .selectFrom("rollup_radios")
      .selectAll()
      .where("location_id", "=", location)
      .$if(node !== undefined, (query) => query.where("node_id", "=", node ?? ""))
      .$if(band !== undefined, (query) => query.where("band", "=", band ?? ""))
      .where("step", "=", span.step)
      .where("at", ">=", span.from)
      .where("at", "<", span.to)
      .orderBy("at")
      .orderBy("node_id")
      .orderBy("band")
      .limit(limits.seriesRows + 1)
      .execute(),
  );
  return seriesOf(rows, span, (row) => ({
    ...airPoint(row),
    channel: row.channel,
    selfPercent: percentOf(row.self_ms, row.listen_ms),
    clients: mean(row.clients_sum, row.clients_count),
    clientsMax: row.clients_max,
  }));
}

/** Of the other channels, as the radios of the location heard them. */
export async function channelSeries(
  store: Store,
  location: string,
  of: { readonly node?: string | undefined; readonly band?: Band | undefined; readonly channel?: number | undefined },
  span: Resolved,
): Promise<Series<AirPoint>> {
  const { node, band, channel } = of;
  const rows = await store.run("read a series of channels", (transaction) =>
    transaction
      .selectFrom("rollup_channels")
      .selectAll()
      .where("location_id", "=", location)
      .$if(node !== undefined, (query) => query.where("node_id", "=", node ?? ""))
      .$if(band !== undefined, (query) => query.where("band", "=", band ?? ""))
      .$if(channel !== undefined, (query) => query.where("channel", "=", channel ?? 0))
      .where("step", "=", span.step)
      .where("at", ">=", span.from)
      .where("at", "<", span.to)
      .orderBy("at")
      .orderBy("node_id")
      .orderBy("band")
      .orderBy("channel")
      .limit(limits.seriesRows + 1)
      .execute(),
  );
  return seriesOf(rows, span, (row) => ({ ...airPoint(row), channel: row.channel }));
}

export async function nodeSeries(
  store: Store,
  location: string,
  node: string,
  span: Resolved,
): Promise<Series<NodePoint>> {
  const rows = await store.run("read a series of a node", (transaction) =>
    transaction
      .selectFrom("rollup_nodes")
      .selectAll()
      .where("location_id", "=", location)
      .where("node_id", "=", node)
      .where("step", "=", span.step)
      .where("at", ">=", span.from)
      .where("at", "<", span.to)
      .orderBy("at")
      .limit(limits.seriesRows + 1)
      .execute(),
  );
  return seriesOf(rows, span, (row) => ({
    at: row.at,
    node: row.node_id,
    load: mean(row.load_sum, row.load_count),
    loadMax: row.load_max,
    cpuPercent: mean(row.cpu_sum, row.cpu_count),
    cpuPercentMax: row.cpu_max,
    memoryUsedKb: mean(row.memory_used_sum, row.memory_count),
    memoryTotalKb: row.memory_total,
    celsius: mean(row.celsius_sum, row.celsius_count),
    celsiusMax: row.celsius_max,
    uptimeSeconds: row.uptime_s,
    reboots: row.reboots,
  }));
}

function seriesOf<Row, Point>(rows: readonly Row[], span: Resolved, point: (row: Row) => Point): Series<Point> {
  const points = rows.slice(0, limits.seriesRows).map(point);
  return { ...span, points, truncated: rows.length > limits.seriesRows };
}

function clientPoint(row: RollupRow<"clients">): ClientPoint {
  const mbps = (bytes: number) => (row.connected_ms > 0 ? (bytes * 8) / row.connected_ms / 1000 : null);
  const { snr_min: min, snr_max: max } = row;
  const snr = mean(row.snr_sum, row.snr_count);
  return {
    at: row.at,
    node: row.node_id,
    band: row.band as Band,
    ssid: row.ssid,
    connectedSeconds: row.connected_ms / 1000,
    connects: row.connects,
    disconnects: row.disconnects,
    rxBytes: row.rx_bytes,
    txBytes: row.tx_bytes,
    rxMbps: mbps(row.rx_bytes),
    txMbps: mbps(row.tx_bytes),
    rxMbpsMax: row.rx_mbps_max,
    txMbpsMax: row.tx_mbps_max,
    rxLinkMbps: mean(row.rx_link_sum, row.rx_link_count),
    txLinkMbps: mean(row.tx_link_sum, row.tx_link_count),
    snrDb: snr === null || min === null || max === null ? null : { min, mean: snr, max },
    rxRetries: row.rx_retries,
    txRetries: row.tx_retries,
    txRetryPercent: percentOf(row.tx_retries, row.tx_frames),
  };
}

function airPoint(row: RollupRow<"radios"> | RollupRow<"channels">): Omit<AirPoint, "channel"> {
  return {
    at: row.at,
    node: row.node_id,
    band: row.band as Band,
    busyPercent: percentOf(row.busy_ms, row.listen_ms),
    busyPercentMax: row.busy_max,
    txPercent: percentOf(row.tx_ms, row.listen_ms),
    rxPercent: percentOf(row.rx_ms, row.listen_ms),
    noiseDbm: mean(row.noise_sum, row.noise_count),
    listenedSeconds: row.listen_ms / 1000,
  };
}

function mean(sum: number, count: number): number | null {
  return count > 0 ? sum / count : null;
}

function percentOf(part: number, whole: number): number | null {
  return whole > 0 ? (part / whole) * 100 : null;
}
