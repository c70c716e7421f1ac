/**
 * What can be asked of telemetry. Questions to the store reject with a `StoreRefusal` for what cannot be asked, and with `StoreUnavailable`.
 * What has happened is known at once; figures in the store are some 30 s behind what nodes have reported; the rows of 15 minutes are 5 min behind, those of an hour 15 min, those of
 * a day an hour.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/telemetry/names";
import type { ChannelLatest } from "../../statistics/latest.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { Store } from "../../store/store.ts";
import type { Alert, Alerts } from "../alerts/alerts.ts";
import type { ClientTracker } from "../events/client-tracker.ts";
import type { TelemetryEvent } from "../events/event.ts";
import * as limits from "../limits.ts";
import type { ServedLocations } from "../locations.ts";
import type { TelemetryPolicy } from "../policy.ts";
import type { RawAnswer, RawQuestion, RawStore } from "../raw/raw-store.ts";
import type { Writer } from "../writer.ts";
import { type ClientNow, clientsNow } from "./clients-now.ts";
import { type AlertQuestion, type EventQuestion, listAlerts, listEvents } from "./happenings.ts";
import { type Past, pastOf } from "./past.ts";
import { type RadiosHeard, radiosHeard } from "./radios-heard.ts";
import {
  type AirPoint,
  type ClientPoint,
  channelSeries,
  clientSeries,
  type NodePoint,
  nodeSeries,
  type RadioPoint,
  radioSeries,
  type Series,
} from "./series.ts";
import { type Resolved, resolve, type Span } from "./span.ts";
import { type ReportedSteering, type SteeringEventQuestion, steeringEvents } from "./steering-events.ts";
import { firstEventAt } from "./then.ts";
import { type Talker, topTalkers } from "./top-talkers.ts";

export interface QueryParts {
  readonly store: Store;
  readonly raw: RawStore;
  readonly clock: Clock;
  readonly locations: ServedLocations;
  readonly statistics: Pick<Statistics, "node">;
  readonly policy: () => TelemetryPolicy;
  readonly alerts: Alerts;
  readonly tracker: ClientTracker;
  /** What has happened and is on its way into the store. */
  readonly writer: Pick<Writer, "waiting">;
}

/** Left out: all of them. */
export interface RadioChoice {
  readonly node?: string | undefined;
  readonly band?: Band | undefined;
}

export interface ChannelChoice extends RadioChoice {
  readonly channel?: number | undefined;
}

export class TelemetryQueries {
  readonly #parts: QueryParts;
  /** The one read last is last. */
  readonly #knownFrom = new Map<string, { readonly from: number | undefined; readonly readAt: number }>();

  constructor(parts: QueryParts) {
    this.#parts = parts;
  }

  /** The clients of a location as they are now, or were so long ago (ms). Empty for a location that is not served. */
  clientsNow(location: string, agoMs = 0): readonly ClientNow[] {
    const { locations, statistics, clock, tracker } = this.#parts;
    const nodes = locations.get(location)?.nodes.map(({ id }) => id) ?? [];
    return clientsNow(nodes, statistics, (mac) => tracker.since(location, mac), clock.now() - agoMs);
  }

  /** Since when a client is where it is, ms since 1970; undefined: not known. */
  since(location: string, mac: Mac): number | undefined {
    return this.#parts.tracker.since(location, mac);
  }

  /** What nodes have reported last, of their channels in operation. */
  radiosNow(node: string): Iterable<readonly [Band, ChannelLatest]> {
    return this.#parts.statistics.node(node)?.latest.radios ?? [];
  }

  /** What is kept of a time, ms since 1970. Rejects with the file system's error as well. */
  past(location: string, nodes: readonly string[], at: number): Promise<Past> {
    return pastOf(this.#parts, location, nodes, at);
  }

  /** Since when something is known of a location, ms since 1970; undefined: nothing is. As of a minute ago at the most. */
  async knownFrom(location: string): Promise<number | undefined> {
    const now = this.#parts.clock.now();
    const known = this.#knownFrom.get(location);
    if (known && now - known.readAt < limits.knownFromMs) return known.from;
    const from = await firstEventAt(this.#parts.store, location);
    this.#knownFrom.delete(location);
    this.#knownFrom.set(location, { from, readAt: now });
    for (const oldest of this.#knownFrom.keys()) {
      if (this.#knownFrom.size <= limits.knownFromLocations) break;
      this.#knownFrom.delete(oldest);
    }
    return from;
  }

  /** What the radios of a node have heard last; undefined: nothing since the cloud was started. */
  radiosHeard(node: string): RadiosHeard | undefined {
    const { statistics, clock } = this.#parts;
    const latest = statistics.node(node)?.latest;
    return latest && radiosHeard(latest, clock.now());
  }

  /** Alerts that are open now, also those that are not in the store yet. */
  openAlerts(location: string): readonly Alert[] {
    return this.#parts.alerts.open(location);
  }

  async clientSeries(location: string, client: Mac, span: Span): Promise<Series<ClientPoint>> {
    return clientSeries(this.#parts.store, location, client, this.#resolve(span));
  }

  async radioSeries(location: string, of: RadioChoice, span: Span): Promise<Series<RadioPoint>> {
    return radioSeries(this.#parts.store, location, of, this.#resolve(span));
  }

  /** Of channels other than those in operation. */
  async channelSeries(location: string, of: ChannelChoice, span: Span): Promise<Series<AirPoint>> {
    return channelSeries(this.#parts.store, location, of, this.#resolve(span));
  }

  async nodeSeries(location: string, node: string, span: Span): Promise<Series<NodePoint>> {
    return nodeSeries(this.#parts.store, location, node, this.#resolve(span));
  }

  async topTalkers(location: string, span: Span, limit = 10): Promise<readonly Talker[]> {
    return topTalkers(this.#parts.store, location, this.#resolve(span), limit);
  }

  events(question: EventQuestion): Promise<readonly TelemetryEvent[]> {
    const { store, writer } = this.#parts;
    return listEvents(store, question, writer.waiting("events"));
  }

  alerts(question: AlertQuestion): Promise<readonly Alert[]> {
    return listAlerts(this.#parts.store, question);
  }

  steeringEvents(question: SteeringEventQuestion): Promise<readonly ReportedSteering[]> {
    const { store, writer } = this.#parts;
    return steeringEvents(store, question, writer.waiting("steering_events"));
  }

  /** Payloads as a node published them. Rejects with the file system's error. */
  raw(question: RawQuestion): Promise<RawAnswer> {
    return this.#parts.raw.read(question);
  }

  #resolve(span: Span): Resolved {
    return resolve(span, this.#parts.clock.wallTime(), this.#parts.policy());
  }
}
