/** Every bound and deadline of the wireless core, in one place; times in milliseconds. */

export const limits = {
  /** After a request that has not taken effect, confsync looks again. */
  confsyncRetry: 30_000,
  /** What was asked for is not asked for again within this time; a driver that ignored it gets it anew after that. */
  requestMemory: 60_000,
  /**
   * What was asked for and does not show is asked for its state so long before confsync looks again: a driver's silence says
   * nothing, its answer does.
   */
  confsyncLook: 10_000,
  /** The roles of access points that share a beacon move together: their phy is left alone for this long. */
  mbssFreeze: 10_000,
  /**
   * A driver has this long to do what it was asked for before a report to the contrary is a refusal. With
   * three refusals in a row, an attribute is given up after 90 s: half of what the watchdog
   * allows, and three times what the slowest drivers take for a change.
   */
  quarantinePatience: 30_000,
  quarantineRefusals: 3,
  /** What is given up is asked for again after this long, then after twice as long each time, up to the longest. */
  quarantineFirst: 60_000,
  /** An attribute in vain may cost a restart of the BSS each time, hence rarely in the end. */
  quarantineLongest: 6 * 3_600_000,
  /** What is down has nothing to lose. */
  quarantineLongestDown: 300_000,
  /** What has been as wanted for this long is forgotten. */
  quarantineMemory: 300_000,
  /** What was as wanted so many times, never for long, is given up too. */
  quarantineRelapses: 10,

  /** Unsettled for this long without a break, confsync has failed. */
  watchdogUnsettled: 180_000,
  /** Confsync that was unsettled for more than this share of the last so many ms has failed, too. */
  watchdogWindow: 300_000,
  watchdogShare: 0.75,
  /** Intervals that the watchdog remembers; of more, shorter than 75 ms each, the oldest are forgotten. */
  watchdogIntervals: 4_096,

  /** Transitions and requests kept for the dump. */
  history: 64,

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
  /** Everything is asked for this long after the last time, in case drivers have kept changes quiet… */
  statePollPeriod: 300_000,
  /** …when nothing has moved for so long; what changes within as long after it is what they kept quiet… */
  statePollGrace: 5_000,
  /** …and this much later at the latest. */
  statePollPostponed: 300_000,
  /** Between looks at a phy with a channel availability check in progress. */
  cacPoll: 3_000,
  /** Between looks at a phy with a channel on the non-occupancy list. */
  nolPoll: 30_000,
  /** Drivers that count connected time in whole seconds may seem to move the time of association by this much. */
  associationJitter: 1_000,

  /** After radar, vifs report their new channel later than the phy reports the old one lost: clipping waits this long. */
  clipPostpone: 3_000,
  /** From one such wait to the next at least. */
  clipBackoff: 5_000,
  /** A disagreement among the APs of a phy is bridged with the last channel they agreed on for this long. */
  channelHold: 5_000,
  /** APs that part from the channel of the STA they follow, as in a channel switch, are left alone for this long. */
  staChannelSettling: 5_000,

  /** Rules that defer the end of an access point. */
  deferRules: 256,

  /** A push button stays pressed for this long (Wi-Fi Protected Setup: the walk time). */
  wpsWalkTime: 120_000,
  /** A driver whose push button is off without a reason has this long to give one. */
  wpsInterruption: 1_000,
  /** A driver that was told to end a push button has this long to say that it has. */
  wpsWindDown: 5_000,

  /** Entries of a list that are spelled out in one line of the log; the rest is counted. */
  namedEntries: 64,

  /** Subscribers of statistics (`Wifi_Stats_Config` has up to 256 rows, with two each), and reports that wait for one of them. */
  statsSubscribers: 1_024,
  statsReports: 8,
  /** Shortest time between polls, and between reports. */
  statsShortestPeriod: 100,
  /** Deliveries of statistics that wait for their turn; samples of one, and its size as TLV (bytes). */
  statsDeliveries: 256,
  statsSamples: 16_384,
  statsBytes: 1_048_576,
  /** Objects of one kind whose statistics are kept. */
  statsObjects: 16_384,
  /** Objects that have gone, or that nobody has said anything of for so long, are looked for so often. */
  statsForget: 300_000,
  statsSweep: 60_000,
  /** Reports that are due with a poll wait for its answers for this long. */
  statsAnswers: 1_000,
  /** After a line about what was dropped, the next of its kind; kinds that are remembered. */
  statsDropSilence: 60_000,
  statsDropReasons: 64,
  /** Octets of a beacon's elements that are kept: what fits into a management frame (IEEE 802.11-2020 §9.2.4.8). */
  statsIes: 2_304,

  /** Scans that wait for the radio, of each phy. */
  scansWaiting: 64,
  /** A driver has so much longer than the channels take to complete a scan. */
  scanGrace: 5_000,
  /** Channels of a scan, and longest time on each. */
  scanChannels: 256,
  scanDwell: 10_000,
  /** Schedules of scans, and shortest and longest period of one. */
  scanSchedules: 1_024,
  scanShortestPeriod: 100,
  scanLongestPeriod: 30 * 24 * 3_600_000,
  /** Timers of Node.js end at 25 days: longer waits are made of shorter ones. */
  scanWait: 3_600_000,

  /** Stations that an access point refuses for steering's sake. */
  blockedStations: 1_024,

  /** Observers of the signal of a station. */
  snrObservers: 4_096,

  /** What a driver may announce; more is refused with a warning. */
  phys: 64,
  vifsPerPhy: 128,
  stationsPerVif: 2_048,
} as const;
