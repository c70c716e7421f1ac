/** One location as it is now: what its home states, which nodes are here, what is done and what is not. */

import { Emitter } from "@opensync-ts/base/emitter";
import type { Home, HomeNode } from "./home.ts";
import type { NodeDescription } from "./mirror.ts";
import { pendingText, type RowStatus } from "./row-status.ts";
import type { Session, SessionCounters, SessionEvent, SessionState } from "./session.ts";

export interface NodeView {
  readonly id: string;
  readonly role: HomeNode["role"];
  /** `redirected`: sent to the controller by the redirector, not arrived yet. */
  readonly connection: "absent" | "redirected" | "connected";
  readonly state: SessionState | null;
  /** As the home states, and proven by the node. */
  readonly settled: boolean;
  /** What is still to come or wrong, in one line; null when settled. */
  readonly pending: string | null;
  readonly rows: readonly RowStatus[];
  /** Of the present session, or the last one. */
  readonly counters: SessionCounters;
  /** How often it has connected to the controller. */
  readonly sessions: number;
  readonly peer: string | null;
}

export type LocationEvent =
  | { readonly kind: "redirected"; readonly node: string; readonly peer: string }
  | { readonly kind: "connected"; readonly node: string; readonly peer: string }
  | { readonly kind: "disconnected"; readonly node: string; readonly reason: string }
  | { readonly kind: "stranger"; readonly peer: string; readonly reason: string }
  | ({ readonly node: string } & SessionEvent);

export interface LocationEvents {
  event: LocationEvent;
  /** Another home file holds from now on. */
  home: Home;
}

interface NodeRecord {
  session: Session | undefined;
  redirected: boolean;
  sessions: number;
  counters: SessionCounters;
  description: NodeDescription | undefined;
}

export class Location {
  readonly events = new Emitter<LocationEvents>();
  readonly #records = new Map<string, NodeRecord>();
  #home: Home;

  constructor(home: Home) {
    this.#home = home;
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

  setHome(home: Home): void {
    this.#home = home;
    this.events.emit("home", home);
    for (const id of this.#records.keys()) {
      if (!home.nodes.some((node) => node.id === id)) this.#records.delete(id);
    }
  }

  redirected(node: string, peer: string): void {
    this.#record(node).redirected = true;
    this.events.emit("event", { kind: "redirected", node, peer });
  }

  /** Returns the session that served the node until now, which the caller ends: the newest wins. */
  connected(node: string, session: Session): Session | undefined {
    const record = this.#record(node);
    const older = record.session;
    record.session = session;
    record.redirected = false;
    record.sessions++;
    this.events.emit("event", { kind: "connected", node, peer: session.peer });
    return older;
  }

  sessionEvent(node: string, session: Session, event: SessionEvent): void {
    const record = this.#record(node);
    if (record.session !== session) return;
    record.counters = session.counters;
    const ended = event.kind === "state" && event.to === "CLOSED";
    if (!ended) record.description = session.description;
    this.events.emit("event", { node, ...event });
    if (ended) this.disconnected(node, session, event.reason);
  }

  /** The session no longer serves the node: its connection ended, or the node turned out to be another. */
  disconnected(node: string, session: Session, reason: string): void {
    const record = this.#record(node);
    if (record.session !== session) return;
    record.session = undefined;
    this.events.emit("event", { kind: "disconnected", node, reason });
  }

  stranger(peer: string, reason: string): void {
    this.events.emit("event", { kind: "stranger", peer, reason });
  }

  #record(id: string): NodeRecord {
    let record = this.#records.get(id);
    if (!record) {
      record = {
        session: undefined,
        redirected: false,
        sessions: 0,
        counters: { writes: 0, transactions: 0, refused: 0 },
        description: undefined,
      };
      this.#records.set(id, record);
    }
    return record;
  }
}

function view(node: HomeNode, { session, redirected, sessions, counters }: NodeRecord): NodeView {
  const settled = session?.state === "SETTLED";
  const waiting = redirected ? "on its way to the controller" : "not connected";
  return {
    id: node.id,
    role: node.role,
    connection: session ? "connected" : redirected ? "redirected" : "absent",
    state: session?.state ?? null,
    settled,
    pending: settled ? null : session ? (pendingText(session.rows) ?? "being provisioned") : waiting,
    rows: session?.rows ?? [],
    counters: session?.counters ?? counters,
    sessions,
    peer: session?.peer ?? null,
  };
}

/** One line for people. */
export function describeEvent(event: LocationEvent): string {
  switch (event.kind) {
    case "redirected":
      return `${event.node}: redirected to the controller`;
    case "connected":
      return `${event.node}: connected to the controller`;
    case "disconnected":
      return `${event.node}: left the controller (${event.reason})`;
    case "stranger":
      return `${event.peer}: not provisioned: ${event.reason}`;
    case "state":
      return `${event.node}: ${event.to}: ${event.reason}`;
    case "written":
      return `${event.node}: ${event.changes.join("; ")}`;
    case "row":
      return `${event.node}: ${event.row.id} ${event.row.status}${event.row.reason ? `: ${event.row.reason}` : ""}`;
  }
}
