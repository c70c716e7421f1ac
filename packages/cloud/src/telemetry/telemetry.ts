/**
 * Telemetry of a cloud: what nodes report is kept raw for hours and rolled up for a year, what happens becomes events, what is wrong becomes
 * alerts, and all of it can be asked for. Whatever is the matter with the store or the disk, nodes go on being served.
 */

import { join } from "node:path";
import { type Clock, every, type Timer } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Mac } from "@opensync-ts/base/units";
import type { Band } from "@opensync-ts/telemetry/names";
import { Allowance } from "../allowance.ts";
import type { LocationEvent } from "../location-news.ts";
import type { Statistics } from "../statistics/statistics.ts";
import type { DoneDeed } from "../store/deed.ts";
import { StoreUnavailable } from "../store/errors.ts";
import type { Store } from "../store/store.ts";
import { Troubles } from "../troubles.ts";
import { type Alert, Alerts } from "./alerts/alerts.ts";
import { AuthFailures } from "./auth-failures.ts";
import { ClientTracker, type OpenStay } from "./events/client-tracker.ts";
import { deedEvent } from "./events/deed-events.ts";
import { eventNote, type TelemetryEvent } from "./events/event.ts";
import { type EventDraft, eventOf } from "./events/location-events.ts";
import { StateNews } from "./events/state-news.ts";
import { Ingest, type IngestCounters } from "./ingest.ts";
import * as limits from "./limits.ts";
import type { ServedLocations } from "./locations.ts";
import { NodeWatch } from "./node-watch.ts";
import { defaultPolicy, readPolicy, type TelemetryPolicy } from "./policy.ts";
import { pruneHappenings } from "./prune.ts";
import { alertOf } from "./queries/happenings.ts";
import { TelemetryQueries } from "./queries/queries.ts";
import { type RawCounters, RawStore } from "./raw/raw-store.ts";
import { Condenser } from "./rollup/condenser.ts";
import { Writer, type WriterCounters } from "./writer.ts";

export interface TelemetryOptions {
  readonly store: Store;
  readonly locations: ServedLocations;
  readonly statistics: Statistics;
  /** Of the cloud: raw payloads are in `telemetry/`. */
  readonly directory: string;
  /** Instead of the setting `telemetry`. */
  readonly policy?: TelemetryPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TelemetryCounters {
  readonly ingest: IngestCounters;
  readonly store: WriterCounters;
  readonly raw: RawCounters;
  /** Events that were too many for their location. */
  readonly eventsDropped: number;
  /** Alerts that were not raised, as their location had too many. */
  readonly alertsDropped: number;
}

export interface TelemetryEvents {
  event: TelemetryEvent;
  /** Raised or cleared. */
  alert: Alert;
}

export class Telemetry {
  /** What can be asked. */
  readonly queries: TelemetryQueries;
  readonly #options: TelemetryOptions;
  readonly #events = new Emitter<TelemetryEvents>();
  readonly #troubles: Troubles;
  readonly #condenser: Condenser;
  readonly #writer: Writer;
  readonly #alerts: Alerts;
  readonly #authFailures: AuthFailures;
  readonly #tracker: ClientTracker;
  readonly #watch: NodeWatch;
  readonly #raw: RawStore;
  readonly #ingest: Ingest;
  readonly #stateNews = new StateNews();
  readonly #eventAllowances = new Map<string, Allowance>();
  readonly #stops: Unsubscribe[] = [];
  readonly #timers: Timer[] = [];
  readonly #policy: { now: TelemetryPolicy };
  /** What was open before the start is known. */
  #restored = false;
  #eventsDropped = 0;
  #housekeeping: Promise<void> | undefined;

  /** Resolves when it has begun, also where the store cannot be reached: what it knows is then taken up later. */
  static async start(options: TelemetryOptions): Promise<Telemetry> {
    const troubles = new Troubles(options.clock, options.log);
    const given = options.policy;
    const policy = { now: given ?? (await currentPolicy(options.store, defaultPolicy, troubles)) };
    const raw = await RawStore.open({
      directory: join(options.directory, "telemetry"),
      policy: () => policy.now,
      clock: options.clock,
      log: options.log,
    });
    const telemetry = new Telemetry(options, raw, policy, troubles);
    await telemetry.#restore();
    telemetry.#begin();
    return telemetry;
  }

