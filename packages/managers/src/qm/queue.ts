/**
 * What waits to be published: at most 200 messages and 2 MiB, first in, first out. When it is full the oldest go. A message
 * stays in it, and counts, until the broker has confirmed it.
 */

import { qmLimits } from "./limits.ts";
import type { Qos } from "./settings.ts";

export interface QueuedMessage {
  /** Who handed it in, for the log. */
  readonly sender: string;
  /** `STATS` are still to be merged; `REPORT` is what came of that, to be published as it is. */
  readonly kind: "STATS" | "RAW" | "TEXT" | "REPORT";
  /** By default the configured one. */
  readonly topic?: string;
  /** By default the configured one. */
  readonly qos?: Qos;
  readonly compression: "configured" | "disable" | "force";
  readonly data: Uint8Array;
}

export class QueueEntry {
  readonly message: QueuedMessage;
  /** On its way to the broker. */
  inFlight = false;
  /** Dropped from the queue while on its way: lost only if it does not arrive. */
  pushedOut = false;
  /** How often the broker hung up at it, and how many messages it had confirmed the first time. */
  hangUps = 0;
  confirmedBefore = 0;

  constructor(message: QueuedMessage) {
    this.message = message;
  }

  get bytes(): number {
    return this.message.data.length;
  }
}

export class MessageQueue {
  readonly #onDrop: (message: QueuedMessage) => void;
  #entries: QueueEntry[] = [];
  #bytes = 0;
  #dropped = 0;

  /** `onDrop`: for each message that is lost because the queue was full. */
  constructor(onDrop: (message: QueuedMessage) => void = () => {}) {
    this.#onDrop = onDrop;
  }

  get length(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Messages lost because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** In the order in which they are to be published. */
  get entries(): readonly QueueEntry[] {
    return [...this.#entries];
  }

  /** False for a message that is larger than the queue; nothing else is dropped for it. */
  push(message: QueuedMessage): boolean {
    if (message.data.length > qmLimits.queueBytes) return false;
    this.#makeRoom(1, message.data.length);
    this.#entries.push(new QueueEntry(message));
    this.#bytes += message.data.length;
    return true;
  }

  /** Puts what was merged in the place of what it was merged from: behind earlier reports, before everything else. */
  replace(entries: readonly QueueEntry[], reports: readonly QueuedMessage[]): void {
    for (const entry of entries) this.remove(entry);
    const first = this.#entries.findIndex(({ message }) => message.kind !== "REPORT");
    this.#entries.splice(first < 0 ? this.#entries.length : first, 0, ...reports.map((one) => new QueueEntry(one)));
    for (const { data } of reports) this.#bytes += data.length;
    this.#makeRoom(0, 0);
  }

  /** The broker has it, or it is given up. */
  remove(entry: QueueEntry): void {
    const index = this.#entries.indexOf(entry);
    if (index < 0) return;
    this.#entries.splice(index, 1);
    this.#bytes -= entry.bytes;
  }

  /** It did not arrive, and is in the queue as before, unless it was pushed out meanwhile. */
  giveBack(entry: QueueEntry): void {
    entry.inFlight = false;
    if (!entry.pushedOut) return;
    entry.pushedOut = false;
    this.#drop(entry);
  }

  /** The others go first. */
  moveToBack(entry: QueueEntry): void {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) this.#entries.push(...this.#entries.splice(index, 1));
  }

  #makeRoom(messages: number, bytes: number): void {
    while (
      this.#entries.length > 0 &&
      (this.#entries.length + messages > qmLimits.queueMessages || this.#bytes + bytes > qmLimits.queueBytes)
    ) {
      const [oldest] = this.#entries.splice(0, 1);
      if (!oldest) return;
      this.#bytes -= oldest.bytes;
      if (oldest.inFlight) oldest.pushedOut = true;
      else this.#drop(oldest);
    }
  }

  #drop({ message }: QueueEntry): void {
    this.#dropped++;
    this.#onDrop(message);
  }
}
