/**
 * The `stats` section of a home file: what nodes measure, and how often they tell. What it leaves out is as deployed
 * clouds have it.
 */

import { z } from "zod";

/** In s. */
const seconds = z.int().min(1, "is below 1 s; give 1 to 86400 s").max(86_400, "is above a day; give 1 to 86400 s");

/** Whether, how often to measure and how often to tell. */
function intervals(sampling: number, reporting: number) {
  return z
    .strictObject({
      enabled: z.boolean().default(true),
      sampling: seconds.default(sampling),
      reporting: seconds.default(reporting),
    })
    .superRefine(samplesBeforeReports)
    .prefault({});
}

function samplesBeforeReports(value: { sampling: number; reporting: number }, context: z.core.$RefinementCtx): void {
  if (value.sampling <= value.reporting) return;
  const message = `is longer than 'reporting' (${value.reporting} s), so that reports would be empty; make it shorter, or 'reporting' longer`;
  context.addIssue({ code: "custom", path: ["sampling"], message });
}

const offChannel = z
  .strictObject({
    enabled: z.boolean().default(true),
    sampling: seconds.default(10),
    reporting: seconds.default(120),
    /** How long to listen on a channel, in ms. */
    dwell: z
      .int()
      .min(1, "is below 1 ms; give 1 to 1000 ms")
      .max(1000, "is above 1000 ms, in which clients would miss the radio; give 1 to 1000 ms")
      .default(120),
    /** Not while the radio itself is this busy, in percent (`threshold`, `util`)… */
    busy: z.int().min(1, "is below 1 %; give 1 to 100").max(100, "is above 100 %; give 1 to 100").default(25),
    /** …but after so long all the same, in s (`threshold`, `max_delay`). */
    maxDelay: seconds.default(600),
  })
  .superRefine(samplesBeforeReports)
  .prefault({});

export const statsSection = z.strictObject({
  enabled: z.boolean().default(true),
  client: intervals(10, 60),
  /** The operating channel. */
  survey: intervals(10, 60),
  neighbor: intervals(60, 60),
  device: intervals(60, 60),
  /** The other channels, for surveys and neighbors. */
  offChannel,
  /** How often QM publishes what has come together (`mqtt_settings`, `agg_stats_interval`), in s. */
  publish: seconds.max(3600, "is above an hour; give 1 to 3600 s").default(60),
  qos: z.literal([0, 1, 2]).default(0),
  /** How often the node's log is published, in s; 0: never. It tells who uses the network when. */
  remoteLog: z
    .int()
    .min(0, "is below 0 s; give 1 to 3600 s, or 0 for off")
    .max(3600, "is above an hour; give 1 to 3600 s, or 0 for off")
    .default(0),
});

export type StatsSection = z.output<typeof statsSection>;

export const defaultStats: StatsSection = statsSection.parse({});
