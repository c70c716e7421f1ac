/** Latency of the hosts behind a node. Its payload goes to the topic under `Latency` in `AWLAN_Node.mqtt_topics`. */

import { isFieldSet } from "@bufbuild/protobuf";
import { DscpType, type Host, HostSchema, ReportSchema, type Sample, SampleSchema } from "./gen/latency_pb.ts";
import { type Fields, parse, serialize } from "./message.ts";
import { fromUint64, uint32, uint64 } from "./numbers.ts";

export interface LatencyReport {
  readonly nodeId: string;
  readonly hosts: readonly HostLatency[];
}

export interface HostLatency {
  readonly ifName: string;
  /** `Wifi_Inet_Config.role` of the interface; "" for none. */
  readonly ifRole: string;
  /** The six bytes of the address. */
  readonly mac: Uint8Array;
  /** Of the packets; `"none"` where it was asked for and they had none, absent where it was not asked for. */
  readonly dscp?: number | "none";
  /** Wall clock, ms since 1970. */
  readonly timestampMs: number;
  readonly samples: readonly LatencySample[];
}

/** Those of `Wifi_Stats_Config.latency_kinds` that were asked for. */
export interface LatencySample {
  readonly timestampMs?: number;
  readonly leastMs?: number;
  readonly mostMs?: number;
  /** Weighted by packets. */
  readonly averageMs?: number;
  readonly lastMs?: number;
  readonly packets?: number;
}

/** `latency.Report`. */
export function encodeLatency(report: LatencyReport): Uint8Array {
  return serialize(ReportSchema, { nodeId: report.nodeId, hosts: report.hosts.map(hostMessage) });
}

/** Throws `MalformedPayload`. */
export function decodeLatency(bytes: Uint8Array): LatencyReport {
  const message = parse(ReportSchema, bytes);
  return { nodeId: message.nodeId, hosts: message.hosts.map(hostOf) };
}

function hostMessage(host: HostLatency): Fields<Host> {
  const { dscp } = host;
  return {
    ifName: host.ifName,
    macAddress: host.mac,
    dscpType: dscp === undefined ? undefined : dscp === "none" ? DscpType.MISSING : DscpType.PRESENT,
    dscpValue: typeof dscp === "number" ? uint32(dscp) : undefined,
    timestampMs: uint64(host.timestampMs),
    samples: host.samples.map(sampleMessage),
    ifRole: host.ifRole || undefined,
  };
}

function hostOf(message: Host): HostLatency {
  const hasDscp = isFieldSet(message, HostSchema.field.dscpType);
  return {
    ifName: message.ifName,
    ifRole: message.ifRole,
    mac: message.macAddress,
    ...(hasDscp && { dscp: message.dscpType === DscpType.MISSING ? ("none" as const) : message.dscpValue }),
    timestampMs: fromUint64(message.timestampMs),
    samples: message.samples.map(sampleOf),
  };
}

function sampleMessage(sample: LatencySample): Fields<Sample> {
  const known = (value: number | undefined) => (value === undefined ? undefined : uint32(value));
  return {
    timestampMs: sample.timestampMs === undefined ? undefined : uint64(sample.timestampMs),
    minMs: known(sample.leastMs),
    maxMs: known(sample.mostMs),
    avgMs: known(sample.averageMs),
    lastMs: known(sample.lastMs),
    numPkts: known(sample.packets),
  };
}

function sampleOf(message: Sample): LatencySample {
  const has = (field: keyof typeof SampleSchema.field) => isFieldSet(message, SampleSchema.field[field]);
  return {
    ...(has("timestampMs") && { timestampMs: fromUint64(message.timestampMs) }),
    ...(has("minMs") && { leastMs: message.minMs }),
    ...(has("maxMs") && { mostMs: message.maxMs }),
    ...(has("avgMs") && { averageMs: message.avgMs }),
    ...(has("lastMs") && { lastMs: message.lastMs }),
    ...(has("numPkts") && { packets: message.numPkts }),
  };
}
