/**
 * The MQTT broker that nodes publish to (MQTT 3.1 and 3.1.1, QoS 0 to 2, over TLS with certificates on both sides). Whom it
 * admits, and what becomes of a publication, is its host's business; it distributes nothing.
 */

import type { EventEmitter } from "node:events";
import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import {
  type HandshakeRefusal,
  type Listener,
  listenForSockets,
  type SocketOptions,
  type SocketSource,
} from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import * as limits from "../limits.ts";
import { Troubles } from "../troubles.ts";
import { NothingKept, noDelivery } from "./nothing-kept.ts";
import { PacedStream } from "./paced-stream.ts";

export interface BrokerHost {
  /** Whether the peer may be `clientId`; `commonName` is of its certificate, undefined without TLS. A text says why not. */
  admit(clientId: string, commonName: string | undefined): true | string;
  /** A text says why it cannot be taken; the node is not told, as MQTT 3.1.1 has no words for it. */
  publish(clientId: string, topic: string, payload: Uint8Array): true | string;
}

export interface BrokerOptions {
  readonly remote: ListenRemote;
  /** Needed for `pssl:`. */
  readonly tls: TlsFiles | undefined;
  /** As listeners have them. */
  readonly gate?: SocketSource["gate"];
  readonly tickets?: SocketSource["tickets"];
  readonly host: BrokerHost;
  readonly clock: Clock;
  readonly log: Log;
}

/** Since the start. */
export interface BrokerCounters {
  readonly connections: number;
  readonly published: number;
  /** Connections that were not let in. */
  readonly refused: number;
  /** Publications to a topic that is not the node's, wills, subscriptions. */
  readonly unauthorized: number;
}

export class Broker {
  readonly #engine: Aedes;
  readonly #host: BrokerHost;
  readonly #clock: Clock;
  readonly #troubles: Troubles;
  readonly #streams = new Set<PacedStream>();
  readonly #counters = { published: 0, refused: 0, unauthorized: 0 };
  #listener: Listener | undefined;

