/** Bounds of QM. Times in milliseconds, sizes in bytes, unless the name says otherwise. */
export const qmLimits = {
  /** Of the queue; the oldest messages are dropped until a new one fits. A message larger than the queue is refused. */
  queueMessages: 200,
  queueBytes: 2 * 1024 * 1024,
  /** Of the text of log lines that wait. */
  logBytes: 100 * 1024,
  /** Of one line of this node's own log, with its line break, characters. */
  logLine: 1_023,
  /** Published together, before the broker has confirmed the first; one message may be larger. */
  windowMessages: 16,
  windowBytes: 256 * 1024,
  /** Messages published past the queue that the broker has not confirmed. */
  directMessages: 16,
  directBytes: 2 * 1024 * 1024,
  /** The broker must have confirmed what was published within this, and a second more for each `bytesPerSecond`. */
  publishDeadline: 30_000,
  bytesPerSecond: 8 * 1024,
  /** A message at which the broker hung up so often makes way; and goes, when others got through meanwhile. */
  hangUps: 3,
  /** Name, TCP, TLS and CONNACK together. */
  connectDeadline: 30_000,
  /** Pauses between attempts to connect: doubling, the second half of each by chance. */
  backoff: 1_000,
  maxBackoff: 60_000,
  /** A connection that lasted so long was a good one: the next pause is short again. */
  stableConnection: 30_000,
  keepAliveSeconds: 180,
  /** Of one packet of the broker: it has nothing to send but confirmations. */
  inboundPacket: 4 * 1024,
  /** A connection has so long for its farewell. */
  farewell: 500,
  /** Of the local socket; more may knock at the same time than are let in. */
  clients: 20,
  backlog: 32,
  /** From the first byte of a frame to its last; and for a client to take its responses. */
  frameDeadline: 10_000,
  /** Of responses that a client has not taken; nothing more of it is read then. */
  responseBytes: 64 * 1024,
  /** Of `mqtt_settings`: characters of a host name, and the longest interval (seconds). */
  hostName: 253,
  intervalSeconds: 86_400,
  /** Characters of a wrong value that are repeated in the log. */
  shownValue: 60,
  /** Characters of the reason for which a connection failed. */
  shownReason: 200,
  /** Characters of a header of `mqtt_headers`. */
  header: 128,
} as const;
