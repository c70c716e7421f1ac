/** What the API needs of the cloud that it runs in; parts that are not there are left out, and their routes say so. */

import type { Registry } from "prom-client";
import type { z } from "zod";
import type { HandWrite } from "../hand-writes.ts";
import type { Home } from "../home.ts";
import type { NodeView } from "../location.ts";
import type { LocationEvent } from "../location-news.ts";
import type { NodeDescription } from "../mirror.ts";
import type { PlannedWrites } from "../planned-writes.ts";
import type { ChannelLatest, NeighborLatest } from "../statistics/latest.ts";
import type { By } from "../store/audit.ts";
import type { Store } from "../store/store.ts";
import type { LookedAtSession, Workbench } from "../workbench/workbench.ts";
import type { clientNow } from "./contract/devices.ts";
import type { picture } from "./contract/picture.ts";
import type {
  cloudState,
  faultOrder,
  joinOrder,
  powerEvent,
  simulationRoutes,
  simulationView,
  uplinkState,
} from "./contract/simulation.ts";
import type { explanation, indicators, journalEntry, steeringMode } from "./contract/steering.ts";
import type { alert, event, series, steeringEvent, talker } from "./contract/telemetry.ts";

export interface ApiHost {
  /** The cloud's own, for files that are gone again soon. */
  readonly directory: string;
  readonly store: Store;
  readonly locations: LiveLocations;
  readonly metrics: Registry;
  /** For devices: `ssl:192.0.2.1:6643`, and the certificate of the authority (PEM). */
  readonly connection: { readonly redirector: string; readonly authority: string | null };
  readonly telemetry?: TelemetryQueries | undefined;
  readonly steering?: SteeringQueries | undefined;
  readonly workbench?: Workbench | undefined;
  /** Of this location; undefined: it is not simulated here. */
  readonly simulation?: ((location: string) => SimulatedHome | undefined) | undefined;
}

/** Part of a `Location`. */
export interface LiveLocation {
  readonly id: string;
  /** Null: without a store. */
  readonly tenant: string | null;
  /** Number of the version that its nodes are being given. */
  readonly version: number | null;
  readonly nodes: readonly NodeView[];
  readonly settled: boolean;
  /** The document that holds. */
  readonly home: Home;
  /** Of the node, while it is connected. */
  session(id: string): LiveSession | undefined;
  /** Somebody looks at it: nodes that have been silent for a while are asked whether they are there. */
  look(): void;
  node(id: string): NodeView | undefined;
  /** The last document that the node was given all of; undefined: nobody knows. */
  given(node: string): Home | undefined;
  description(id: string): NodeDescription | undefined;
  /** Somebody writes these columns of a row into the node by hand. Returns what takes it back where that fails. */
  handWritten(node: string, writes: readonly HandWrite[]): () => void;
  /** Undefined: the node is not connected, or it is not known what it has. */
  wouldWrite(node: string, home: Home): PlannedWrites | undefined;
}

/** Part of a `Session`. */
export type LiveSession = LookedAtSession;

/** Part of `Locations`. */
export interface LiveLocations {
  get(id: string): LiveLocation | undefined;
  all(): Iterable<LiveLocation>;
  /** Nodes that no document states. */
  readonly callers: Iterable<LiveCaller>;
  readonly events: {
    /** `location` null: of nobody's. */
    on(name: "event", listener: (event: LiveEvent) => void): () => void;
  };
}

export type LiveEvent = LocationEvent & { readonly location: string | null };

export interface LiveCaller {
  readonly peer: string;
  readonly id: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly commonName: string | null;
  readonly reason: string;
  /** Wall clock, ms. */
  readonly seenAt: number;
}

/** Ends of a time, ms since 1970; `step` in seconds, undefined: what fits. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step?: number | undefined;
}

/** What a series is of. */
export type SeriesOf =
  | { readonly kind: "client"; readonly mac: string }
  | { readonly kind: "node"; readonly node: string }
  | { readonly kind: "radio"; readonly node: string; readonly band: string }
  | { readonly kind: "channel"; readonly node: string; readonly band: string; readonly channel: number };

export type Series = z.input<typeof series>;
export type EventView = z.input<typeof event>;
export type AlertView = z.input<typeof alert>;
/** `key`: its id, in the network. */
export type ClientNow = Omit<z.input<typeof clientNow>, "key"> & { readonly key: string | null };
export type Picture = z.input<typeof picture>;
export type SteeringEventView = z.input<typeof steeringEvent>;
export type Talker = z.input<typeof talker>;