  private constructor(options: TelemetryOptions, raw: RawStore, policy: { now: TelemetryPolicy }, troubles: Troubles) {
    const { store, locations, clock, log } = options;
    this.#options = options;
    this.#raw = raw;
    this.#policy = policy;
    this.#troubles = troubles;
    const alertPolicy = () => this.#policy.now.alerts;
    const event = (location: string, draft: EventDraft & { readonly at: number }, id?: string) =>
      this.#tell(location, draft, id);
    this.#condenser = new Condenser(store);
    this.#writer = new Writer(store, this.#condenser, log);
    this.#alerts = new Alerts(store.random, (alert) => this.#alertChanged(alert));
    this.#authFailures = new AuthFailures(this.#alerts, alertPolicy, event);
    this.#tracker = new ClientTracker({ event, note: (note) => this.#writer.note(note) });
    this.#watch = new NodeWatch({ locations, alerts: this.#alerts, policy: alertPolicy, event });
    this.#ingest = new Ingest({
      ...{ clock, raw, troubles, event, locations },
      writer: this.#writer,
      tracker: this.#tracker,
      alerts: this.#alerts,
      authFailures: this.#authFailures,
      policy: alertPolicy,
    });
    this.queries = new TelemetryQueries({
      ...{ store, raw, clock, locations },
      statistics: options.statistics,
      policy: () => this.#policy.now,
      alerts: this.#alerts,
      tracker: this.#tracker,
      writer: this.#writer,
    });
  }

  get policy(): TelemetryPolicy {
    return this.#policy.now;
  }

  get counters(): TelemetryCounters {
    return {
      ingest: this.#ingest.counters,
      store: this.#writer.counters,
      raw: this.#raw.counters,
      eventsDropped: this.#eventsDropped,
      alertsDropped: this.#alerts.unraised,
    };
  }

  /** `listener` is called with each event when it happens, before it is in the store. */
  onEvent(listener: (event: TelemetryEvent) => void): Unsubscribe {
    return this.#events.on("event", this.#guarded(listener));
  }

  /** `listener` is called with each alert when it is raised, and again when it is cleared. */
  onAlert(listener: (alert: Alert) => void): Unsubscribe {
    return this.#events.on("alert", this.#guarded(listener));
  }

  /** Writes what has come together. Never rejects. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** Brings longer steps up to date and removes what is too old or too much. Never rejects; done now and then by itself. */
  async maintain(): Promise<void> {
    await this.#housekeeping;
    await this.#flushAndCondense(true);
    await this.#prune();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    for (const timer of this.#timers.splice(0)) timer.cancel();
    await this.#housekeeping;
    await this.#writer.flush();
    await this.#raw.close();
  }

  #begin(): void {
    const { locations, statistics, clock, store } = this.#options;
    this.#stops.push(
      statistics.onPublication((publication) => this.#ingest.take(publication)),
      locations.events.on("event", (event) => this.#locationEvent(event)),
      store.deeds.on("done", (deed) => this.#deed(deed)),
    );
    let condensedAt = clock.now();
    let prunedAt = clock.now();
    this.#timers.push(
      every(clock, limits.tickMs, () => this.#tick()),
      every(clock, limits.flushMs, () => {
        if (this.#housekeeping) return;
        const condense = clock.now() - condensedAt >= limits.condenseMs;
        const prune = clock.now() - prunedAt >= limits.pruneMs;
        if (condense) condensedAt = clock.now();
        if (prune) prunedAt = clock.now();
        this.#housekeeping = this.#housekeep(condense, prune).finally(() => {
          this.#housekeeping = undefined;
        });
      }),
    );
  }

  async #housekeep(condense: boolean, prune: boolean): Promise<void> {
    if (!this.#restored) await this.#restore();
    if (condense || prune) await this.#flushAndCondense(prune);
    else await this.#writer.flush();
    if (prune) await this.#prune();
  }

  #tick(): void {
    const now = this.#options.clock.wallTime();
    const { locations } = this.#options;
    try {
      this.#tracker.tick(now);
      this.#authFailures.tick(now);
      if (!this.#restored) return;
      this.#watch.tick(now);
      this.#alerts.tick(now, (location, node, kind) => {
        const served = locations.get(location);
        if (kind === "version-taken-back") return served !== undefined;
        return served?.nodes.some(({ id }) => id === node) ?? false;
      });
      this.#stateNews.retain((id) => locations.get(id) !== undefined);
      for (const id of this.#eventAllowances.keys())
        if (id !== "" && !locations.get(id)) this.#eventAllowances.delete(id);
    } catch (error) {
      this.#troubles.tell("tick", `telemetry: looking at nodes failed: ${messageOf(error)}`);
    }
  }

  #locationEvent({ location, ...event }: { readonly location: string | null } & LocationEvent): void {
    const now = this.#options.clock.wallTime();
    const draft = eventOf(event as LocationEvent);
    const isNews = location === null || this.#stateNews.isNews(location, event as LocationEvent);
    if (draft && isNews) this.#tell(location, { ...draft, at: draft.at ?? now });
    if (this.#restored && location !== null) this.#watch.take(location, event as LocationEvent, now);
  }

  #deed(deed: DoneDeed): void {
    const draft = deedEvent(deed);
    if (draft && deed.location) this.#tell(deed.location, { ...draft, at: deed.at ?? this.#options.clock.wallTime() });
  }

  #tell(location: string | null, draft: EventDraft & { readonly at: number }, id?: string): void {
    const isAlert = draft.kind === "alert-raised" || draft.kind === "alert-cleared";
    const allowance = this.#allowance(location ?? "");
    if (!isAlert && allowance.waitMs > 0) {
      this.#eventsDropped++;
      const limit = `${limits.eventsPerSecond} events a second`;
      this.#troubles.tell(`${location} events`, `${location ?? "strangers"}: more than ${limit}: events are dropped`);
      return;
    }
    allowance.use(1);
    const event: TelemetryEvent = { ...draft, id: id ?? this.#options.store.random.uuid(), location };
    this.#writer.note(eventNote(event));
    this.#events.emit("event", event);
  }

  #alertChanged(alert: Alert): void {
    const { id, location, kind, node, subject, raisedAt, clearedAt, clearedBecause, text } = alert;
    if (clearedAt === null) {
      const row = { id, location_id: location, kind, node_id: node, subject, text, raised_at: new Date(raisedAt) };
      this.#writer.note({ table: "alerts", row: { ...row, cleared_at: null, cleared_because: null } });
    } else {
      const because = clearedBecause ?? "it is over";
      this.#writer.note({ table: "alerts cleared", row: { id, at: new Date(clearedAt), because } });
    }
    const details = { alert: id, kind, subject };
    const over = `over: ${text}${clearedBecause ? ` (${clearedBecause})` : ""}`;
    this.#tell(
      location,
      clearedAt === null
        ? { kind: "alert-raised", node, client: null, at: raisedAt, text, details }
        : { kind: "alert-cleared", node, client: null, at: clearedAt, text: over, details },
    );
    this.#events.emit("alert", alert);
  }

  #allowance(location: string): Allowance {
    let allowance = this.#eventAllowances.get(location);
    if (!allowance) {
      allowance = new Allowance(this.#options.clock, limits.eventBurst, limits.eventsPerSecond);
      this.#eventAllowances.set(location, allowance);
    }
    return allowance;
  }

  /** Takes up what was open when the cloud ended. */
  async #restore(): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.wallTime();
    try {
      await this.#condenser.prepare(now);
      const { alerts, stays } = await store.run("read what is open", async (transaction) => ({
        alerts: await transaction
          .selectFrom("alerts")
          .selectAll()
          .where("cleared_at", "is", null)
          .limit(100_000)
          .execute(),
        stays: await transaction
          .selectFrom("client_stays")
          .selectAll()
          .where("to_ms", "is", null)
          .where("from_ms", ">=", now - this.#policy.now.steeringDays * 86_400_000)
          .orderBy("from_ms", "desc")
          .limit(200_000)
          .execute(),
      }));
      this.#alerts.restore(alerts.map(alertOf), now);
      const open = stays.map(
        (row): OpenStay => ({
          ...{ location: row.location_id, mac: row.mac as Mac, node: row.node_id },
          ...{ band: row.band as Band, ssid: row.ssid, from: row.from_ms },
        }),
      );
      this.#tracker.restore(open, now);
      this.#restored = true;
    } catch (error) {
      this.#storeTrouble(error);
    }
  }

  async #flushAndCondense(all: boolean): Promise<void> {
    await this.#writer.flush();
    if (!this.#restored) return;
    try {
      await this.#condenser.run(this.#options.clock.wallTime(), all);
    } catch (error) {
      this.#storeTrouble(error);
    }
  }

  async #prune(): Promise<void> {
    const { store, clock, locations } = this.#options;
    await this.#raw.prune();
    try {
      if (!this.#options.policy) this.#policy.now = await currentPolicy(store, this.policy, this.#troubles);
      const now = clock.wallTime();
      await this.#condenser.prune(now, this.policy);
      await pruneHappenings(store, now, this.policy, (location) => locations.get(location) !== undefined);
    } catch (error) {
      this.#storeTrouble(error);
    }
  }

  #storeTrouble(error: unknown): void {
    const what =
      error instanceof StoreUnavailable ? messageOf(error) : `telemetry: the store failed: ${messageOf(error)}`;
    this.#troubles.tell("store", what);
  }

  #guarded<T>(listener: (value: T) => void): (value: T) => void {
    return (value) => {
      try {
        listener(value);
      } catch (error) {
        this.#troubles.tell("listener", `a follower of telemetry failed: ${messageOf(error)}`);
      }
    };
  }
}

async function currentPolicy(store: Store, before: TelemetryPolicy, troubles: Troubles): Promise<TelemetryPolicy> {
  try {
    return await readPolicy(store, before, (text) => troubles.tell("policy", text));
  } catch (error) {
    troubles.tell("policy", messageOf(error));
    return before;
  }
}
