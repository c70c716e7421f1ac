/**
 * What telemetry keeps, and when it raises an alert: the setting `telemetry` of the cloud. What it does not say is as it is here.
 */

import { messageOf } from "@opensync-ts/base/errors";
import { z } from "zod";
import { getSetting } from "../store/settings.ts";
import type { Store } from "../store/store.ts";

const percent = z.number().min(0).max(100);
const seconds = z.number().min(0).max(86_400);

const alerts = z.strictObject({
  /** A node that is not connected for so long. */
  offlineSeconds: seconds.default(180),
  /** A node that is connected and not as its location states. */
  unsettledSeconds: seconds.default(600),
  /** The operating channel busy: above `airtimePercent` for `airtimeSeconds`; over once it was below `airtimeClearPercent` for half of that. */
  airtimePercent: percent.default(80),
  airtimeClearPercent: percent.default(70),
  airtimeSeconds: seconds.default(600),
  /** A radio that has heard radar, until it has heard none for so long. */
  radarSeconds: seconds.default(1_800),
  /** Failures of one client at one node within `authSeconds`; over at less than half. */
  authFailures: z.int().min(1).max(100_000).default(10),
  authSeconds: seconds.default(600),
  /** Two devices that took turns in being one node, until they have not for so long. */
  duplicateSeconds: seconds.default(1_800),
});

const schema = z.strictObject({
  /** Payloads as nodes published them. 0 hours: none are kept. */
  rawHours: z.number().min(0).max(168).default(6),
  rawMegabytes: z.int().min(32).max(1_000_000).default(1_024),
  /** Rows of one minute; coarser ones are made of them, so they must outlast what comes late. */
  minuteHours: z.number().min(12).max(720).default(48),
  quarterHourDays: z.number().min(2).max(180).default(14),
  hourDays: z.number().min(7).max(366).default(90),
  dayDays: z.number().min(31).max(3_660).default(366),
  /** Of one table, all steps together: beyond, the oldest of the finest step go. */
  rowsPerTable: z.int().min(10_000).max(1_000_000_000).default(5_000_000),
  eventDays: z.number().min(1).max(3_660).default(90),
  eventsPerLocation: z.int().min(100).max(10_000_000).default(20_000),
  /** Of alerts that are over. */
  alertDays: z.number().min(1).max(3_660).default(366),
  /** Where clients were, and what nodes report of steering. */
  steeringDays: z.number().min(1).max(366).default(35),
  alerts: alerts.prefault({}),
});

export type TelemetryPolicy = z.output<typeof schema>;
export type AlertPolicy = TelemetryPolicy["alerts"];

export const settingName = "telemetry";
export const defaultPolicy: TelemetryPolicy = schema.parse({});

/** Throws a `z.ZodError`. */
export function parsePolicy(value: unknown): TelemetryPolicy {
  return schema.parse(value ?? {});
}

/** `complain` hears of a setting that is not usable; the policy is then as before. Rejects with `StoreUnavailable`. */
export async function readPolicy(
  store: Store,
  before: TelemetryPolicy,
  complain: (text: string) => void,
): Promise<TelemetryPolicy> {
  const value = await getSetting(store, "cloud", settingName);
  try {
    return parsePolicy(value);
  } catch (error) {
    const reason =
      error instanceof z.ZodError
        ? error.issues
            .slice(0, 3)
            .map(({ path, message }) => `${path.join(".") || "value"}: ${message}`)
            .join("; ")
        : messageOf(error);
    complain(`setting '${settingName}' is not usable (${reason}); set it right, what held before holds on`);
    return before;
  }
}