export interface Page {
  /** What came last on the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface EventsQuestion extends Page {
  readonly kind?: string | undefined;
  readonly node?: string | undefined;
  readonly client?: string | undefined;
  /** Before this time, ms since 1970. */
  readonly to?: number | undefined;
}

/** By band. Ages are ms. */
export interface RadiosHeard {
  readonly radios: ReadonlyMap<string, ChannelHeard>;
  /** Channels other than that in operation. */
  readonly channels: ReadonlyMap<string, readonly ChannelHeard[]>;
  readonly neighbors: readonly (Omit<NeighborLatest, "at"> & { readonly ageMs: number })[];
  readonly celsius: ReadonlyMap<string, number>;
}

export type ChannelHeard = Omit<ChannelLatest, "at"> & { readonly ageMs: number };

export interface AlertQuestion extends Page {
  /** Null: all. */
  readonly tenant: string | null;
  readonly location: string | null;
  readonly onlyOpen: boolean;
}

/** Answers are bounded, and may reject with a `StoreRefusal` or `StoreUnavailable`. */
export interface TelemetryQueries {
  series(location: string, of: SeriesOf, span: Span): Promise<Series>;
  clientsNow(location: string): Promise<readonly ClientNow[]>;
  /** What a client was called last, or what kind of device it seems to be; undefined: nobody knows. */
  lastName(location: string, mac: string): string | undefined;
  /** `home`: what held at that time; `at` in ms since 1970, null: now. */
  picture(location: string, home: Home, at: number | null): Promise<Picture>;
  talkers(location: string, span: Span, limit: number): Promise<readonly Talker[]>;
  /** The newest first. */
  events(location: string, question: EventsQuestion): Promise<readonly EventView[]>;
  /** What a node's radios have heard last; undefined: nothing yet. */
  radiosHeard(node: string): RadiosHeard | undefined;
  steeringEvents(location: string, mac: string, limit: number): Promise<readonly SteeringEventView[]>;
  alerts(question: AlertQuestion): Promise<readonly AlertView[]>;
  /** Calls `listener` with each new event and each alert raised or cleared, until the returned function is called. */
  follow(listener: (news: TelemetryNews) => void): () => void;
}

export type TelemetryNews =
  | { readonly kind: "event"; readonly event: EventView }
  | { readonly kind: "alert"; readonly alert: AlertView };

export interface SteeringQueries {
  mode(location: string): Promise<SteeringMode>;
  /** Is in the audit trail then. */
  setMode(location: string, mode: SteeringMode, by: By): Promise<void>;
  /** Undefined: it knows no such client. */
  explain(location: string, mac: string): Promise<Explanation | undefined>;
  /** Is in the audit trail then. False: it knows no such client. */
  resetBackoff(location: string, mac: string, by: By): Promise<boolean>;
  /** The newest first. */
  journal(
    location: string,
    question: Span & { readonly mac?: string | undefined; readonly limit: number },
  ): Promise<readonly JournalView[]>;
  indicators(location: string, span: Span): Promise<IndicatorsView>;
}

export type SteeringMode = z.output<typeof steeringMode>;
export type Explanation = z.input<typeof explanation>;
export type JournalView = z.input<typeof journalEntry>;
export type IndicatorsView = z.input<typeof indicators>;

/** A home that is simulated in the process of its cloud. What it cannot do it refuses with a `SimulationRefusal`. */
export interface SimulatedHome {
  view(): SimulationView;
  scenarios(): readonly FaultScenarioView[];
  /** At walking pace. */
  walk(mac: string, to: { readonly x: number; readonly y: number } | { readonly node: string }): void;
  /** A new phone tries to join a network. `hostname`: what it will call itself there. */
  join(order: z.output<typeof joinOrder>): { readonly mac: string; readonly hostname: string };
  /** Who has come by `join` leaves. */
  leave(mac: string): void;
  setUplink(node: string, state: z.output<typeof uplinkState>): void;
  setCloud(state: z.output<typeof cloudState>): void;
  power(node: string, event: z.output<typeof powerEvent>): void;
  radar(node: string, radio: string, channel: number): void;
  /** Null: no more. */
  jam(node: string, radio: string, jam: { readonly channel: number; readonly airtimePercent: number } | null): void;
  /** The number under which it is on; null: it has happened. */
  startFault(node: string, order: z.output<typeof faultOrder>): number | null;
  clearFault(node: string, fault: number): void;
}

export type SimulationView = z.input<typeof simulationView>;
export type FaultScenarioView = z.input<
  (typeof simulationRoutes)["GET /locations/:location/simulation/scenarios"]["answer"]
>["items"][number];
