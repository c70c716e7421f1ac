/**
 * Publishes what is queued, tick by tick, while there is a connection. A message leaves the queue when the broker has
 * confirmed it; when the connection ends before, it is published again, the same bytes: every message arrives at least
 * once. What confirms a message of QoS 0 is the answer to a ping that was sent after it: the broker had read it by then.
 * That is all that QoS 0 can promise; a broker that falls before it passes the message on loses it.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import { logTopic, topicProblem } from "@opensync-ts/telemetry/topics";
import type { Complaints } from "../complaints.ts";
import type { OutboxError } from "../outbox.ts";
import type { MqttConnection } from "./connector.ts";
import type { QmCounters } from "./counters.ts";
import { qmLimits } from "./limits.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { groupsOf, mergedReports, type Publication, type Publishing, publicationOf } from "./payloads.ts";
import type { MessageQueue, QueuedMessage, QueueEntry } from "./queue.ts";

export interface PublisherOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly complaints: Complaints;
  readonly counters: QmCounters;
  readonly queue: MessageQueue;
  readonly logBuffer: LogBuffer;
  readonly unitId: string;
  readonly publishing: () => Publishing;
  /** The broker has not confirmed in time: the connection is of no use. */
  readonly stalled: () => void;
}

export class Publisher {
  readonly #options: PublisherOptions;
  #connection: MqttConnection | null = null;
  /** The connection that the broker ended last. */
  #hungUp: MqttConnection | null = null;
  #publishing = false;
  /** A tick found no connection, or did not get through: it is made up for as soon as there is one. */
  #missed = false;
  /** After the broker has hung up, one message at a time, to learn at which. */
  #careful = false;
  readonly #direct = new Set<Publication>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  attach(connection: MqttConnection): void {
    this.#connection = connection;
    if (this.#missed) this.tick();
  }

  /** `hungUp`: by the broker. Before what was under way is rejected. */
  detach(hungUp: boolean): void {
    if (hungUp) this.#hungUp = this.#connection;
    this.#connection = null;
  }

