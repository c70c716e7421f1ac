/** Connections to real brokers: MQTT 3.1.1 over TLS, or over plain TCP where the settings say so. */

import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type Clock, every, type Timer } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { explain } from "@opensync-ts/ovsdb/socket-transport";
import { loadTls, type TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { MqttClient } from "mqtt";
import type { BrokerAddress } from "./connection.ts";
import type { MqttConnection, MqttConnector, MqttHandlers } from "./connector.ts";
import { qmLimits } from "./limits.ts";
import type { Qos } from "./settings.ts";

export interface MqttConnectorOptions {
  readonly clock: Clock;
  /** The node's certificate and the CA of its brokers; read anew at each connection. */
  readonly tls: TlsFiles;
}

export function createMqttConnector(options: MqttConnectorOptions): MqttConnector {
  return {
    connect(address, clientId, handlers) {
      const connection = new BrokerConnection(options, handlers);
      void connection.open(address, clientId);
      return connection;
    },
  };
}

/** All that a broker has to say to somebody who never subscribes. */
const expectedPackets: readonly string[] = ["connack", "puback", "pubrec", "pubcomp", "pingresp"];

/** The library would give up by itself after this; the time limit is QM's. */
const neverMs = 2 ** 31 - 1;

class BrokerConnection implements MqttConnection {
  readonly #options: MqttConnectorOptions;
  readonly #handlers: MqttHandlers;
  readonly #unconfirmed = new Set<(error: Error) => void>();
  /** Who waits for the answer to a ping, by its number; the pings are answered in order. */
  readonly #barriers: { readonly ping: number; readonly resolve: () => void }[] = [];
  #pingsSent = 0;
  #pingsAnswered = 0;
  #nextBarrier: Promise<void> | undefined;
  #socket: Socket | undefined;
  #client: MqttClient | undefined;
  #failure: string | undefined;
  #closed = false;
  #onGone: (() => void) | undefined;
  #end: Promise<void> | undefined;

  constructor(options: MqttConnectorOptions, handlers: MqttHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  async open(address: BrokerAddress, clientId: string): Promise<void> {
    try {
      // A node without a broker never loads it.
      const { MqttClient } = await import("mqtt");
      const tls = address.tls ? await import("node:tls") : undefined;
      if (this.#end) return;
      const socket = tls
        ? this.#dialTls(address, tls)
        : connectTcp({ host: address.host, port: address.port, noDelay: true });
      this.#socket = socket;
      this.#client = this.#watch(
        new MqttClient(() => socket, { ...clientOptions(this.#options.clock), clientId }),
        socket,
      );
    } catch (error) {
      if (error instanceof UserError) this.#close(error.message);
      else this.#close(`${address.tls ? "the TLS files do not serve: " : ""}${explain(error as Error)}`);
    }
  }

  publish(topic: string, payload: Uint8Array, qos: Qos): Promise<void> {
    const client = this.#client;
    if (!client?.connected || this.#closed || this.#end) return Promise.reject(new Error("not connected"));
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null) => {
        this.#unconfirmed.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      this.#unconfirmed.add(settle);
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      client.publish(topic, bytes, { qos, retain: false }, (error) => {
        if (error || qos > 0) settle(error ?? null);
      });
      if (qos === 0) void this.#barrier(client).then(() => settle());
    });
  }

  end(): Promise<void> {
    this.#end ??= this.#leave();
    return this.#end;
  }

  async #leave(): Promise<void> {
    const isIdle = this.#unconfirmed.size === 0;
    this.#reject("the connection was ended");
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    let farewell: Timer | undefined;
    const gone = new Promise<void>((resolve) => {
      this.#onGone = resolve;
    });
    if (isIdle && this.#client?.connected) {
      farewell = this.#options.clock.setTimer(qmLimits.farewell, () => socket.destroy());
      this.#client.end(false);
    } else {
      socket.destroy();
    }
    await gone;
    farewell?.cancel();
  }

  #dialTls({ host, port }: BrokerAddress, { connect }: typeof import("node:tls")): Socket {
    // Chain and host name are verified, whatever the environment (NODE_TLS_REJECT_UNAUTHORIZED) says.
    const verified = { rejectUnauthorized: true, ...(isIP(host) === 0 && { servername: host }) };
    const socket = connect({ host, port, ...loadTls(this.#options.tls), minVersion: "TLSv1.2", ...verified });
    return socket.setNoDelay(true);
  }

  #watch(client: MqttClient, socket: Socket): MqttClient {
    let inbound = 0;
    socket.on("data", (chunk) => {
      inbound += chunk.length;
      if (inbound > qmLimits.inboundPacket) this.#refuse("sends more than confirmations");
    });
    socket.on("error", (error) => {
      this.#failure ??= explain(error);
    });
    // Not all of them end the connection: after bytes that are no packet the library would wait for ever.
    client.on("error", (error) => this.#refuse(explain(error)));
    client.on("connect", () => {
      if (!this.#end && !this.#closed) this.#handlers.connected();
    });
    client.on("packetsend", ({ cmd }) => {
      if (cmd === "pingreq") this.#pingsSent++;
    });
    client.on("packetreceive", ({ cmd }) => {
      inbound = 0;
      if (!expectedPackets.includes(cmd ?? "")) this.#refuse(`sends '${cmd}', which nobody asked for`);
      if (cmd === "pingresp") this.#answered();
    });
    client.on("close", () => this.#close(this.#failure ?? "the broker closed the connection"));
    return client;
  }

  #refuse(reason: string): void {
    this.#failure ??= reason;
    this.#socket?.destroy();
  }

  /** Resolves when the broker has read all that was written before; one ping serves all who ask at the same time. */
  #barrier(client: MqttClient): Promise<void> {
    this.#nextBarrier ??= new Promise((resolve) => {
      queueMicrotask(() => {
        this.#nextBarrier = undefined;
        if (this.#closed) return;
        client.sendPing();
        this.#barriers.push({ ping: this.#pingsSent, resolve });
      });
    });
    return this.#nextBarrier;
  }

  #answered(): void {
    this.#pingsAnswered = Math.min(this.#pingsAnswered + 1, this.#pingsSent);
    while (this.#barriers[0] && this.#barriers[0].ping <= this.#pingsAnswered) this.#barriers.shift()?.resolve();
  }

  #close(cause: string): void {
    if (this.#closed) return;
    this.#closed = true;
    // The names in a stranger's certificate can be many.
    const reason = cause.slice(0, qmLimits.shownReason);
    this.#barriers.length = 0;
    this.#onGone?.();
    if (!this.#end) this.#handlers.closed(reason);
    this.#reject(reason);
  }

  #reject(reason: string): void {
    for (const settle of [...this.#unconfirmed]) settle(new Error(reason));
  }
}

function clientOptions(clock: Clock) {
  return {
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    keepalive: qmLimits.keepAliveSeconds,
    // Connecting again, and keeping what could not be published, is QM's business.
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    connectTimeout: neverMs,
    timerVariant: timersOf(clock),
    log: () => {},
  } as const;
}

/** The library's timer of the keep-alive, on our clock. */
function timersOf(clock: Clock) {
  const timers = new Map<number, Timer>();
  let last = 0;
  return {
    set(callback: () => void, periodMs: number): number {
      timers.set(++last, every(clock, periodMs, callback));
      return last;
    },
    clear(id: number): void {
      timers.get(id)?.cancel();
      timers.delete(id);
    },
  };
}
