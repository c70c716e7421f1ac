/** What `opensync stats tail --type` takes: kinds of statistics within a report, and payloads of other kinds. */

import type { StatsReport } from "@opensync-ts/telemetry/report";

/** By type, which list of a report holds it. */
export const reportLists = {
  survey: "surveys",
  neighbor: "neighbors",
  client: "clients",
  device: "devices",
  steering: "steering",
  rssi: "rssi",
  capacity: "capacities",
  client_auth_fails: "authFailures",
  radius_stats: "radius",
} as const satisfies Record<string, keyof StatsReport>;

/** By type, which kind of payload it is. */
export const payloadTypes = { latency: "latency", time_events: "time events", log: "log", other: "other" } as const;

export type TailType = keyof typeof reportLists | keyof typeof payloadTypes;

export const tailTypes = [...Object.keys(reportLists), ...Object.keys(payloadTypes)] as readonly TailType[];
