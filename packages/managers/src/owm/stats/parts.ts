/** Messages of reports in parts that fit a payload, each a message of its own. */

import { emptyReport, encodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import type { ReportItem } from "./collector.ts";

/** A part, and how many bytes it adds to a payload. */
export interface Part {
  readonly item: ReportItem;
  readonly bytes: number;
}

/** `lost`: elements of its list that are larger than `limit` all by themselves. */
export function partsOf(item: ReportItem, limit: number): { readonly parts: readonly Part[]; readonly lost: number } {
  const bytes = sizeOf(item);
  if (bytes <= limit) return { parts: [{ item, bytes }], lost: 0 };
  const halves = halvesOf(item);
  if (!halves) return { parts: [], lost: 1 };
  const [first, second] = halves.map((half) => partsOf(half, limit));
  return {
    parts: [...(first?.parts ?? []), ...(second?.parts ?? [])],
    lost: (first?.lost ?? 0) + (second?.lost ?? 0),
  };
}

/** The report that has all of them; `encodeReport` makes a payload of it. */
export function reportOf(nodeId: string, items: readonly ReportItem[]): StatsReport {
  const lists: Record<string, ReportItem["message"][]> = {};
  for (const { kind, message } of items) {
    const list = lists[kind];
    if (list) list.push(message);
    else lists[kind] = [message];
  }
  return { ...emptyReport(nodeId), ...lists };
}

/** Bytes of a report of this node without anything in it. */
export function emptySize(nodeId: string): number {
  return encodeReport(emptyReport(nodeId)).length;
}

const nameless = emptySize("");

function sizeOf(item: ReportItem): number {
  return encodeReport(reportOf("", [item])).length - nameless;
}

/** null: its list has one element. What is not in the list goes with the first half. */
function halvesOf(item: ReportItem): readonly [ReportItem, ReportItem] | null {
  switch (item.kind) {
    case "surveys": {
      const { message } = item;
      if (message.reportType === "average") {
        return split(message.averages, (averages) => ({ ...item, message: { ...message, averages } }));
      }
      return split(message.samples, (samples) => ({ ...item, message: { ...message, samples } }));
    }
    case "neighbors":
      return split(item.message.bsses, (bsses) => ({ ...item, message: { ...item.message, bsses } }));
    case "clients":
      return split(item.message.clients, (clients) => ({ ...item, message: { ...item.message, clients } }));
    case "capacities":
      return split(item.message.samples, (samples) => ({ ...item, message: { ...item.message, samples } }));
    case "authFailures":
      return split(item.message.bsses, (bsses) => ({ ...item, message: { ...item.message, bsses } }));
    case "steering":
      return split(item.message.clients, (clients) => ({ ...item, message: { ...item.message, clients } }));
    case "devices":
      return split(item.message.thermal, (thermal, isFirst) => ({
        ...item,
        message: { ...item.message, temperatures: isFirst ? item.message.temperatures : [], thermal },
      }));
    case "rssi": {
      const { peers } = item.message;
      const withPeers = (part: typeof peers): ReportItem => ({ ...item, message: { ...item.message, peers: part } });
      const [peer] = peers;
      if (peers.length !== 1 || !peer) return split(peers, withPeers);
      return split(peer.samples, (samples) => withPeers([{ ...peer, samples }]));
    }
  }
}

function split<T>(
  list: readonly T[],
  withList: (part: readonly T[], isFirst: boolean) => ReportItem,
): readonly [ReportItem, ReportItem] | null {
  if (list.length < 2) return null;
  const middle = Math.ceil(list.length / 2);
  return [withList(list.slice(0, middle), true), withList(list.slice(middle), false)];
}
