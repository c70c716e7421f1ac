/** Every bound and delay of CM, by name; milliseconds unless the name says otherwise. Times of its states: `machine.ts`. */
export const cmLimits = {
  /** One probe; those of a check run at the same time. */
  probeDeadlineMs: 5_000,
  /** Checks that wait for the one under way; a further one drops the oldest, of which nothing is known then. */
  waitingChecks: 8,
  /** WAN_IP: from an unanswered check to the next. */
  wanRetryMs: 2_000,
  /** A family found unreachable so often in a row is blocked, where another uplink can take over. */
  failuresToBlock: 2,
  /** Blocked for this and a random time of 30 to 60 s. */
  blockMs: 30_000,
  blockJitterMinMs: 30_000,
  blockJitterMaxMs: 60_000,
  /** Route metric of a blocked uplink. */
  blockedMetric: 999,
  /** An interface that is restarted stays off for so long: longer than NM gathers changes. */
  interfaceOffMs: 2_000,
  /** A skipped restart of the managers counts once in this time; a gap of more such times counts as one. */
  skipIntervalMs: 120_000,
  skipIntervals: 5,
  /** A leaf's Ethernet port without DHCP server joins the LAN after this: with a connection to the cloud, and without. */
  ethernetShortDelayMs: 5_000,
  ethernetLongDelayMs: 128_000,
  /** Happy eyeballs: head start of the family that is preferred; addresses of one family that race; end of the race. */
  raceHeadStartMs: 250,
  raceAddresses: 4,
  raceDeadlineMs: 5_000,
  /** Outages kept, in `Uplink_Events` and in persistent storage. */
  uplinkEvents: 64,
  /** Deletions of outages by others are gathered for so long before flash is written. */
  uplinkEventsDebounceMs: 500,
  /** Bytes of a stored event log; a larger one is not ours. */
  uplinkEventsBytes: 32_768,
  /** Uplink rows, and STA interfaces, that CM looks at. */
  uplinks: 64,
  backhauls: 8,
  /** A tunnel's and an interface's name (IFNAMSIZ without its NUL). */
  interfaceNameLength: 15,
} as const;
