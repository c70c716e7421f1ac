/** Cloudless operation as text for people: names and sizes, never contents. */

import { stringifyJson } from "@opensync-ts/ovsdb/json";
import { type GwOffline, statusOf } from "./machine.ts";
import type { Stored } from "./stored.ts";

export interface Described {
  readonly state: GwOffline;
  readonly stored: Stored;
  /** Times in milliseconds since the Unix epoch. */
  readonly since: number;
  readonly savedAt: number | null;
  readonly saveIsDue: boolean;
  /** The last complaint; "": none. */
  readonly reason: string;
}

export function describe({ state, stored, since, savedAt, saveIsDue, reason }: Described): string {
  const status = statusOf(state);
  const lines = [
    `status: ${status ?? "not configured"} since ${new Date(since).toISOString()}${state.offline ? ", offline" : ""}`,
    `monitoring: ${state.enabled && state.monitoring ? "on" : "off"}${saveIsDue ? ", a change waits to be saved" : ""}`,
    `last save: ${savedAt === null ? "none since PM started" : new Date(savedAt).toISOString()}`,
    ...[...stored.values].map(
      ([key, value]) =>
        `stored ${key}: ${(value as readonly unknown[]).length} rows, ${stringifyJson(value).length} bytes`,
    ),
    ...(state.invalid.length > 0 ? [`neither true nor false: ${state.invalid.join(", ")}`] : []),
    ...(reason === "" ? [] : [`last complaint: ${reason}`]),
  ];
  return lines.join("\n");
}
