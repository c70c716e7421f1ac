/**
 * Reports on their way to QM (`dppline`): first in, first out, bounded in number and size, packed into payloads that brokers take. What
 * QM cannot take now stays, and goes with what comes next.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { encodeReport } from "@opensync-ts/telemetry/report";
import type { OutboxError, OutboxService } from "../../outbox.ts";
import type { ReportItem } from "./collector.ts";
import type { Drops } from "./drops.ts";
import { statsLimits } from "./limits.ts";
import { emptySize, type Part, partsOf, reportOf } from "./parts.ts";

interface ReportQueueOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeId: string;
  readonly outbox: OutboxService;
  readonly drops: Drops;
}

export class ReportQueue {
  readonly #options: ReportQueueOptions;
  /** What a payload has room for besides the name of the node. */
  readonly #room: number;
  readonly #parts: Part[] = [];
  #bytes = 0;
  #sent = { payloads: 0, bytes: 0 };
  #error: OutboxError = "NONE";
  #retry: Timer | null = null;

  constructor(options: ReportQueueOptions) {
    this.#options = options;
    this.#room = statsLimits.payload - emptySize(options.nodeId);
  }

  get summary(): string {
    const { payloads, bytes } = this.#sent;
    const error = this.#error === "NONE" ? "" : `, QM: ${this.#error}`;
    return `${this.#parts.length} reports (${this.#bytes} bytes) wait${error}; ${payloads} payloads (${bytes} bytes) sent`;
  }

  /** Takes what collectors made for the row `where`. The messages are not changed afterwards. */
  push(items: readonly ReportItem[], where: string): void {
    const { drops } = this.#options;
    for (const item of items) {
      const { parts, lost } = partsOf(item, this.#room);
      if (lost > 0) drops.count("oversized elements", where, lost);
      for (const part of parts) this.#add(part);
    }
  }

  /** Sends all there is, in as few payloads as they fit in, until QM does not take one. */
  drain(): void {
    this.#retry?.cancel();
    this.#retry = null;
    while (this.#parts.length > 0) {
      const count = this.#fitting();
      const data = this.#pack(count);
      this.#error = this.#options.outbox.send({ sender: "OW", dataType: "STATS", data });
      if (this.#error !== "NONE" && this.#error !== "INVALID") {
        this.#retryLater();
        return;
      }
      this.#removeFirst(count);
      if (this.#error === "INVALID") {
        this.#error = "NONE";
        this.#options.drops.count("refused payloads", "QM says INVALID");
        continue;
      }
      this.#sent.payloads++;
      this.#sent.bytes += data.length;
      this.#options.log.debug(() => `ow: stats: sent ${count} reports in ${data.length} bytes`);
    }
  }

  stop(): void {
    this.#retry?.cancel();
  }

  #add(part: Part): void {
    this.#parts.push(part);
    this.#bytes += part.bytes;
    if (!this.#isFull) return;
    // Many at a time are no reason to lose one that QM would take.
    if (this.#error === "NONE") this.drain();
    let dropped = 0;
    for (; this.#isFull; dropped++) this.#removeFirst(1);
    if (dropped > 0) this.#options.drops.count("queued reports", "the queue is full", dropped);
  }

  get #isFull(): boolean {
    return this.#parts.length > statsLimits.queuedItems || this.#bytes > statsLimits.queuedBytes;
  }

  /** How many from the front fill a payload; the first one always fits. */
  #fitting(): number {
    let count = 0;
    let bytes = 0;
    for (const part of this.#parts) {
      bytes += part.bytes;
      if (bytes > this.#room) break;
      count++;
    }
    return count;
  }

  #pack(count: number): Uint8Array {
    const items = this.#parts.slice(0, count).map(({ item }) => item);
    return encodeReport(reportOf(this.#options.nodeId, items));
  }

  #removeFirst(count: number): void {
    for (const { bytes } of this.#parts.splice(0, count)) this.#bytes -= bytes;
  }

  #retryLater(): void {
    const { clock, log } = this.#options;
    log.debug(() => `ow: stats: QM says ${this.#error}; ${this.#parts.length} reports wait`);
    this.#retry = clock.setTimer(statsLimits.resend, () => this.drain());
  }
}
