/** One location as it is now: what its home states, which nodes are here, what is done and what is not. */

import { isDeepStrictEqual } from "node:util";
import { Emitter } from "@opensync-ts/base/emitter";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { ClientFacts } from "./client-facts.ts";
import type { HandWrite } from "./hand-writes.ts";
import type { Home, HomeNode } from "./home.ts";
import type { LocationEvent } from "./location-news.ts";
import type { NodeDescription } from "./mirror.ts";
import { NodeFaults, type RadioFaultView } from "./node-faults.ts";
import type { NodeWire } from "./node-wire.ts";
import { pendingWords } from "./pending-words.ts";
import type { PlannedWrites } from "./planned-writes.ts";
import type { RadioFault } from "./radio-shortfall.ts";
import type { Change } from "./reconcile.ts";
import { pendingText, type RowStatus } from "./row-status.ts";
import type { Columns, TableReader } from "./rows.ts";
import type { SessionCounters, SessionEvent, SessionState } from "./session-state.ts";
import type { TakenBack } from "./taken-back.ts";

export interface NodeView {
  readonly id: string;
  readonly role: HomeNode["role"];
  /**
   * `redirected`: sent to the controller by the redirector, not arrived yet. `refused`: who called last and said it was this node has not
   * proven it.
   */
  readonly connection: "absent" | "redirected" | "refused" | "connected";
  /** Why it is `refused`; null: it is not. */
  readonly refused: NodeRefusal | null;
  readonly state: SessionState | null;
  /** As the home states, and proven by the node. */
  readonly settled: boolean;
  /** What is still to come or wrong, in one line; null when settled. */
  readonly pending: string | null;
  /** The same for the people of the house. */
  readonly pendingWords: string | null;
  readonly rows: readonly RowStatus[];
  /** Of the present session, or the last one. */
  readonly counters: SessionCounters;
  /** How often it has connected to the controller. */
  readonly sessions: number;
  readonly peer: string | null;
  /** When anything was heard of it last, wall clock, ms; null: nothing since the cloud was started. */
  readonly heardAt: number | null;
  /** It is connected, has been asked for a sign of life, and has not given one. */
  readonly silent: boolean;
  /** Radios that are not as they were told, in what the document does not state. */
  readonly faults: readonly RadioFaultView[];
  /** The same in one line; null: nothing. */
  readonly note: string | null;
}

/** Somebody said it was the node, and had not the node's certificate. */
export interface NodeRefusal {
  readonly reason: string;
  /** Where it called from. */
  readonly peer: string;
  /** Wall clock, ms. */
  readonly at: number;
}

export interface LocationEvents {
  event: LocationEvent;
  /** Another version holds from now on. */
  home: Home;
  /** Every node is here and as stated, now and not before. */
  settled: Location;
  /** Clients of this node have come or gone, or hold another key. */
  clients: string;
}

/** What a location has of the session that serves one of its nodes. */
export interface NodeSession {
  readonly state: SessionState;
  readonly rows: readonly RowStatus[];
  readonly counters: SessionCounters;
  readonly peer: string;
  readonly description: NodeDescription | undefined;
  readonly tables: TableReader | undefined;
  readonly wire: NodeWire | undefined;
  readonly heardAt: number | null;
  readonly isSilent: boolean;
  readonly radioFaults: readonly RadioFault[];
  heard(): void;
  look(): void;
  wouldWrite(home: Home): PlannedWrites | undefined;
  wouldRepair(table: string, uuid: Uuid, columns: Columns): readonly Change[] | undefined;
  homeChanged(): void;
  surroundingsChanged(): void;
  close(reason: string): Promise<void>;
}

/** Where a node belongs. */
export interface Place {
  readonly location: Location;
  readonly node: HomeNode;
}

export interface LocationIdentity {
  /** Of the store. */
  readonly id: string;
  readonly tenant: string | null;
  /** Number of the version that holds; null: without a store. */
  readonly version: number | null;
  /** Whether its nodes have shown that version. */
  readonly proven?: boolean;
  /** Where it holds because the one before was taken back. */
  readonly takenBack?: TakenBack | undefined;
}

interface NodeRecord {
  session: NodeSession | undefined;
  redirected: boolean;
  refusal: NodeRefusal | undefined;
  sessions: number;
  counters: SessionCounters;
  description: NodeDescription | undefined;
  /** Why the node is not written. */
  quarantine: string | undefined;
  /** As it said last; undefined: it has not since this cloud began. */
  clients: readonly ClientFacts[] | undefined;
  /** By what was before the present session. */
  heardAt: number | null;
  /** What it was given all of, as far as it can be. */
  given: Home | undefined;
  /** What its session says is still of the home before: it has not looked at the one that holds. */
  isBehind: boolean;
  readonly faults: NodeFaults;
}

export class Location {
  readonly events = new Emitter<LocationEvents>();
  readonly id: string;
  readonly tenant: string | null;
  readonly #records = new Map<string, NodeRecord>();
  #home: Home;
  #version: number | null;
  /** What held last that its nodes have shown. */
  #fallback: Home | undefined;
  #settled = false;
  #takenBack: TakenBack | undefined;

