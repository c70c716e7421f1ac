/** Bounds of a node. Times in milliseconds, sizes in bytes. */
export const nodeLimits = {
  /** A log file is put aside when it would grow past this. */
  logFileBytes: 4 * 1024 * 1024,
  /** Log files kept besides the current one. */
  oldLogFiles: 2,
  /** A profile larger than this is none. */
  profileBytes: 64 * 1024,
  /** Each part of a node has this long to end. */
  stopDeadlineMs: 1_500,
} as const;
