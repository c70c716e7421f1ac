/** A broker in memory: takes and confirms, or does not, as a test says. */

import type { BrokerAddress } from "../connection.ts";
import type { MqttConnection, MqttConnector, MqttHandlers } from "../connector.ts";
import type { Qos } from "../settings.ts";

export interface Received {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
}

interface Waiting extends Received {
  readonly settle: (error?: Error) => void;
}

export class FakeBroker implements MqttConnector {
  /** To what is there to come: `silent` takes connections and says nothing, `hang up` ends them on a publish. */
  mode: "accept" | "refuse" | "silent" = "accept";
  /** Whether it confirms what is published. */
  confirms = true;
  /** Hangs up at a message for which this says so. */
  hangsUpAt: (message: Received) => boolean = () => false;
  /** Confirmed messages. */
  readonly received: Received[] = [];
  readonly attempts: { readonly address: BrokerAddress; readonly clientId: string }[] = [];
  /** Most messages that were under way at a time. */
  mostWaiting = 0;
  #waiting: Waiting[] = [];
  #handlers: MqttHandlers | undefined;

  /** Messages that are not confirmed yet. */
  get waiting(): readonly Received[] {
    return this.#waiting;
  }

  get isConnected(): boolean {
    return this.#handlers !== undefined;
  }

  connect(address: BrokerAddress, clientId: string, handlers: MqttHandlers): MqttConnection {
    this.attempts.push({ address, clientId });
    let open = true;
    queueMicrotask(() => {
      if (!open || this.mode === "silent") return;
      if (this.mode === "refuse") {
        open = false;
        handlers.closed("connection refused");
        return;
      }
      this.#handlers = {
        connected() {},
        closed: (reason) => {
          open = false;
          handlers.closed(reason);
        },
      };
      handlers.connected();
    });
    return {
      publish: (topic, payload, qos) =>
        open ? this.#take({ topic, payload, qos }) : Promise.reject(new Error("gone")),
      end: async () => {
        if (!open) return;
        open = false;
        this.#handlers = undefined;
        this.#reject();
      },
    };
  }

  /** Ends the connection, as a broker that is restarted does. */
  hangUp(reason = "the broker closed the connection"): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    handlers?.closed(reason);
    this.#reject();
  }

  confirmAll(): void {
    for (const { settle, ...message } of this.#waiting.splice(0)) {
      this.received.push(message);
      settle();
    }
  }

  #take(message: Received): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...message, settle: (error) => (error ? reject(error) : resolve()) });
      this.mostWaiting = Math.max(this.mostWaiting, this.#waiting.length);
      queueMicrotask(() => {
        if (this.#waiting.some((waiting) => this.hangsUpAt(waiting))) this.hangUp();
        else if (this.confirms) this.confirmAll();
      });
    });
  }

  #reject(): void {
    for (const { settle } of this.#waiting.splice(0)) settle(new Error("the connection ended"));
  }
}
