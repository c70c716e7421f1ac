/** Every bound and delay of the managers, by name. Times in milliseconds unless the name says otherwise. */
export const managerLimits = {
  /** A manager that has not said by then that it serves has hung. */
  startDeadlineMs: 10_000,
  /** A manager that has not ended by then is abandoned: its context is dead already. */
  stopDeadlineMs: 1_000,
  /** DM: after a crash (a process killed by a signal). */
  restartDelayAfterCrashMs: 5_000,
  /** DM: after a manager gave up by itself (exit status other than 0), and in a crash loop. */
  restartDelayAfterExitMs: 60_000,
  /** So many ends on its own within the window are a crash loop. */
  crashLoopCount: 5,
  crashLoopWindowMs: 10 * 60_000,
  /** Records kept in `Reboot_Status`. */
  rebootRecords: 64,
  /** The same complaint is logged once in this time, and of all together so many lines. */
  complaintSilenceMs: 60_000,
  complaintLines: 20,
  /** Kinds of complaints that are remembered. */
  complaintKinds: 512,
  /** CM: one attempt to resolve a name. */
  resolveDeadlineMs: 20_000,
  /** CM: addresses of one family kept of an answer. */
  resolvedAddresses: 16,
  /** CM: changes of state within one event; more are a fault of the machine. */
  statesPerEvent: 32,
} as const;
