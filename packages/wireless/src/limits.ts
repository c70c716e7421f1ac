/** Every bound and deadline of the wireless core, in one place; times in milliseconds. */

export const limits = {
  /** After a request that has not taken effect, confsync looks again. */
  confsyncRetry: 30_000,
  /** What was asked for is not asked for again within this time; a driver that ignored it gets it anew after that. */
  requestMemory: 60_000,
  /** A vif that was asked to come up is left alone for this long. */
  enableGrace: 10_000,
  /** Twice the regulatory channel availability check. */
  cacTimeout: 120_000,
  /** The same where a weather radar channel (5580–5660 MHz) is checked. */
  weatherCacTimeout: 1_200_000,

  /** A driver that owes a report for this long is asked again. */
  reportOverdue: 60_000,
  /** After an AP's channel was configured, all vifs of its phy are asked for: drivers move them together, silently. */
  channelResync: 5_000,
  /** After a vif changed, all vifs of its phy are asked for, once. */
  vifResync: 3_000,
  /** Between looks at a phy with a channel availability check in progress. */
  cacPoll: 3_000,
  /** Between looks at a phy with a channel on the non-occupancy list. */
  nolPoll: 30_000,
  /** Drivers that count connected time in whole seconds may seem to move the time of association by this much. */
  associationJitter: 1_000,

  /** Entries of a list that are spelled out in one line of the log; the rest is counted. */
  namedEntries: 64,

  /** What a driver may announce; more is refused with a warning. */
  phys: 64,
  vifsPerPhy: 128,
  stationsPerVif: 2_048,
} as const;
