/** What QM has done so far; for its responses and its dump. */

export interface QmCounters {
  /** Messages taken from managers, without log lines. */
  accepted: number;
  /** Messages, frames and clients turned away. */
  refused: number;
  /** `STATS` that were no report. */
  undecodable: number;
  /** Records of reports, too large to publish. */
  oversized: number;
  /** Messages given up because the broker hangs up at them. */
  rejected: number;
  /** Messages, and bytes of their payloads, that the broker has confirmed. */
  sent: number;
  sentBytes: number;
  /** Publications that did not arrive and were put back. */
  failed: number;
  connections: number;
  /** Connections that the broker, or the network, ended. */
  lostConnections: number;
}

export function newCounters(): QmCounters {
  return {
    accepted: 0,
    refused: 0,
    undecodable: 0,
    oversized: 0,
    rejected: 0,
    sent: 0,
    sentBytes: 0,
    failed: 0,
    connections: 0,
    lostConnections: 0,
  };
}

/** Everything that went wrong, as one number. */
export function errorsIn(counters: QmCounters): number {
  const { refused, undecodable, oversized, rejected, failed } = counters;
  return refused + undecodable + oversized + rejected + failed;
}
