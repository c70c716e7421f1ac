/** Bounds of cloudless operation. Times in milliseconds, sizes in bytes. */
export const gwOfflineLimits = {
  /** Rows kept of one table. */
  rowsPerKey: 1_024,
  /** A stored value that is larger is not read. */
  valueBytes: 4 * 1024 * 1024,
  /** Parts that the database may refuse before restoring is given up. */
  refusedParts: 64,
  /** Reasons that are named in the log and in the dump for one event. */
  namedReasons: 16,
  /** What the store has refused is tried again after this. */
  storeRetryMs: 5 * 60_000,
} as const;
