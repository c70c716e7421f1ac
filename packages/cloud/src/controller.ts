/** The controller: a session for each connection that nodes open, the newest of a node in force. */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import { SharedValues } from "@opensync-ts/base/shared-values";
import { WorkQueue } from "@opensync-ts/base/work-queue";
import type { Client } from "@opensync-ts/ovsdb/client";
import type { Transport } from "@opensync-ts/ovsdb/transport";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Admission, AdmissionRefused, addressOf } from "./admission.ts";
import { type Breaker, left, settledFor, trusted, untested, wrote } from "./circuit-breaker.ts";
import type { ClientFacts } from "./client-facts.ts";
import { Complaints } from "./complaints.ts";
import type { Surroundings } from "./desired.ts";
import * as limits from "./limits.ts";
import type { Location, NodeSession, Place } from "./location.ts";
import type { Locations } from "./locations.ts";
import type { RowStatus } from "./row-status.ts";
import type { DesiredState } from "./rows.ts";
import { Session, type SessionHost } from "./session.ts";
import type { SessionEvent } from "./session-state.ts";
import type { BrokerAddress } from "./stats-rows.ts";
import { Strangers } from "./strangers.ts";
import { Troubles } from "./troubles.ts";
import { duplicates, type Turn, withTurn } from "./turns.ts";
import { Unserved } from "./unserved.ts";

/** Makes a typed client of a connection that a node opened. */
export type Attach = (transport: Transport) => Client<OpenSync> | Promise<Client<OpenSync>>;

