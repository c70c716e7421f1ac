/** How long packets to and from the hosts behind the interfaces of a device take. */

import type { Mac } from "@opensync-ts/base/units";

export interface LatencySource {
  /** Starts to measure for one consumer; others do not disturb what it counts. Throws where it cannot. */
  start(request: LatencyRequest): LatencyMeter;
}

export interface LatencyRequest {
  /** Tell packets apart by their DSCP. */
  readonly perDscp: boolean;
}

export interface LatencyMeter {
  /** Hosts that have had packets since the last poll, or since the start. May reject; whoever asks sets the deadline. */
  poll(): Promise<readonly LatencyReading[]>;
  /** Idempotent. */
  stop(): void;
}

/** One per interface, host, and DSCP where that was asked for. Times in ms. */
export interface LatencyReading {
  readonly ifName: string;
  readonly mac: Mac;
  /** 0 to 63; absent where it was not asked for, or where the packets have none. */
  readonly dscp?: number;
  readonly least: number;
  readonly most: number;
  readonly average: number;
  /** Of the last packet. */
  readonly last: number;
  readonly packets: number;
}
