/**
 * Keeps the locations that are served as the store has them, and tells the store what has become of its versions: proven when the
 * nodes show it, taken back when one of them cannot bear it.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import * as limits from "./limits.ts";
import { Location } from "./location.ts";
import type { Locations } from "./locations.ts";
import { StoreRefusal } from "./store/errors.ts";
import { getLocation } from "./store/locations.ts";
import { appliedVersion, type HeldVersion, heldVersions, listVersions } from "./store/read-versions.ts";
import type { Store } from "./store/store.ts";
import { markProven, revert } from "./store/versions.ts";
import { breakerActor, takenBackOf, whyTakenBack } from "./taken-back.ts";

export interface StoredLocationsOptions {
  readonly store: Store;
  readonly locations: Locations;
  readonly clock: Clock;
  readonly log: Log;
}

type Job = () => Promise<void>;

export class StoredLocations {
  readonly #store: Store;
  readonly #locations: Locations;
  readonly #clock: Clock;
  readonly #log: Log;
  /** What is to be done, by what it is about: one of a kind for each location, however often it is asked for. */
  readonly #jobs = new Map<string, Job>();
  readonly #stops: (() => void)[] = [];
  #working: Promise<void> | undefined;
  #retry: Timer | undefined;
  #closed = false;

  private constructor({ store, locations, clock, log }: StoredLocationsOptions) {
    this.#store = store;
    this.#locations = locations;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when all locations that have a version are served. */
  static async open(options: StoredLocationsOptions): Promise<StoredLocations> {
    const stored = new StoredLocations(options);
    let after = "";
    for (;;) {
      const page = await heldVersions(stored.#store, { after });
      for (const held of page) stored.#serve(held);
      after = page.at(-1)?.location.id ?? "";
      if (page.length < limits.storePage) break;
    }
    stored.#follow();
    return stored;
  }

  #follow(): void {
    const { events } = this.#locations;
    this.#stops.push(
      this.#store.deeds.on("done", ({ action, location }) => {
        if (location && changing.has(action)) this.#do(`load ${location}`, () => this.#load(location));
      }),
    );
    const settled = new Map<Location, () => void>();
    const watch = (location: Location) => {
      settled.set(
        location,
        location.events.on("settled", () => this.#proven(location)),
      );
      if (location.proven) this.#proven(location);
    };
    for (const location of this.#locations.all()) watch(location);
    this.#stops.push(
      events.on("added", watch),
      events.on("removed", (location) => {
        settled.get(location)?.();
        settled.delete(location);
      }),
      events.on("event", ({ location, ...event }) => {
        if (location === null || event.kind !== "quarantined") return;
        const { node, reason } = event;
        this.#do(`revert ${location}`, () => this.#takeBack(location, node, reason));
      }),
      () => {
        for (const stop of settled.values()) stop();
      },
    );
  }

  /** Resolves when the store and what is served are the same. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  /** Waits for what is on its way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#retry?.cancel();
    this.#jobs.clear();
    await this.#working;
  }

  #proven({ id, version }: Location): void {
    if (version === null) return;
    this.#do(`prove ${id}`, () => markProven(this.#store, id, version, { actor: "nodes" }));
  }

  async #load(id: string): Promise<void> {
    try {
      const location = await getLocation(this.#store, id);
      const version = await appliedVersion(this.#store, id);
      if (version) this.#serve({ location, version });
      else this.#locations.remove(id);
    } catch (error) {
      if (!(error instanceof StoreRefusal) || error.code !== "not-found") throw error;
      this.#locations.remove(id);
    }
  }

  #serve({ location: { id, tenant, proven }, version }: HeldVersion): void {
    const { number, document } = version;
    const takenBack = takenBackOf(version);
    const served = this.#locations.get(id);
    if (served) {
      if (served.version !== number) served.setHome(document, number, takenBack);
      return;
    }
    const location = new Location(document, { id, tenant, version: number, proven: proven === number, takenBack });
    const taken = this.#locations.add(location);
    if (taken.length > 0) this.#log.error(`location ${id}: nodes ${taken.join(", ")} are served for another location`);
  }

  /** The last version that the nodes have shown holds again. What the breaker has brought back itself it does not take back. */
  async #takeBack(id: string, node: string, reason: string): Promise<void> {
    const { applied, head } = await getLocation(this.#store, id);
    if (applied === null) return;
    const [present, ...older] = await listVersions(this.#store, id, { before: applied + 1, limit: limits.storePage });
    const good = older.find(({ state }) => state === "proven");
    if (!good || present?.author === breakerActor) {
      this.#log.warning(`location ${id}: version ${applied} stays, there is none before it to go back to`);
      return;
    }
    const by = { actor: breakerActor, why: whyTakenBack({ version: applied, node, reason }) };
    await revert(this.#store, id, good.number, { basedOn: head }, by);
    this.#log.warning(`location ${id}: version ${applied} is taken back for version ${good.number}: ${node} ${reason}`);
  }

  #do(name: string, job: Job): void {
    if (this.#closed) return;
    this.#jobs.set(name, job);
    if (this.#retry === undefined) this.#working ??= this.#work();
  }

  /** One after the other. What fails because the store is gone is done later. */
  async #work(): Promise<void> {
    try {
      for (let entry = first(this.#jobs); entry; entry = first(this.#jobs)) {
        const [name, job] = entry;
        this.#jobs.delete(name);
        try {
          await job();
        } catch (error) {
          this.#log.warning(`${name}: ${messageOf(error)}`);
          if (error instanceof StoreRefusal || this.#closed) continue;
          if (!this.#jobs.has(name)) this.#jobs.set(name, job);
          this.#retry = this.#clock.setTimer(limits.storeRetryMs, () => {
            this.#retry = undefined;
            if (!this.#closed) this.#working ??= this.#work();
          });
          return;
        }
      }
    } finally {
      this.#working = undefined;
    }
  }
}

/** What may make another version of a location hold, or none. */
const changing: ReadonlySet<string> = new Set([
  "version.apply",
  "version.edit",
  "version.revert",
  "node.claim",
  "node.release",
  "location.import",
  "location.remove",
  "tenant.import",
]);

function first<K, V>(map: ReadonlyMap<K, V>): readonly [K, V] | undefined {
  const [entry] = map;
  return entry;
}
