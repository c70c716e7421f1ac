/** How QM reaches a broker: what it needs of MQTT, and nothing else, so that tests can be the broker. */

import type { BrokerAddress } from "./connection.ts";
import type { Qos } from "./settings.ts";

export interface MqttHandlers {
  /** The broker has accepted. */
  connected(): void;
  /** There is no connection, or no more; called once, and not after `end`. `reason` is for the log. */
  closed(reason: string): void;
}

export interface MqttConnection {
  /**
   * Resolves when the broker has the message: with QoS 1 and 2 when it has acknowledged it, with QoS 0 when it has
   * answered a ping that was sent after it, for it takes packets in their order. Rejects when the connection ends before:
   * the message may have arrived then, or not.
   */
  publish(topic: string, payload: Uint8Array, qos: Qos): Promise<void>;
  /** Says good-bye where it can, and is gone for good. What was not confirmed is rejected. Resolves when nothing is left. */
  end(): Promise<void>;
}

export interface MqttConnector {
  /** Begins to connect at once. Never throws: `handlers.closed` tells what does not work, later. */
  connect(address: BrokerAddress, clientId: string, handlers: MqttHandlers): MqttConnection;
}
