/** Takes messages in, whichever way they come, and says what became of them: what QM's responses tell. */

import type { Clock } from "@opensync-ts/base/clock";
import type { QmResponse } from "@opensync-ts/telemetry/qm-frame";
import { topicProblem } from "@opensync-ts/telemetry/topics";
import type { Complaints } from "../complaints.ts";
import type { OutboxError, OutboxMessage } from "../outbox.ts";
import type { ConnectionMachine } from "./connection.ts";
import { errorsIn, type QmCounters } from "./counters.ts";
import { qmLimits } from "./limits.ts";
import type { LogBuffer } from "./log-buffer.ts";
import type { Publisher } from "./publisher.ts";
import type { MessageQueue, QueuedMessage } from "./queue.ts";

export interface IntakeOptions {
  readonly clock: Clock;
  readonly complaints: Complaints;
  readonly counters: QmCounters;
  readonly queue: MessageQueue;
  readonly logBuffer: LogBuffer;
  readonly publisher: Publisher;
  readonly connectionState: () => ConnectionMachine["state"];
}

/** A response without what belongs to the request. */
export type QmStatus = Omit<QmResponse, "sequence" | "response" | "error" | "flags">;

export class Intake {
  readonly #options: IntakeOptions;
  readonly #startedAt: number;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** `NONE`: it is QM's now. */
  take(message: OutboxMessage): OutboxError {
    const { counters, queue, logBuffer, publisher } = this.#options;
    const { dataType, data, topic } = message;
    if (data.length === 0) return "NONE";
    if (dataType === "LOG") {
      logBuffer.append(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
      return "NONE";
    }
    const problem = topic === undefined || topic === "" ? undefined : topicProblem(topic);
    if (problem !== undefined) return this.#refuse(message, "INVALID", problem);
    if (data.length > qmLimits.queueBytes) {
      return this.#refuse(message, "QUEUE", `${data.length} bytes, at most ${qmLimits.queueBytes}`);
    }
    const queued = queuedOf(message, dataType);
    if (message.sendDirect) {
      const error = publisher.direct(queued);
      if (error === "SEND") this.#refuse(message, error, "not connected, or too much under way, and not to be queued");
      else if (error === "NONE") counters.accepted++;
      return error;
    }
    queue.push(queued);
    counters.accepted++;
    return "NONE";
  }

  /** A frame or a client that is turned away before it is a message. `kind`: what is counted together in the log. */
  turnAway(kind: string, text: string): void {
    this.#options.counters.refused++;
    this.#options.complaints.say(text, kind);
  }

  status(): QmStatus {
    const { clock, counters, queue, logBuffer, connectionState } = this.#options;
    const state = connectionState();
    return {
      connection: state === "CONNECTED" || state === "NO_CONF" ? state : "DISCONNECTED",
      queueLength: queue.length,
      queueBytes: queue.bytes,
      queueDropped: queue.dropped,
      logBytes: logBuffer.bytes,
      logDropped: logBuffer.dropped,
      sentMessages: counters.sent,
      sentBytes: counters.sentBytes,
      errors: errorsIn(counters),
      runtimeSeconds: Math.floor((clock.now() - this.#startedAt) / 1_000),
    };
  }

  #refuse({ sender, dataType }: OutboxMessage, error: OutboxError, reason: string): OutboxError {
    this.turnAway(`message ${error}`, `${dataType} message of '${sender}' refused: ${reason}`);
    return error;
  }
}

function queuedOf(message: OutboxMessage, kind: "STATS" | "RAW" | "TEXT"): QueuedMessage {
  const { sender, topic, qos, compression = "configured", data } = message;
  return {
    sender,
    kind,
    ...(topic !== undefined && topic !== "" && { topic }),
    ...(qos !== undefined && { qos }),
    compression,
    data,
  };
}
