/** The payloads that are no statistics report, as tables. */

import type { LatencyReport } from "@opensync-ts/telemetry/latency";
import type { TimeEventsReport } from "@opensync-ts/telemetry/time-events";
import { figure, moment } from "./report-cells.ts";
import { type Column, printable, table } from "./table.ts";

/** A row for each sample of each host. */
export function latencyLines(report: LatencyReport, width: number): string[] {
  const rows = report.hosts.flatMap((host) => host.samples.map((sample) => ({ host, sample })));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "HOST", cell: ({ host }) => Array.from(host.mac, (byte) => byte.toString(16).padStart(2, "0")).join(":") },
    { title: "INTERFACE", cell: ({ host }) => host.ifName },
    { title: "ROLE", cell: ({ host }) => host.ifRole },
    { title: "DSCP", cell: ({ host }) => String(host.dscp ?? "") },
    { title: "TIME", cell: ({ host, sample }) => moment(sample.timestampMs ?? host.timestampMs) },
    figure("LEAST ms", ({ sample }) => sample.leastMs),
    figure("AVERAGE ms", ({ sample }) => sample.averageMs),
    figure("MOST ms", ({ sample }) => sample.mostMs),
    figure("LAST ms", ({ sample }) => sample.lastMs),
    figure("PACKETS", ({ sample }) => sample.packets),
  ];
  return [printable(`node ${report.nodeId}, latency`), ...table(columns, rows, width)];
}

/** A row for each event, on the wall clock. */
export function timeEventLines(report: TimeEventsReport, width: number): string[] {
  const columns: Column<(typeof report.events)[number]>[] = [
    { title: "TIME", cell: (event) => moment(report.realTimeMs + event.monotonicMs - report.monotonicMs) },
    { title: "SOURCE", cell: ({ source }) => source },
    { title: "CATEGORY", cell: ({ category }) => category },
    { title: "SUBJECT", cell: ({ subject }) => subject },
    { title: "STEP", cell: ({ step }) => step },
    { title: "MESSAGE", cell: ({ message }) => message },
  ];
  const { nodeId, firmwareVersion, locationId, sequence } = report;
  const title = `node ${nodeId}, firmware ${firmwareVersion}, location ${locationId}, time events ${sequence}`;
  return [printable(title), ...table(columns, report.events, width)];
}
