/** Every bound and period of OWM's reports. Times in milliseconds, sizes in bytes. */

export const statsLimits = {
  /** Reports that wait to be sent, and their size; beyond either, the oldest are dropped. */
  queuedItems: 30,
  queuedBytes: 3 * 1024 * 1024,
  /** Of one payload: what brokers take. A single element of a list that is larger is dropped. */
  payload: 128 * 1024,
  /** What could not be sent is tried again with the next report, after so long at the latest. */
  resend: 60_000,

  /** A report waits this long at most for the samples of its own time; drivers have 1 s to answer. */
  postponed: 1_500,
  shortestPostponement: 10,
  /** When samples have stayed away for two periods, a report looks for them so often more, so far apart. */
  underruns: 9,
  underrunStep: 10,
  /** The worker looks at all entries so often at least: timers of Node.js end at 25 days. */
  longestWait: 60_000,

  /** Kept by one row until its report; of more, the oldest are dropped, or the newcomers where they have no order. */
  surveySamples: 4_096,
  surveyChannels: 512,
  neighbors: 2_048,
  clients: 4_096,
  rssiSamples: 16_384,
  capacitySamples: 4_096,
  thermalRecords: 1_024,
  authFailVifs: 128,
  authFailsPerVif: 256,

  /** Radios whose band is remembered after they have gone. */
  radios: 64,
  /** Characters of a column's value, or of a key in it, that are repeated in the log. */
  shownValue: 60,
  /** After a line about what was dropped, the next one of its kind. */
  dropSilence: 60_000,
} as const;