  /** Publishes all that is queued now. */
  tick(): void {
    if (this.#publishing) return;
    const connection = this.#connection;
    this.#missed = connection === null;
    if (!connection) return;
    this.#publishing = true;
    void this.#publishQueue(connection)
      .then((complete) => {
        if (complete) this.#careful = false;
        else this.#missed = true;
      })
      .finally(() => {
        this.#publishing = false;
        // Another connection may have come meanwhile.
        if (this.#missed && this.#connection && this.#connection !== connection) this.tick();
      });
  }

  /** Publishes at once, past the queue. What was taken and does not arrive is queued: late, not lost. */
  direct(message: QueuedMessage): OutboxError {
    const connection = this.#connection;
    if (!connection) return "SEND";
    const messages = message.kind === "STATS" ? this.#merge([message]) : [message];
    const publications = messages.map((one) => publicationOf(one, this.#options.publishing()));
    if (publications.length === 0) return "INVALID";
    const bytes = [...this.#direct].reduce((sum, { payload }) => sum + payload.length, 0) + message.data.length;
    if (this.#direct.size + publications.length > qmLimits.directMessages || bytes > qmLimits.directBytes)
      return "SEND";
    for (const [index, publication] of publications.entries()) {
      const queued = messages[index];
      if (publication && queued) void this.#publishDirect(connection, publication, queued);
    }
    return "NONE";
  }

  publishLog(): void {
    const { logBuffer, unitId, complaints } = this.#options;
    const connection = this.#connection;
    const topic = logTopic(unitId);
    const problem = topicProblem(topic);
    if (problem !== undefined) complaints.say(`remote log: '${topic}': ${problem}; nothing is published`, "log topic");
    if (!connection || problem !== undefined) return;
    const text = logBuffer.take();
    if (text === undefined) return;
    const payload = Buffer.from(text);
    void this.#confirmed(connection, { topic, payload, qos: 0 }, payload.length).then((arrived) =>
      logBuffer.settle(arrived),
    );
  }

  async #publishQueue(connection: MqttConnection): Promise<boolean> {
    const { queue } = this.#options;
    this.#mergeQueued();
    const batch = new Set(queue.entries);
    while (this.#connection === connection) {
      const window = this.#window(queue.entries.filter((entry) => batch.has(entry)));
      if (window.length === 0) return true;
      if (!(await this.#publishWindow(connection, window))) return false;
    }
    return false;
  }

  /** Puts reports in the place of the `STATS` in the queue. */
  #mergeQueued(): void {
    const { queue } = this.#options;
    const stats = queue.entries.filter(({ message }) => message.kind === "STATS");
    for (const group of groupsOf(stats)) queue.replace(group, this.#merge(group.map(({ message }) => message)));
  }

  #merge(messages: readonly QueuedMessage[]): readonly QueuedMessage[] {
    const { counters, complaints, publishing } = this.#options;
    const { reports, undecodable, oversized } = mergedReports(messages, publishing());
    for (const { index, reason } of undecodable) {
      counters.undecodable++;
      complaints.say(`report of '${messages[index]?.sender}' dropped: ${reason}`, "undecodable");
    }
    for (const { field, bytes } of oversized) {
      counters.oversized++;
      const fix = "report less at a time, or set mqtt_settings compress to zlib";
      complaints.say(
        `a record of '${field}' is dropped: ${bytes} bytes are more than brokers take; ${fix}`,
        "oversized",
      );
    }
    return reports;
  }

  #window(entries: readonly QueueEntry[]): readonly QueueEntry[] {
    const most = this.#careful ? 1 : qmLimits.windowMessages;
    let bytes = 0;
    const end = entries.slice(0, most).findIndex((entry, index) => {
      bytes += entry.bytes;
      return index > 0 && bytes > qmLimits.windowBytes;
    });
    return entries.slice(0, end < 0 ? most : end);
  }

  async #publishWindow(connection: MqttConnection, window: readonly QueueEntry[]): Promise<boolean> {
    const { queue, publishing } = this.#options;
    const bytes = window.reduce((sum, entry) => sum + entry.bytes, 0);
    const arrived = await Promise.all(
      window.map((entry) => {
        entry.inFlight = true;
        const publication = publicationOf(entry.message, publishing());
        return publication ? this.#confirmed(connection, publication, bytes) : false;
      }),
    );
    for (const [index, entry] of window.entries()) {
      if (arrived[index]) queue.remove(entry);
      else queue.giveBack(entry);
    }
    const complete = !arrived.includes(false);
    if (!complete && this.#hungUp === connection) {
      const [alone] = window;
      if (this.#careful && alone) this.#blame(alone);
      this.#careful = true;
    }
    return complete;
  }

  /** The broker hung up at this message and at no other. */
  #blame(entry: QueueEntry): void {
    const { queue, counters, complaints } = this.#options;
    if (entry.hangUps++ === 0) entry.confirmedBefore = counters.sent;
    if (entry.hangUps < qmLimits.hangUps) return;
    if (counters.sent === entry.confirmedBefore) {
      queue.moveToBack(entry);
      return;
    }
    queue.remove(entry);
    counters.rejected++;
    const what = `message of '${entry.message.sender}' (${entry.bytes} bytes, topic '${entry.message.topic ?? "default"}')`;
    complaints.say(`${what} dropped: the broker hangs up at it, and takes others; see what its log says`, "rejected");
  }

  async #publishDirect(connection: MqttConnection, publication: Publication, message: QueuedMessage): Promise<void> {
    this.#direct.add(publication);
    const arrived = await this.#confirmed(connection, publication, publication.payload.length);
    this.#direct.delete(publication);
    if (arrived) return;
    this.#options.queue.push(message);
    this.#missed = true;
  }

  /** Whether the broker has it. `bytes`: all that is under way with it. */
  async #confirmed(connection: MqttConnection, publication: Publication, bytes: number): Promise<boolean> {
    const { clock, counters, log, unitId, stalled } = this.#options;
    const { topic, payload, qos } = publication;
    const deadline = qmLimits.publishDeadline + (1_000 * bytes) / qmLimits.bytesPerSecond;
    const timer = clock.setTimer(deadline, () => {
      if (this.#connection === connection) stalled();
    });
    try {
      await connection.publish(topic, payload, qos);
      counters.sent++;
      counters.sentBytes += payload.length;
      // A line about the publication of lines would be one to publish.
      if (topic !== logTopic(unitId)) log.debug(() => `published ${payload.length} bytes to '${topic}', qos ${qos}`);
      return true;
    } catch {
      counters.failed++;
      return false;
    } finally {
      timer.cancel();
    }
  }
}
