/** What a node reported last of one client. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { ClientRecord, ClientsReport } from "@opensync-ts/telemetry/clients";
import type { Band } from "@opensync-ts/telemetry/names";
import * as limits from "../limits.ts";
import type { Heard } from "./kept.ts";

/** rx is from the client to the access point, tx to the client. */
export interface ClientLatest extends Heard {
  /** Of the link. */
  readonly mac: Mac;
  /** Multi-link clients only. */
  readonly mldMac?: Mac;
  readonly band: Band;
  readonly channel: number;
  readonly ssid: string;
  readonly connected: boolean;
  /** Absent where the node does not know. */
  readonly snrDb?: number;
  /** Of the link, Mbit/s; absent where the node does not know. */
  readonly rxLinkMbps?: number;
  readonly txLinkMbps?: number;
  /** What went over it, Mbit/s on average of the reporting interval; absent where that cannot be told. */
  readonly rxMbps?: number;
  readonly txMbps?: number;
}

/** `previousMs`: the timestamp of the report before on this band. Undefined for a record that has no address. */
export function clientLatest(
  report: ClientsReport,
  record: ClientRecord,
  previousMs: number | undefined,
  at: number,
): ClientLatest | undefined {
  const { stats } = record;
  const mac = parseMac(record.mac);
  const mldMac = record.mldMac === undefined ? undefined : parseMac(record.mldMac);
  if (mac === undefined) return undefined;
  const interval = intervalOf(record, report.timestampMs, previousMs);
  return {
    at,
    mac,
    ...(mldMac !== undefined && { mldMac }),
    band: report.band,
    channel: report.channel,
    ssid: ssidOf(record.ssid),
    connected: record.connected,
    ...(stats.snrDb > 0 && { snrDb: stats.snrDb }),
    ...(stats.rxRateMbps > 0 && { rxLinkMbps: stats.rxRateMbps }),
    ...(stats.txRateMbps > 0 && { txLinkMbps: stats.txRateMbps }),
    ...rate("rxMbps", stats.rxBytes, interval, stats.rxRateMbps),
    ...rate("txMbps", stats.txBytes, interval, stats.txRateMbps),
  };
}

/** What is longer than an SSID can be is none: it is not kept. */
export function ssidOf(text: string): string {
  return text.length <= 32 ? text : "";
}

/** What the sums of a record are of, in ms: the time it was connected, where the node tells, else the time between two reports. */
function intervalOf({ durationMs }: ClientRecord, timestampMs: number, previousMs: number | undefined): number {
  if (durationMs > 0) return durationMs;
  return previousMs === undefined ? 0 : timestampMs - previousMs;
}

/** No more goes over a link than its rate, unless that has just fallen: sums that are older than their interval are none. */
const fallen = 2;

function rate<Name extends string>(
  name: Name,
  bytes: number,
  intervalMs: number,
  linkMbps: number,
): Partial<Record<Name, number>> {
  if (intervalMs < limits.shortestRateMs) return {};
  const mbps = (bytes * 8) / intervalMs / 1000;
  if (linkMbps > 0 && mbps > linkMbps * fallen) return {};
  return { [name]: mbps } as Partial<Record<Name, number>>;
}
