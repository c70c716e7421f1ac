/** What SM has for the cloud, until QM takes it. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Complaints } from "../complaints.ts";
import type { Outbox, OutboxMessage } from "../outbox.ts";
import { flushPeriods, waitingPayloads } from "./limits.ts";

export interface OutgoingOptions {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly complaints: Complaints;
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #waiting: OutboxMessage[] = [];
  #period: number = flushPeriods[1];
  #timer: Timer | undefined;
  #stopped = false;
  #sent = 0;
  #dropped = 0;
  #refused = 0;

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** The reporting intervals that are in use, in ms. */
  set intervals(intervals: readonly number[]) {
    const [least, most] = flushPeriods;
    this.#period = Math.max(least, Math.min(most, ...intervals.map((each) => each / 10)));
  }

  add(message: OutboxMessage): void {
    if (this.#stopped) return;
    this.#waiting.push(message);
    // Many at a time are no reason to lose one that QM would take.
    if (this.#waiting.length > waitingPayloads) this.#flush();
    if (this.#waiting.length > waitingPayloads) {
      this.#waiting.shift();
      this.#dropped++;
      this.#options.complaints.say(
        `nobody takes reports: the oldest of more than ${waitingPayloads} is dropped; enable qm in Node_Services`,
      );
    }
    if (this.#waiting.length > 0) this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#waiting.length = 0;
  }

  dump(): string {
    const counts = `${this.#sent} sent, ${this.#dropped} dropped, ${this.#refused} refused`;
    return `outgoing: ${this.#waiting.length} waiting, ${counts}, every ${this.#period} ms`;
  }

  #arm(): void {
    this.#timer ??= this.#options.clock.setTimer(this.#period, () => {
      this.#timer = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const error = this.#options.outbox.send(next);
      if (error === "CONNECT" || error === "GENERAL") {
        // There is no QM now, or it is about to be started anew.
        this.#arm();
        return;
      }
      this.#waiting.shift();
      if (error === "NONE") {
        this.#sent++;
      } else {
        this.#refused++;
        const why = error === "SEND" ? "the broker is not connected" : "see what it logs";
        this.#options.complaints.say(`qm did not take a report (${error}): ${why}; the report is lost`);
      }
    }
  }
}