  constructor(
    home: Home,
    { id, tenant, version, proven = false, takenBack }: LocationIdentity = { id: "home", tenant: null, version: null },
  ) {
    this.#home = home;
    this.id = id;
    this.tenant = tenant;
    this.#version = version;
    this.#settled = proven;
    this.#takenBack = takenBack;
  }

  /** Every node has shown the version that holds. */
  get proven(): boolean {
    return this.#settled;
  }

  get version(): number | null {
    return this.#version;
  }

  /** The version before was too much for one of its nodes, and nobody has applied another since. */
  get takenBack(): TakenBack | undefined {
    return this.#takenBack;
  }

  /** The last home that every node has shown, where that is not the present one. */
  get fallback(): Home | undefined {
    return this.#fallback;
  }

  get home(): Home {
    return this.#home;
  }

  /** The nodes that the home states, in its order. */
  get nodes(): readonly NodeView[] {
    return this.#home.nodes.map((node) => view(node, this.#record(node.id)));
  }

  /** Undefined where the home states no such node. */
  node(id: string): NodeView | undefined {
    const node = this.#home.nodes.find((entry) => entry.id === id);
    return node && view(node, this.#record(id));
  }

  /** What the node says of itself, or said last. */
  description(id: string): NodeDescription | undefined {
    const record = this.#records.get(id);
    if (record?.session?.description) record.description = record.session.description;
    return record?.description;
  }

  /** Every node of the home is here and as stated. */
  get settled(): boolean {
    return this.nodes.every((node) => node.settled);
  }

  /** Another version holds. Who was quarantined because of the one before gets its chance. */
  setHome(home: Home, version: number | null = this.#version, takenBack?: TakenBack): void {
    if (this.#settled) this.#fallback = this.#home;
    this.#settled = false;
    this.#home = home;
    this.#version = version;
    this.#takenBack = takenBack;
    for (const record of this.#records.values()) {
      record.quarantine = undefined;
      // It may state another certificate.
      record.refusal = undefined;
      // Sessions learn of it one after the other; the first to be done finds the others settled, from before.
      record.isBehind = record.session !== undefined;
    }
    this.events.emit("home", home);
    for (const id of this.#records.keys()) {
      if (!home.nodes.some((node) => node.id === id)) this.#records.delete(id);
    }
  }

  /** The last home that its nodes have shown holds again; false where there is none. */
  fallBack(): boolean {
    const home = this.#fallback;
    if (!home) return false;
    this.#fallback = undefined;
    this.#settled = false;
    this.setHome(home);
    return true;
  }

  /** Why the node is not to be written; undefined: it is. */
  quarantine(node: string): string | undefined {
    return this.#records.get(node)?.quarantine;
  }

  /** The node is not written until another version holds. */
  setQuarantine(node: string, reason: string): void {
    const record = this.#record(node);
    if (record.quarantine !== undefined) return;
    record.quarantine = reason;
    this.events.emit("event", { kind: "quarantined", node, reason });
  }

  duplicate(node: string, peers: readonly string[]): void {
    this.events.emit("event", { kind: "duplicate", node, peers });
  }

  /** Those that serve its nodes now. */
  *sessions(): Iterable<NodeSession> {
    for (const { session } of [...this.#records.values()]) if (session) yield session;
  }

  /** The node has published something; `at`: wall clock, ms. */
  heard(node: string, at: number): void {
    const record = this.#record(node);
    record.heardAt = at;
    record.session?.heard();
  }

  /** Somebody looks at it: nodes that have been silent for a while are asked whether they are there. */
  look(): void {
    for (const session of this.sessions()) session.look();
  }

  /** The last home that the node was given all of; undefined: nobody knows. */
  given(node: string): Home | undefined {
    return this.#records.get(node)?.given ?? (this.#settled ? this.#home : undefined);
  }

  /** The session that serves the node now. */
  session(node: string): NodeSession | undefined {
    return this.#records.get(node)?.session;
  }

  /** What a node would be written if `home` held; undefined: it is not connected, or not known well enough. */
  wouldWrite(node: string, home: Home): PlannedWrites | undefined {
    return this.session(node)?.wouldWrite(home);
  }

  /** Who is connected to a node's home access points, as it said last. */
  setClients(node: string, clients: readonly ClientFacts[]): void {
    const record = this.#record(node);
    if (isDeepStrictEqual(record.clients, clients)) return;
    record.clients = clients;
    this.events.emit("clients", node);
    this.events.emit("event", { kind: "clients", node });
  }

  /** Who is connected to a node's home access points, or was when it went. */
  lastClients(node: string): readonly ClientFacts[] {
    return this.#records.get(node)?.clients ?? [];
  }

  /**
   * Clients of all nodes but this one. A node that is not connected goes on serving: what it said last comes first, so that whoever says
   * of a client what is so now comes after it.
   */
  clientsElsewhere(node: string): readonly ClientFacts[] {
    const others = this.#home.nodes.flatMap(({ id }) => (id === node ? [] : (this.#records.get(id) ?? [])));
    const isHere = ({ session }: NodeRecord) => session !== undefined;
    return [...others.filter((each) => !isHere(each)), ...others.filter(isHere)].flatMap(({ clients = [] }) => clients);
  }

  /** Whether another node than this one has not said yet, since this cloud began, who its clients are. */
  isUnheardElsewhere(node: string): boolean {
    return this.#home.nodes.some(({ id }) => id !== node && this.#records.get(id)?.clients === undefined);
  }

  /** `announce`: it is worth an event. One that is served is not any less so because somebody else would be it. */
  refused(node: string, refusal: NodeRefusal, announce: boolean): void {
    const record = this.#record(node);
    if (!record.session) record.refusal = refusal;
    const { peer, reason } = refusal;
    if (announce) this.events.emit("event", { kind: "refused", node, peer, reason });
  }

  redirected(node: string, peer: string): void {
    const record = this.#record(node);
    record.redirected = true;
    record.refusal = undefined;
    this.events.emit("event", { kind: "redirected", node, peer });
  }

  /** Returns the session that served the node until now, which the caller ends: the newest wins. */
  connected(node: string, session: NodeSession): NodeSession | undefined {
    const record = this.#record(node);
    const older = record.session;
    record.session = session;
    record.isBehind = false;
    record.redirected = false;
    record.refusal = undefined;
    record.sessions++;
    this.events.emit("event", { kind: "connected", node, peer: session.peer });
    return older;
  }

  sessionEvent(node: string, session: NodeSession, event: SessionEvent): void {
    const record = this.#record(node);
    if (record.session !== session) return;
    record.counters = session.counters;
    const ended = event.kind === "state" && event.to === "CLOSED";
    if (!ended) record.description = session.description;
    if (isVerdict(event)) {
      record.given = this.#home;
      record.isBehind = false;
    }
    this.events.emit("event", { node, ...event });
    // Of one that is held nothing is looked at, and so nothing is over.
    if ((event.kind === "radios" && session.state !== "HELD") || isVerdict(event))
      for (const news of record.faults.news(session)) this.events.emit("event", { kind: "radio", node, ...news });
    if (ended) this.disconnected(node, session, event.reason);
    else if (event.kind === "state") this.#noteSettled();
  }

  /** Somebody writes these columns of a row into the node by hand. Returns what takes it back where that fails. */
  handWritten(node: string, writes: readonly HandWrite[]): () => void {
    const { faults, session } = this.#record(node);
    return faults.handWritten(writes, session);
  }

  #noteSettled(): void {
    const settled = this.settled && this.#home.nodes.length > 0;
    const isNew = settled && !this.#settled;
    // A node that is away for a while does not make the version any less proven.
    this.#settled ||= settled;
    if (isNew) this.events.emit("settled", this);
  }

  /** The session no longer serves the node: its connection ended, or the node turned out to be another. */
  disconnected(node: string, session: NodeSession, reason: string): void {
    const record = this.#record(node);
    if (record.session !== session) return;
    record.session = undefined;
    record.heardAt = session.heardAt ?? record.heardAt;
    this.events.emit("event", { kind: "disconnected", node, reason });
  }

  #record(id: string): NodeRecord {
    let record = this.#records.get(id);
    if (!record) {
      record = {
        session: undefined,
        redirected: false,
        refusal: undefined,
        sessions: 0,
        counters: { writes: 0, transactions: 0, refused: 0 },
        description: undefined,
        quarantine: undefined,
        clients: undefined,
        heardAt: null,
        given: undefined,
        isBehind: false,
        faults: new NodeFaults(),
      };
      this.#records.set(id, record);
    }
    return record;
  }
}

function view(node: HomeNode, record: NodeRecord): NodeView {
  const { session, redirected, refusal, sessions, counters, quarantine, isBehind } = record;
  const settled = session?.state === "SETTLED" && !isBehind;
  const waiting = refusal
    ? `not connected: ${refusal.peer} was refused: ${refusal.reason}`
    : redirected
      ? "on its way to the controller"
      : "not connected";
  return {
    id: node.id,
    role: node.role,
    connection: session ? "connected" : refusal ? "refused" : redirected ? "redirected" : "absent",
    refused: refusal ?? null,
    state: session?.state ?? null,
    settled,
    pending: settled ? null : (quarantine ?? (session ? (pendingText(session.rows) ?? "being provisioned") : waiting)),
    pendingWords: settled
      ? null
      : (quarantine ?? (session ? (pendingWords(session.rows, session.tables) ?? "being set up") : waiting)),
    rows: session?.rows ?? [],
    counters: session?.counters ?? counters,
    sessions,
    peer: session?.peer ?? null,
    heardAt: session?.heardAt ?? record.heardAt,
    silent: session?.isSilent ?? false,
    faults: record.faults.views(session),
    note: record.faults.note(session),
  };
}

/** All that is to be said of the node now is said. */
function isVerdict(event: SessionEvent): boolean {
  return event.kind === "state" && (event.to === "SETTLED" || event.to === "UNSETTLED");
}