export interface ControllerOptions {
  readonly locations: Locations;
  readonly attach: Attach;
  /** In slices of it the sessions work; by default one of its own. */
  readonly work?: WorkQueue | undefined;
  /** Where nodes are to send their statistics; left out, that is left as it is. */
  readonly broker?: BrokerAddress | undefined;
  /** How a node shall steer its clients; undefined: that is left as it is. */
  readonly steering?: ((node: string) => Pick<DesiredState, "rows" | "refusals"> | undefined) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the controller remembers of a node between its connections. */
interface NodeHistory {
  breaker: Breaker;
  turns: readonly Turn[];
}

interface Served {
  readonly transport: Transport;
  /** Since when it has shown all that is stated (clock ms); undefined: it does not. */
  settledAt: number | undefined;
  /** It ends because another connection took its place. */
  ousted: boolean;
  /** Why it ends is told already. */
  failed: boolean;
  /** What of its counters is in those of the controller. */
  counted: ControllerCounters;
}

/** Since the start, of all sessions together. */
export interface ControllerCounters {
  /** Changes of rows that nodes have taken. */
  readonly writes: number;
  readonly transactions: number;
  /** Transactions that nodes have refused. */
  readonly refused: number;
}

const none: ControllerCounters = { writes: 0, transactions: 0, refused: 0 };

export class Controller {
  readonly #locations: Locations;
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sessions = new Map<NodeSession, Served>();
  readonly #strangers = new Strangers<Session>();
  readonly #histories = new Map<string, NodeHistory>();
  readonly #complaints = new Complaints();
  readonly #unserved: Unserved;
  readonly #troubles: Troubles;
  #counters = none;
  /** Connections on which the client is not made yet. */
  readonly #attaching = new Set<Transport>();
  readonly #forget: readonly (() => void)[];
  /** To the first copy of a node's tables. */
  readonly #admission: Admission;
  readonly #work: WorkQueue;
  readonly #statuses = new SharedValues<RowStatus>(limits.sharedRowStatuses);
  #stopped = false;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#locations = options.locations;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#unserved = new Unserved(options);
    this.#troubles = new Troubles(options.clock, options.log);
    this.#admission = new Admission({
      clock: options.clock,
      concurrent: limits.firstCopies,
      waiting: limits.waitingFirstCopies,
      waitMs: limits.firstCopyWaitMs,
      serveMs: limits.mirrorMs,
    });
    this.#work = options.work ?? new WorkQueue(options.clock, limits.workSliceMs);
    const { events } = options.locations;
    const clients = new Map<Location, () => void>();
    const follow = (location: Location) => {
      clients.set(
        location,
        location.events.on("clients", (node) => this.#clientsOf(location, node)),
      );
      this.#homeChanged(location);
    };
    for (const location of options.locations.all()) follow(location);
    this.#forget = [
      events.on("home", (location) => this.#homeChanged(location)),
      events.on("added", follow),
      events.on("removed", (location) => {
        clients.get(location)?.();
        clients.delete(location);
        this.#homeChanged(location);
      }),
      () => {
        for (const stop of clients.values()) stop();
      },
    ];
  }

  /** Sessions there are, of whatever kind. */
  get connections(): number {
    return this.#sessions.size + this.#attaching.size;
  }

  get counters(): ControllerCounters {
    return this.#counters;
  }

  /** Serves a connection until it ends. */
  async accept(transport: Transport): Promise<void> {
    if (this.#stopped) return transport.destroy();
    if (this.connections >= limits.connections) {
      this.#unserved.trouble(transport.name, `${limits.connections} nodes are connected already`);
      return transport.destroy();
    }
    this.#attaching.add(transport);
    try {
      const attached = Promise.resolve(this.#options.attach(transport));
      const client = await withDeadline(this.#clock, attached, limits.mirrorMs, "start of the session");
      if (this.#stopped) return client.close();
      await this.#serve(transport, client);
    } catch (error) {
      this.#unserved.trouble(transport.name, messageOf(error));
      transport.destroy();
    } finally {
      this.#attaching.delete(transport);
    }
  }

  /** The node's steering rows are to be others. */
  steeringChanged(node: string): void {
    this.#locations.placeOf(node)?.location.session(node)?.surroundingsChanged();
  }

  async #serve(transport: Transport, client: Client<OpenSync>): Promise<void> {
    const commonName = transport.peerCertificate?.commonName;
    const host: SessionHost = {
      identify: (claimed) => this.#locations.identify(claimed, commonName),
      surroundings: (place) => this.#surroundings(place),
      identified: (session, place) => this.#identified(session, place),
      stranger: (session, reason) => this.#stranger(session, reason, commonName),
      failed: (session, error) => this.#failed(session, error, commonName),
      clients: (session, clients) => this.#noteClients(session, clients),
      event: (session, event) => this.#event(session, event),
    };
    const peer = transport.name;
    const [work, statuses] = [this.#work, this.#statuses];
    const session = new Session({ client, peer, host, work, statuses, clock: this.#clock, log: this.#log });
    this.#sessions.set(session, { transport, settledAt: undefined, ousted: false, failed: false, counted: none });
    const known = commonName !== undefined && this.#locations.placeOf(commonName) !== undefined;
    await session.start((gone) => this.#admission.admit({ address: addressOf(peer), known }, gone));
  }

  #surroundings({ location, node }: Place): Surroundings {
    const { broker, steering } = this.#options;
    return {
      broker,
      elsewhere: location.clientsElsewhere(node.id),
      isUnheardElsewhere: location.isUnheardElsewhere(node.id),
      steering: steering?.(node.id),
    };
  }

  #identified(session: Session, { location, node }: Place): void {
    this.#strangers.delete(session);
    this.#log.info(`${node.id}: connected from ${session.peer}`);
    const older = location.connected(node.id, session);
    if (older && older !== session) this.#replace(older, session, location, node.id);
  }

  /** The newest session of a node is the one that counts. That it puts another out says nothing of what that one was given. */
  #replace(older: NodeSession, newer: NodeSession, location: Location, node: string): void {
    const history = this.#history(node, location);
    const served = this.#sessions.get(older);
    if (served) served.ousted = true;
    history.turns = withTurn(history.turns, { at: this.#clock.now(), from: older.peer, to: newer.peer });
    const both = duplicates(history.turns);
    if (both) {
      history.turns = [];
      this.#log.warning(
        `${node}: devices at ${both.join(" and ")} take turns in being it: one has the other's identity`,
      );
      location.duplicate(node, both);
    }
    void older.close("the node has connected anew");
  }

  #stranger(session: Session, reason: string, commonName: string | undefined): void {
    const { place } = session;
    if (place) place.location.disconnected(place.node.id, session, reason);
    const said = session.description;
    this.#strangers.add(session, { id: said?.id ?? null, serialNumber: said?.serialNumber ?? null });
    // Who has not said yet who it is will.
    if (!said?.id && !said?.serialNumber) return;
    const { id, serialNumber, model } = said;
    const isNew = this.#complaints.isNew(`${id} ${serialNumber} ${reason}`);
    if (isNew) this.#log.warning(`${session.peer}: not provisioned: ${reason}`);
    const { peer } = session;
    const seenAt = this.#clock.wallTime();
    this.#locations.stranger({ id, serialNumber, model, commonName: commonName ?? null, peer, reason, seenAt }, isNew);
  }

  #failed(session: Session, error: unknown, commonName: string | undefined): void {
    const served = this.#sessions.get(session);
    if (served) served.failed = true;
    const { peer, place } = session;
    const reason = messageOf(error);
    if (place) {
      const text = `${place.node.id} (${peer}): ${reason}`;
      this.#troubles.tell(text.replaceAll(peer, addressOf(peer)), text);
    } else if (error instanceof AdmissionRefused) this.#unserved.trouble(peer, reason);
    else this.#unserved.tell({ peer, commonName, said: session.description, reason });
  }

  #noteClients(session: Session, clients: readonly ClientFacts[]): void {
    const { place } = session;
    if (place?.location.session(place.node.id) === session) place.location.setClients(place.node.id, clients);
  }

  /** What other nodes do about a node's clients may be something else now. */
  #clientsOf(location: Location, node: string): void {
    for (const { id } of location.home.nodes) if (id !== node) location.session(id)?.surroundingsChanged();
  }

  #event(session: Session, event: SessionEvent): void {
    const { place } = session;
    this.#count(session);
    if (event.kind === "state") {
      // It may have accepted what it has not answered any more.
      if (event.to === "CLOSED" && event.from === "WRITING" && place) this.#noteWritten(place);
      this.#noteSettled(session, event.to === "SETTLED");
      if (event.to === "CLOSED") this.#ended(session, event.reason);
    }
    if (!place) return;
    const { location, node } = place;
    if (event.kind === "written") this.#noteWritten(place);
    location.sessionEvent(node.id, session, event);
  }

  /** What the session has done since it was looked at last. */
  #count(session: Session): void {
    const served = this.#sessions.get(session);
    if (!served) return;
    const { counters } = session;
    const more = (what: keyof ControllerCounters) => this.#counters[what] + counters[what] - served.counted[what];
    this.#counters = { writes: more("writes"), transactions: more("transactions"), refused: more("refused") };
    served.counted = counters;
  }

  #noteWritten({ location, node }: Place): void {
    const history = this.#history(node.id, location);
    history.breaker = wrote(history.breaker, this.#clock.now());
  }

  #noteSettled(session: Session, settled: boolean): void {
    const served = this.#sessions.get(session);
    if (!served) return;
    const now = this.#clock.now();
    const since = served.settledAt;
    served.settledAt = settled ? (since ?? now) : undefined;
    const { place } = session;
    if (settled || since === undefined || !place) return;
    const history = this.#history(place.node.id, place.location);
    history.breaker = settledFor(history.breaker, now - since);
  }

  #ended(session: Session, reason: string): void {
    const served = this.#sessions.get(session);
    this.#sessions.delete(session);
    this.#strangers.delete(session);
    const line = `${session.node?.id ?? session.peer}: ${reason}`;
    if (served?.failed) this.#log.debug(line);
    else this.#log.info(line);
    const { place } = session;
    if (!place || !served || served.ousted || this.#stopped) return;
    const { location, node } = place;
    const history = this.#history(node.id, location);
    if (history.breaker.kind === "tripped") return;
    history.breaker = left(history.breaker, this.#clock.now());
    if (history.breaker.kind !== "tripped") return;
    const text =
      `left ${limits.breakerDisconnects} times right after it was given what holds now: ` +
      "that is not written to it again; state something else, or look at the node";
    this.#log.warning(`${node.id}: ${text}`);
    location.setQuarantine(node.id, text);
  }

  #homeChanged(location: Location): void {
    for (const { id } of location.home.nodes) this.#histories.delete(id);
    for (const session of [...location.sessions(), ...this.#strangers.of(location.home)]) session.homeChanged();
  }

  #history(node: string, location: Location): NodeHistory {
    let history = this.#histories.get(node);
    if (!history) {
      if (this.#histories.size >= limits.rememberedHistories) {
        const [oldest] = this.#histories.keys();
        if (oldest !== undefined) this.#histories.delete(oldest);
      }
      history = { breaker: location.proven ? trusted : untested, turns: [] };
      this.#histories.set(node, history);
    }
    return history;
  }

  /** Ends all sessions. Resolves when their connections are gone; those that linger are cut. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const forget of this.#forget) forget();
    for (const transport of this.#attaching) transport.destroy();
    const lingering = [...this.#sessions.values()];
    const gone = [...this.#sessions.keys()].map((session) => session.close("the controller stops"));
    await withDeadline(this.#clock, Promise.all(gone), limits.stopMs, "end of the sessions").catch(() => {});
    for (const { transport } of lingering) transport.destroy();
  }
}
