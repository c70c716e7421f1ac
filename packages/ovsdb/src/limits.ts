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

/** Transactions remembered for clients that come back (`monitor_cond_since`); the oldest are forgotten beyond either bound. */
export const historyLimits = {
  maxTransactions: 4096,
  /** About so much memory may they hold on to. */
  maxBytes: 8 * 1024 * 1024,
} as const;

/** Database files. Sizes are bytes. */
export const storageLimits = {
  /** One record (a compacted database is one); a file with a longer one is refused as damaged. */
  maxRecordBytes: 1024 * 1024 * 1024,
  /** Of the buffer in which records are made, and which is kept for the next ones. */
  encoderBytes: 1024 * 1024,
  /** Changed sets and maps with more elements are written as differences. */
  wholeDatumElements: 64,
  /** A file is compacted when it exceeds this, and `compactFactor` times its size after the last compaction. */
  compactMinBytes: 10 * 1024 * 1024,
  compactFactor: 4,
  /** At least so long between two attempts at a compaction, ms. */
  compactRetryMs: 1000,
  /** Rows, and bytes of them, encoded at a time while compacting, before other work has its turn. */
  compactSliceRows: 100,
  compactSliceBytes: 128 * 1024,
  /** Rounds of catching up with commits made during a compaction, before the files are switched with what is left to write. */
  compactRounds: 4,
} as const;

/** Clients. Times are milliseconds. */
export const clientLimits = {
  /** Rounds of "update, else insert" before an upsert gives up because others keep changing the row. */
  upsertAttempts: 8,
  /** The first pause before a client that reconnects tries again; it doubles with each round of failures… */
  minBackoffMs: 1000,
  /** …up to this, where the client does not say otherwise. */
  maxBackoffMs: 30_000,
  /** A connection that lasted so long was a good one: the pauses begin anew when it is lost. */
  stableMs: 5000,
  /** Silence after which a client that reconnects asks the server for a sign of life, where it does not say otherwise. */
  inactivityProbeMs: 5000,
  /** Transactions that wait for a connection; a further one is refused. */
  maxWaitingTransactions: 1024,
  /** Different schemas of peers remembered, and peers of whom it is remembered which they have; the ones met longest ago go first. */
  maxKnownSchemas: 64,
  maxKnownPeers: 16_384,
  /** Known schemas that a peer is tried with before it is asked for its own. */
  schemaGuesses: 3,
  /** A schema that lacks more than this of what is asked for is asked for at once: proof of it would be as long. */
  maxSchemaProofs: 128,
  /** How often a browser's WebSocket is looked at while it has bytes to send. */
  webSocketPollMs: 20,
} as const;

/** Replicas. */
export const replicaLimits = {
  /** Different sets and maps of one column that are remembered, so that equal ones are one object; those met longest ago go first. */
  sharedValues: 64,
  /** Only where their JSON has at most so many characters (the channels of a radio have some 3,000). */
  sharedValueLength: 16_384,
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
  /** While this much waits for a connection, changes are merged row by row instead of being sent to its monitors one by one. */
  mergeUpdatesBytes: 1024 * 1024,
  /** Rows whose changes wait so; a connection with a monitor of more is cut off. */
  maxMergedRows: 100_000,
  /** Messages handled of one connection before the others have their turn… */
  messagesPerTurn: 64,
  /** …which comes earlier when handling them has taken so long (ms). */
  turnMs: 1,
  /** What arrives in one piece of at most so many bytes does not wait for the turn of larger ones, where connections take turns. */
  promptBytes: 8192,
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
  /** Connections to the control socket at a time; a further one is closed. */
  maxControlConnections: 32,
  /** How long a closed connection may take to read what was still sent to it. */
  closeGraceMs: 2000,
  /** How long a dialled connection may take, name resolution and TLS handshake included. */
  connectMs: 10_000,
  /** How long a reply to a client may take, where the client does not say otherwise. */
  requestMs: 30_000,
  /** The first pause before a remote is dialled again; it doubles with each failure… */
  minBackoffMs: 1000,
  /** …up to this, where `max_backoff` does not say otherwise. */
  maxBackoffMs: 8000,
  /** Silence after which a dialled peer is asked for a sign of life, where `inactivity_probe` does not say otherwise. */
  inactivityProbeMs: 5000,
  /** The least time between two writes of a remote's `status`; `is_connected` is written at once. */
  statusIntervalMs: 2500,
  /** How often the seconds in `status` are brought up to date. */
  statusRefreshMs: 10_000,
  /** Silence on an accepted TCP connection after which the system checks that the peer is there. */
  keepAliveMs: 60_000,
  /** TLS sessions that one who dials keeps to go on with. */
  maxTlsSessions: 16,
  /** How long a TLS peer may take for its handshake before it is dropped. */
  handshakeMs: 10_000,
  /** Connections that the system holds until they are accepted; a start of all managers opens some 300 in a row. */
  listenBacklog: 512,
} as const;

export const watchdogLimits = {
  /** A server that crashes is started again at most once in this time. */
  restartIntervalMs: 10_000,
} as const;