  private constructor({ host, clock, log }: BrokerOptions) {
    this.#host = host;
    this.#clock = clock;
    this.#troubles = new Troubles(clock, log);
    this.#engine = new Aedes({
      mq: noDelivery,
      persistence: new NothingKept(),
      connectTimeout: limits.mqttConnectMs,
      drainTimeout: limits.mqttDrainMs,
      queueLimit: limits.mqttEarlyPackets,
      maxInflightInbound: limits.mqttUnreleased,
      maxClientsIdLength: 64,
      preConnect: (_client, packet, done) => {
        // Sessions end with their connection, and nobody is told of it.
        packet.clean = true;
        if (packet.will) this.#unauthorized(packet.clientId, "a last will", "nothing is done with it");
        delete packet.will;
        packet.keepalive = Math.min(packet.keepalive || limits.mqttKeepAliveSeconds, limits.mqttKeepAliveSeconds);
        done(null, true);
      },
      authenticate: (client, _username, _password, done) => {
        const { peer, commonName } = client.conn as PacedStream;
        const admitted = this.#host.admit(client.id, commonName);
        if (admitted === true) return done(null, true);
        this.#refuse(peer, admitted);
        const error: AuthenticateError = Object.assign(new Error(admitted), { returnCode: notAuthorized });
        done(error, false);
      },
      authorizePublish: (_client, packet, done) => {
        packet.retain = false;
        done(null);
      },
      authorizeSubscribe: (client, { topic }, done) => {
        this.#unauthorized(client.id, `a subscription to '${topic.slice(0, 128)}'`, "nodes are sent nothing over MQTT");
        done(null, null);
      },
      published: (packet, client, done) => {
        // The engine's own messages have no client.
        if (client) this.#published(client, packet.topic, packet.payload);
        done(null);
      },
    });
    this.#engine.on("clientReady", ({ id, conn }) => log.info(`${id}: publishes from ${(conn as PacedStream).peer}`));
    this.#engine.on("clientDisconnect", ({ id }) => log.debug(`${id}: publishes no more`));
    this.#engine.on("clientError", ({ id }, error) => this.#failed(id, error));
    this.#engine.on("connectionError", ({ conn }, error) => this.#failed((conn as PacedStream).peer, error));
    // What the engine could not do for one client; no listener would mean the end of the process.
    const failed = (error: unknown) => this.#troubles.tell("engine", `broker: ${messageOf(error)}`);
    (this.#engine as EventEmitter).on("error", failed);
  }

  /** Rejects with a `UserError` when the address is in use or may not be used, or the TLS files do not serve. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const broker = new Broker(options);
    const { remote, tls, gate, tickets, log } = options;
    const accept: SocketOptions["accept"] = (...accepted) => broker.#accept(...accepted);
    await broker.#engine.listen();
    try {
      const refused = ({ name, reason }: HandshakeRefusal) => broker.#refuse(name, reason);
      const source = { accept, tls: tls && (() => tls), gate, refused, tickets, log };
      broker.#listener = await listenForSockets(remote, source);
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  /** As asked for, with the port that the system chose where 0 was asked. */
  get remote(): ListenRemote {
    return this.#listener?.remote as ListenRemote;
  }

  get counters(): BrokerCounters {
    return { connections: this.#streams.size, ...this.#counters };
  }

  /** Ends all connections. */
  async stop(): Promise<void> {
    await this.#listener?.close();
    const closed = new Promise<void>((resolve) => this.#engine.close(() => resolve()));
    await withDeadline(this.#clock, closed, limits.stopMs, "end of the broker").catch(() => {});
    for (const stream of this.#streams) stream.destroy();
  }

  #accept(...[socket, peer, certificate]: Parameters<SocketOptions["accept"]>): void {
    socket.on("error", () => {});
    const commonName = certificate?.commonName;
    const reason = this.#fullFor(commonName);
    if (reason !== undefined) {
      this.#refuse(peer, reason);
      socket.destroy();
      return;
    }
    const stream = new PacedStream(socket, peer, commonName, this.#clock);
    this.#streams.add(stream);
    stream.once("close", () => this.#streams.delete(stream));
    this.#engine.handle(stream);
  }

  #fullFor(commonName: string | undefined): string | undefined {
    if (this.#streams.size >= limits.mqttConnections) return `${limits.mqttConnections} nodes are connected already`;
    if (commonName === undefined) return undefined;
    const own = [...this.#streams].filter((stream) => stream.commonName === commonName).length;
    if (own < limits.mqttConnectionsPerNode) return undefined;
    return `'${commonName}' has ${own} connections already; one is enough`;
  }

  #published({ id }: Client, topic: string, payload: Uint8Array | string): void {
    try {
      const taken = this.#host.publish(id, topic, typeof payload === "string" ? Buffer.from(payload) : payload);
      if (taken === true) this.#counters.published++;
      else this.#unauthorized(id, `a publication to '${topic.slice(0, 128)}'`, taken);
    } catch (error) {
      this.#troubles.tell(`publish ${id}`, `${id}: a publication to '${topic.slice(0, 128)}': ${messageOf(error)}`);
    }
  }

  #refuse(peer: string, reason: string): void {
    this.#counters.refused++;
    this.#troubles.tell(`refused ${reason}`, `${peer}: refused: ${reason}`);
  }

  #unauthorized(clientId: string, what: string, reason: string): void {
    this.#counters.unauthorized++;
    this.#troubles.tell(`unauthorized ${clientId} ${reason}`, `${clientId}: ${what} is not taken: ${reason}`);
  }

  #failed(who: string, error: Error): void {
    // Refusals are told already; a connection that its peer cuts is no trouble.
    if ("errorCode" in error || (error as NodeJS.ErrnoException).code === "ECONNRESET") return;
    this.#troubles.tell(`failed ${who.replace(/:\d+$/, "")}`, `${who}: connection ended: ${messageOf(error)}`);
  }
}

/** CONNACK: "not authorized". (The enumeration of the library exists for its types only.) */
const notAuthorized = 5 as AuthenticateError["returnCode"];
