/** The controller: a session for each connection that nodes open, the newest of a node in force. */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Client } from "@opensync-ts/ovsdb/client";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Complaints } from "./complaints.ts";
import type { Home, HomeNode } from "./home.ts";
import * as limits from "./limits.ts";
import type { Location } from "./location.ts";
import { Session, type SessionEvent, type SessionHost } from "./session.ts";
import type { BrokerAddress } from "./stats-rows.ts";

/** Makes a typed client of a connection that a node opened. */
export type Attach = (transport: Transport) => Client<OpenSync> | Promise<Client<OpenSync>>;

export interface ControllerOptions {
  readonly location: Location;
  readonly attach: Attach;
  /** Where nodes are to send their statistics; left out, that is left as it is. */
  readonly broker?: BrokerAddress | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export class Controller implements SessionHost {
  readonly broker: BrokerAddress | undefined;
  readonly #location: Location;
  readonly #attach: Attach;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sessions = new Map<Session, Transport>();
  readonly #complaints = new Complaints();
  /** Connections on which the client is not made yet. */
  readonly #attaching = new Set<Transport>();
  readonly #forgetHome: () => void;
  #stopped = false;

  constructor(options: ControllerOptions) {
    this.broker = options.broker;
    this.#location = options.location;
    this.#attach = options.attach;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#forgetHome = options.location.events.on("home", () => {
      for (const session of [...this.#sessions.keys()]) session.homeChanged();
    });
  }

  get home(): Home {
    return this.#location.home;
  }

  /** Serves a connection until it ends. */
  async accept(transport: Transport): Promise<void> {
    if (this.#stopped) return transport.destroy();
    if (this.#sessions.size + this.#attaching.size >= limits.connections) {
      this.#log.warning(`${transport.name}: refused: ${limits.connections} nodes are connected already`);
      return transport.destroy();
    }
    this.#attaching.add(transport);
    try {
      const attached = Promise.resolve(this.#attach(transport));
      const client = await withDeadline(this.#clock, attached, limits.mirrorMs, "start of the session");
      if (this.#stopped) return client.close();
      await this.#serve(transport, client);
    } catch (error) {
      this.#log.warning(`${transport.name}: ${messageOf(error)}`);
      transport.destroy();
    } finally {
      this.#attaching.delete(transport);
    }
  }

  async #serve(transport: Transport, client: Client<OpenSync>): Promise<void> {
    const session = new Session({
      client,
      peer: transport.name,
      commonName: transport.peerCertificate?.commonName,
      host: this,
      clock: this.#clock,
      log: this.#log,
    });
    this.#sessions.set(session, transport);
    await session.start();
  }

  identified(session: Session, node: HomeNode): void {
    this.#log.info(`${node.id}: connected from ${session.peer}`);
    void this.#location.connected(node.id, session)?.close("the node has connected anew");
  }

  stranger(session: Session, reason: string): void {
    if (session.node) this.#location.disconnected(session.node.id, session, reason);
    if (!this.#complaints.isNew(reason)) return;
    this.#log.warning(`${session.peer}: not provisioned: ${reason}`);
    this.#location.stranger(session.peer, reason);
  }

  event(session: Session, event: SessionEvent): void {
    const ended = event.kind === "state" && event.to === "CLOSED";
    if (ended) {
      this.#sessions.delete(session);
      this.#log.info(`${session.node?.id ?? session.peer}: ${event.reason}`);
    }
    if (session.node) this.#location.sessionEvent(session.node.id, session, event);
  }

  /** Ends all sessions. Resolves when their connections are gone; those that linger are cut. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forgetHome();
    for (const transport of this.#attaching) transport.destroy();
    const lingering = [...this.#sessions.values()];
    const gone = [...this.#sessions.keys()].map((session) => session.close("the controller stops"));
    await withDeadline(this.#clock, Promise.all(gone), limits.stopMs, "end of the sessions").catch(() => {});
    for (const transport of lingering) transport.destroy();
  }
}
