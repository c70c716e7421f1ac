/** Every bound and period of steering in OWM; times in milliseconds. */

export const steeringGlueLimits = {
  /** Between reports; deployed devices have no other period. */
  reportPeriod: 60_000,
  /** Events of a client on one access point between two reports; the last one says that there were more. */
  eventsPerClient: 60,
  /** Clients on access points that are reported on; and elements of a request that are passed on, octets. */
  records: 4_096,
  assocIes: 1_024,
  /** Between looks at what a client has moved. */
  activityPeriod: 10_000,
  /** How often signals are asked for, so that a report knows the first and the last one, ms. */
  signalPeriod: 500,
  /** Bits per second from which a client is active, where its row does not say. */
  activityBps: 2_000,
  /** Between writes of counters. */
  counterPeriod: 1_000,
  /** SNR thresholds, dB. */
  highestSnr: 127,
  /** Longest time in a row, seconds. */
  longestSeconds: 7 * 24 * 3_600,
} as const;
