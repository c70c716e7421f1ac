/** Every bound of the command, each with what happens at it. */

export const limits = {
  /** Characters of one expression; longer is a usage error. */
  maxExpression: 4095,
  /** Columns of one command; more is a usage error. */
  maxColumns: 256,
  /** Milliseconds until a connection must stand; then the command fails. */
  connectTimeoutMs: 5_000,
  /** Milliseconds for a reply, `wait` aside; then the command fails. */
  replyTimeoutMs: 30_000,
  /** Milliseconds that the reply to a `wait` may come later than its own timeout. */
  waitGraceMs: 5_000,
  /** Bytes that `printf` may print for one row; more fails. */
  maxPrintf: 16 * 1024 * 1024,
} as const;

/** How long `wait` waits unless `-t` says otherwise, milliseconds. */
export const defaultWaitMs = 60_000;
