/** What is published of a message: topic, payload and QoS, by the settings. */

import { limits as telemetryLimits } from "@opensync-ts/telemetry/limits";
import { type MergedReports, mergeReports } from "@opensync-ts/telemetry/merge";
import { compress } from "@opensync-ts/telemetry/payload";
import type { QueuedMessage } from "./queue.ts";
import type { MqttHeaders, MqttSettings, Qos } from "./settings.ts";

/** What the rows say at the moment. */
export interface Publishing {
  readonly settings: MqttSettings;
  readonly headers: MqttHeaders;
  /** `Node_Config`, module QM, key power_mode. */
  readonly powerMode: string | undefined;
}

export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
}

/** Null while the message has no topic of its own and none is configured. */
export function publicationOf(message: QueuedMessage, publishing: Publishing): Publication | null {
  const { settings, headers } = publishing;
  const topic = message.topic ?? settings.topic;
  if (topic === null) return null;
  const text = message.kind === "TEXT" ? withHeaders(message.data, headers) : message.data;
  return {
    topic,
    payload: message.kind !== "REPORT" && isCompressed(message, settings) ? compress(text) : text,
    qos: message.qos ?? settings.qos,
  };
}

export interface Merged extends Omit<MergedReports, "payloads"> {
  readonly reports: readonly QueuedMessage[];
}

/** Messages of the same topic, QoS and compression, by the first of each. */
export function groupsOf<T extends { readonly message: QueuedMessage }>(
  entries: readonly T[],
): readonly (readonly T[])[] {
  const key = ({ message: { topic, qos, compression } }: T) => JSON.stringify([topic, qos, compression]);
  return [...Map.groupBy(entries, key).values()];
}

/** The `STATS` of one group as reports that can be published as they are. */
export function mergedReports(messages: readonly QueuedMessage[], publishing: Publishing): Merged {
  const [first] = messages;
  if (!first) return { reports: [], undecodable: [], oversized: [] };
  const { settings, headers, powerMode } = publishing;
  const { payloads, ...rest } = mergeReports(
    messages.map(({ data }) => data),
    {
      ...(headers.nodeId !== undefined && { nodeId: headers.nodeId }),
      ...(powerMode !== undefined && { powerMode }),
      pack: isCompressed(first, settings) ? compress : (report) => report,
      maxBytes: telemetryLimits.publication,
    },
  );
  return { ...rest, reports: payloads.map((data) => ({ ...first, kind: "REPORT", data })) };
}

function isCompressed({ compression }: QueuedMessage, { compress: configured }: MqttSettings): boolean {
  return compression === "force" || (compression === "configured" && configured);
}

/** A JSON object gets the headers that it lacks, at its beginning; everything else stays as it is. */
function withHeaders(data: Uint8Array, headers: MqttHeaders): Uint8Array {
  if (Object.keys(headers).length === 0) return data;
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  const start = /^\s*\{\s*/.exec(text)?.[0];
  const present = start === undefined ? undefined : jsonObject(text);
  if (start === undefined || !present) return data;
  const missing = Object.entries(headers).filter(([key]) => !Object.hasOwn(present, key));
  if (missing.length === 0) return data;
  const members = missing.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",");
  const rest = text.slice(start.length);
  return Buffer.from(`{${members}${rest.startsWith("}") ? "" : ","}${rest}`);
}

function jsonObject(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
