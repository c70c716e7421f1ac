/** How full the transmit queues of a radio are. */

import type { Capacity } from "./gen/opensync_stats_pb.ts";
import type { Fields } from "./message.ts";
import { type Band, bands } from "./names.ts";
import { counter, fromUint64, uint32, uint64 } from "./numbers.ts";

export interface CapacityReport {
  readonly band: Band;
  /** Wall clock, ms since 1970; 0 when the node did not say. */
  readonly timestampMs: number;
  readonly samples: readonly QueueSample[];
}

export interface QueueSample {
  readonly offsetMs: number;
  readonly busyTxPercent: number;
  readonly bytesTx: number;
  readonly sampleCount: number;
  /** Frames in the queue of each access category, of beacons, and after the beacon (CAB). */
  readonly vo: number;
  readonly vi: number;
  readonly be: number;
  readonly bk: number;
  readonly beacon: number;
  readonly cab: number;
}

export function capacityMessage(report: CapacityReport): Fields<Capacity> {
  return {
    band: bands.value(report.band),
    timestampMs: uint64(report.timestampMs),
    queueList: report.samples.map((sample) => ({
      busyTx: uint32(sample.busyTxPercent),
      bytesTx: uint32(sample.bytesTx),
      sampleCount: uint32(sample.sampleCount),
      VoCount: counter(sample.vo),
      ViCount: counter(sample.vi),
      BeCount: counter(sample.be),
      BkCount: counter(sample.bk),
      BcnCount: counter(sample.beacon),
      CabCount: counter(sample.cab),
      offsetMs: uint32(sample.offsetMs),
    })),
  };
}

export function capacityOf(message: Capacity): CapacityReport {
  return {
    band: bands.name(message.band),
    timestampMs: fromUint64(message.timestampMs),
    samples: message.queueList.map((sample) => ({
      offsetMs: sample.offsetMs,
      busyTxPercent: sample.busyTx,
      bytesTx: sample.bytesTx,
      sampleCount: sample.sampleCount,
      vo: sample.VoCount,
      vi: sample.ViCount,
      be: sample.BeCount,
      bk: sample.BkCount,
      beacon: sample.BcnCount,
      cab: sample.CabCount,
    })),
  };
}
