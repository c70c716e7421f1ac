/** How the managers of a process hand QM what is to go to the cloud: what its socket does, without the socket. */

import type { QmRequest, QmResponse } from "@opensync-ts/telemetry/qm-frame";

/** `data` is the receiver's from then on. */
export interface OutboxMessage {
  /** Names the manager in QM's counters and log. */
  readonly sender: string;
  /** `STATS` are whole `sts.Report`s, which QM merges; lines of `LOG` become one text. */
  readonly dataType: QmRequest["dataType"];
  /** By default the topic of `mqtt_settings`. */
  readonly topic?: string;
  readonly data: Uint8Array;
  /** By default the one of `mqtt_settings`. */
  readonly qos?: 0 | 1 | 2;
  readonly compression?: QmRequest["compression"];
  /** Publish at once or not at all. */
  readonly sendDirect?: boolean;
}

/** `NONE`: QM has it now. `CONNECT`: there is no QM at the moment; the rest is as on the socket. */
export type OutboxError = QmResponse["error"];

/** What QM offers to the others while it serves. */
export interface OutboxService {
  send(message: OutboxMessage): OutboxError;
}

export interface Outbox extends OutboxService {
  /** Becomes the receiver of everything, until the result is called or another one serves. */
  serve(service: OutboxService): () => void;
}

export class ProcessOutbox implements Outbox {
  #service: OutboxService | null = null;

  send(message: OutboxMessage): OutboxError {
    return this.#service?.send(message) ?? "CONNECT";
  }

  serve(service: OutboxService): () => void {
    this.#service = service;
    return () => {
      if (this.#service === service) this.#service = null;
    };
  }
}
