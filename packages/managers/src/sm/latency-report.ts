/** Latency as it goes to the cloud: which interface it is told of, which values, in payloads of a size that brokers take. */

import type { Mac } from "@opensync-ts/base/units";
import type { LatencyReading } from "@opensync-ts/target/latency";
import { encodeLatency, type HostLatency, type LatencySample } from "@opensync-ts/telemetry/latency";
import type { FlowSamples, Measured, TimedDelays } from "./latency-book.ts";
import { hostsPerPoll, payloadBytes } from "./limits.ts";
import type { LatencyConfig, LatencyKind } from "./row-config.ts";

/** What the tables say of interfaces. */
export interface Interfaces {
  /** `Wifi_VIF_State.mld_if_name` of a link of a multi-link device. */
  mldOf(ifName: string): string | undefined;
  /** `Wifi_Inet_Config.role`. */
  roleOf(ifName: string): string | undefined;
}

export interface Accepted {
  readonly measured: readonly Measured[];
  /** Readings that make no sense. */
  readonly bad: number;
  /** Hosts beyond the bound. */
  readonly surplus: number;
}

/** What of a poll is to be told. A filter may name a link or its multi-link interface. */
export function accept(
  readings: readonly LatencyReading[],
  { interfaces, perDscp }: Pick<LatencyConfig, "interfaces" | "perDscp">,
  { mldOf }: Pick<Interfaces, "mldOf">,
): Accepted {
  const wanted = new Set(interfaces);
  const measured: Measured[] = [];
  let bad = 0;
  let surplus = 0;
  for (const reading of readings) {
    if (reading.packets === 0) continue;
    if (!makesSense(reading)) {
      bad++;
      continue;
    }
    const ifName = mldOf(reading.ifName) ?? reading.ifName;
    if (wanted.size > 0 && !wanted.has(ifName) && !wanted.has(reading.ifName)) continue;
    if (measured.length >= hostsPerPoll) {
      surplus++;
      continue;
    }
    const { mac, dscp = "none", least, most, average, last, packets } = reading;
    measured.push({
      flow: { ifName, mac, ...(perDscp && { dscp }) },
      delays: { least, most, sum: average * packets, last, packets },
    });
  }
  return { measured, bad, surplus };
}

export interface LatencyReportInput {
  readonly nodeId: string;
  /** Wall clock, ms since 1970. */
  readonly timestamp: number;
  readonly flows: readonly FlowSamples[];
  readonly kinds: readonly LatencyKind[];
  readonly interfaces: Pick<Interfaces, "roleOf">;
}

/** None where there is nothing to tell. */
export function latencyPayloads({ nodeId, timestamp, flows, kinds, interfaces }: LatencyReportInput): Uint8Array[] {
  const hosts = flows.map(({ flow, samples }): HostLatency => {
    const { ifName, mac, dscp } = flow;
    return {
      ifName,
      ifRole: interfaces.roleOf(ifName) ?? "",
      mac: bytesOf(mac),
      ...(dscp !== undefined && { dscp }),
      timestampMs: timestamp,
      samples: samples.map((sample) => sampleOf(sample, kinds)),
    };
  });
  return payloads(nodeId, hosts);
}

function payloads(nodeId: string, hosts: readonly HostLatency[]): Uint8Array[] {
  if (hosts.length === 0) return [];
  const payload = encodeLatency({ nodeId, hosts });
  if (payload.length <= payloadBytes || hosts.length === 1) return [payload];
  const middle = Math.ceil(hosts.length / 2);
  return [...payloads(nodeId, hosts.slice(0, middle)), ...payloads(nodeId, hosts.slice(middle))];
}

/** Whole milliseconds, to the nearest. */
function sampleOf({ timestamp, delays }: TimedDelays, kinds: readonly LatencyKind[]): LatencySample {
  const { least, most, sum, last, packets } = delays;
  const has = (kind: LatencyKind) => kinds.includes(kind);
  return {
    timestampMs: timestamp,
    ...(has("min") && { leastMs: Math.round(least) }),
    ...(has("max") && { mostMs: Math.round(most) }),
    ...(has("avg") && { averageMs: Math.round(sum / packets) }),
    ...(has("last") && { lastMs: Math.round(last) }),
    ...(has("num") && { packets }),
  };
}

function makesSense({ ifName, dscp, least, most, average, last, packets }: LatencyReading): boolean {
  const quantity = (value: number) => value >= 0 && value <= 0xffff_ffff;
  return (
    ifName !== "" &&
    [least, most, average, last].every(quantity) &&
    Number.isInteger(packets) &&
    quantity(packets) &&
    (dscp === undefined || (Number.isInteger(dscp) && dscp >= 0 && dscp <= 63))
  );
}

function bytesOf(mac: Mac): Uint8Array {
  return Uint8Array.from(mac.split(":"), (octet) => Number.parseInt(octet, 16));
}
