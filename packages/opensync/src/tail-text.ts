/** A payload that a node has published, as text: tables, or a line of JSON; nothing where it is not asked for. */

import type { FollowerLine } from "@opensync-ts/cloud/statistics/followers";
import { decodeLatency } from "@opensync-ts/telemetry/latency";
import { decodeReport, type StatsReport } from "@opensync-ts/telemetry/report";
import { decodeTimeEvents } from "@opensync-ts/telemetry/time-events";
import { jsonText } from "./json-text.ts";
import { latencyLines, timeEventLines } from "./payload-view.ts";
import { moment } from "./report-cells.ts";
import { reportLines } from "./report-view.ts";
import { fit, printable } from "./table.ts";
import { payloadTypes, reportLists, type TailType } from "./tail-types.ts";

export interface TailFilter {
  readonly node?: string;
  /** Empty: all. */
  readonly type: readonly TailType[];
}

export type PayloadLine = Exclude<FollowerLine, { readonly kind: "lost" }>;

/** `form`: `"json"`, or the width of the tables. Throws `MalformedPayload`. */
export function payloadText(line: PayloadLine, filter: TailFilter, form: "json" | number): string | undefined {
  if (filter.node !== undefined && filter.node !== line.node) return undefined;
  const bytes = Buffer.from(line.payload, "base64");
  const content = contentOf(line, bytes, filter.type);
  if (!content) return undefined;
  if (form !== "json") return `${content.lines(form).join("\n")}\n\n`;
  const { kind, node, topic, receivedMs } = line;
  return `${jsonText({ node, topic, kind, receivedMs, ...content.json })}\n`;
}

interface Content {
  readonly json: object;
  lines(width: number): string[];
}

function contentOf(line: PayloadLine, bytes: Uint8Array, types: readonly TailType[]): Content | undefined {
  if (line.kind === "stats") {
    const report = only(decodeReport(bytes), types);
    return report && { json: { report }, lines: (width) => reportLines(report, width) };
  }
  if (types.length > 0 && !types.some((type) => type in payloadTypes && payloadOf(type) === line.kind)) {
    return undefined;
  }
  switch (line.kind) {
    case "latency": {
      const report = decodeLatency(bytes);
      return { json: { report }, lines: (width) => latencyLines(report, width) };
    }
    case "time events": {
      const report = decodeTimeEvents(bytes);
      return { json: { report }, lines: (width) => timeEventLines(report, width) };
    }
    case "log": {
      const texts = Buffer.from(bytes)
        .toString("utf8")
        .split("\n")
        .filter((text) => text !== "");
      const title = `node ${line.node}, log, ${moment(line.receivedMs)}`;
      return { json: { lines: texts }, lines: (width) => [title, ...texts].map((text) => fit(printable(text), width)) };
    }
    case "other": {
      const title = `node ${line.node}, ${bytes.length} bytes to ${line.topic}, ${moment(line.receivedMs)}`;
      return { json: { payload: bytes }, lines: (width) => [fit(printable(title), width)] };
    }
  }
}

function payloadOf(type: TailType): string | undefined {
  return (payloadTypes as Readonly<Record<string, string>>)[type];
}

/** The lists of the types asked for; undefined where nothing is in them. */
function only(report: StatsReport, types: readonly TailType[]): StatsReport | undefined {
  if (types.length === 0) return report;
  const wanted = new Set<string>(types.map((type) => (reportLists as Readonly<Record<string, string>>)[type] ?? ""));
  const lists = Object.values(reportLists);
  if (!lists.some((list) => wanted.has(list) && report[list].length > 0)) return undefined;
  const emptied = Object.fromEntries(lists.filter((list) => !wanted.has(list)).map((list) => [list, []]));
  return { ...report, ...emptied };
}
