/** Every bound of the package, each with what happens at it. */

/** Engine: what one transaction or one error may take. */
export const engineLimits = {
  /** Operations in one transaction; more are refused before any is executed. */
  maxOperations: 100_000,
  /** Characters of offending JSON repeated in an error's `syntax` member; the rest is cut. */
  maxErrorSyntax: 4096,
  /** Rows below which a condition is checked against every row instead of through an index. */
  minIndexedRows: 16,
} as const;

/** Connections: what one peer may take. Sizes are bytes, times milliseconds. */
export const wireLimits = {
  /** The longest message taken from a peer (an OpenSync schema is some 120 KB); at a longer one the connection is closed. */
  maxMessageBytes: 64 * 1024 * 1024,
  /** The deepest nesting of a message (a schema has about 10 levels); at a deeper one the connection is closed. */
  maxDepth: 1000,
  /** A peer that does not read is cut off when this much waits for it and more is to be sent. */
  maxWaitingBytes: 64 * 1024 * 1024,
  /** Requests are not read from a connection while this much waits for it. */
  readPauseBytes: 1024 * 1024,
  /** Messages handled of one connection before the others have their turn. */
  messagesPerTurn: 16,
  /** Connections that one server serves; a further one is closed with a log line. */
  maxConnections: 4096,
  /** Monitors of one connection; a further one is refused. */
  maxMonitors: 4096,
  /** Transactions of one connection that wait (`wait`, RFC 7047 §5.2.6); a further one is refused. */
  maxBlockedTransactions: 1024,
  /** Locks that one connection holds or waits for; a further one is refused. */
  maxLocks: 1024,
  /** Requests of ours that one connection may leave unanswered; a further one is refused. */
  maxPendingRequests: 1024,
  /** How long a closed connection may take to read what was still sent to it. */
  closeGraceMs: 2000,
  /** How long a TLS peer may take for its handshake before it is dropped. */
  handshakeMs: 10_000,
  /** Connections that the system holds until they are accepted; a start of all managers opens some 300 in a row. */
  listenBacklog: 512,
} as const;
