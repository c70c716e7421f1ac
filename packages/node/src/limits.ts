/** Bounds of a node. Times in milliseconds, sizes in bytes. */
export const nodeLimits = {
  /** A log file is put aside when it would grow past this. */
  logFileBytes: 4 * 1024 * 1024,
  /** Log files kept besides the current one. */
  oldLogFiles: 2,
  /** A profile larger than this is none. */
  profileBytes: 64 * 1024,
  /** A node ends within this time, all its parts together. */
  stopBudgetMs: 1_800,
  /** Of which every part has at least this much. */
  stopShareMs: 50,
  /** A path longer than this, in characters, is none. */
  pathLength: 1_024,
  /** A connection given up while packets vanish is still open for its peer at most this long. */
  abandonedConnectionMs: 120_000,
  /** Written to a connection whose packets vanish; beyond, it ends. */
  heldBytes: 4 * 1024 * 1024,
  /** From the wish to reboot to the first manager that ends. */
  lastWordsMs: 20,
  /** A device that fails to boot tries again after this. */
  bootRetryMs: 10_000,
  /** So much of a wrong address is repeated in an error, characters. */
  shownAddressLength: 100,
} as const;
