/** Every bound and deadline of steering, in one place; times in milliseconds. */

export const steeringLimits = {
  /** What is kept: groups (`Band_Steering_Config` has up to 16 rows), clients, neighbours, BSSs that one station can be sent to. */
  groups: 16,
  clients: 1_024,
  neighbors: 1_024,
  candidates: 128,
  /** Stations whose channels are known, and how long that is kept after the last link: of one that was connected, of any other. */
  knownStations: 4_096,
  knownConnected: 7 * 24 * 3_600_000,
  knownHeard: 600_000,
  knownSweep: 60_000,
  /** Without news for so long, a signal is unknown. */
  snrAge: 10_000,
  /** Channels whose load is known. */
  channelLoads: 256,
  /** Timers of Node.js end at 25 days. */
  longestTimer: 24 * 3_600_000,
  /** Frames that wait for a radio, and how long a driver has to say that one has left. */
  frames: 64,
  frameAnswer: 5_000,
  /** Events of one station that wait for a decision; older ones are dropped. */
  waitingEvents: 64,

  /** Drivers report the links of a multi-link station one by one: an association is looked at so long after the last change. */
  associationDebounce: 100,
  /** … and this long after the first one at the latest. */
  associationWait: 2_000,

  /** An access point that is to go down is kept up for its stations so long. */
  vifDownGrace: 10_000,

  /** An attempt to move a client is over after this time, whatever has become of it. No block of an attempt lasts longer. */
  attempt: 30_000,
  /** A driver has so long to refuse the station before the attempt goes on without. */
  aclWait: 5_000,
  /** A client has so long to measure what it hears before it is moved. */
  measure: 2_000,
  /** A client that accepted a BTM request has so long to go. */
  accepted: 5_000,
  /** A client that was deauthenticated, or has gone, has so long to appear elsewhere. */
  settle: 5_000,
  /** Deauthentications in one attempt. */
  deauths: 2,
  /** Least and most between BTM requests, and how often one is repeated at most. */
  shortestRetry: 1_000,
  longestRetry: 10_000,
  retries: 8,
  /** Neighbours in one BTM request. */
  btmNeighbors: 16,
  /** Water marks do not send a station back to where it came from so lately, and how many of its moves are remembered. */
  returnHold: 300_000,
  /** … unless its signal is below this, dB: the guide's default of `lwm`. */
  urgentSnr: 10,
  moves: 4,
  /** A client that has been connected for so long and is weak is taken for weak, though it was never strong. */
  weakFromStart: 60_000,
  /** Without anywhere to go, a policy looks again after this time. */
  recheck: 30_000,
  /** Passes of policies and executor in one decision. */
  passes: 4,

  /** Attempts, signal levels and transitions kept for each station. */
  attemptHistory: 16,
  snrHistory: 32,
  transitions: 32,

  /** A pre-association block without a time-out of its own ends this long after the first rejection. */
  longestPreAssocBlock: 120_000,
  /** A client let in on its Authentication frame has so long to associate. */
  authBypass: 5_000,
  /** Back-off grows no further than this exponent. */
  backoffExponent: 10,
  longestBackoff: 24 * 3_600_000,

  /** A forced kick that waits for the client to be idle is given up after this time. */
  forceKickIdleWait: 600_000,
  /** Longest `cs_enforce_period`. */
  longestEnforcePeriod: 24 * 3_600_000,

  /** The window in which PPDUs are counted, its slices, and the count a minute below which a client is idle. */
  idleWindow: 180_000,
  idleSlice: 5_000,
  idlePpdusPerMinute: 200,

  /** Beacon reports kept of each station. */
  beaconReports: 64,
  /** Beacon requests after an association: the first one, and between them. */
  beaconRequestDelay: 5_000,
  beaconRequestGap: 1_000,
  beaconRequests: 16,
  /** A BTM response with a candidate list holds so long; candidates that a client refused are not offered again for so long. */
  btmResponseList: 10_000,
  btmRefusal: 300_000,
} as const;

/**
 * The longest that each executor may keep a client from being served, in milliseconds, and from when on that counts. A
 * client that is served stays so while it is asked, or refused elsewhere; it has no service once it has gone and everything that it hears refuses it.
 */
export const serviceBounds = {
  /** The ACL of an attempt, from its beginning, whatever becomes of it. */
  attempt: steeringLimits.attempt,
  /** The same, from when the client has gone (deauthenticated, or as it was asked to): that is seen, and it gets its time to appear elsewhere. */
  gone: steeringLimits.associationWait + steeringLimits.settle,
  /** Refusal before association, from the first probe request that was refused: the time-outs of the row, at most this. */
  preAssoc: steeringLimits.longestPreAssocBlock,
  /** `cs_mode`, from its beginning: `cs_enforce_period`, at most this. */
  clientSteering: steeringLimits.longestEnforcePeriod,
  /** An access point that goes down, from when its end is wanted. */
  vifDown: steeringLimits.vifDownGrace,
  /** From the end of a block in steering until a driver that works lets the client in. */
  driver: 5_000,
} as const;
