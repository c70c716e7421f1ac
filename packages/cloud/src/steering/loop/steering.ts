/** Steering of all locations that are served: one loop for each, given what its nodes say, and its sessions given what comes of it. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { Location } from "../../location.ts";
import type { Locations } from "../../locations.ts";
import type { DesiredState } from "../../rows.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import type { Store } from "../../store/store.ts";
import * as limits from "../limits.ts";
import { LocationSteering } from "./location-steering.ts";
import type { SteeringMode } from "./settings.ts";

export interface SteeringOptions {
  readonly locations: Locations;
  readonly statistics: Statistics;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Of locations whose setting says nothing; else `on`. */
  readonly mode?: SteeringMode | undefined;
}

interface Loop {
  readonly steering: LocationSteering;
  retry: Timer | undefined;
  readonly stop: Unsubscribe;
}

export class Steering {
  readonly #options: SteeringOptions;
  readonly #events = new Emitter<{ change: string }>();
  readonly #loops = new Map<string, Loop>();
  readonly #stops: Unsubscribe[] = [];
  /** Loops of locations that are gone, writing what they know. */
  readonly #ending = new Set<Promise<void>>();
  /** Loops whose turn to read what is remembered is still to come, in order. */
  readonly #waiting = new Map<string, Loop>();
  #reading = 0;

  /** A location begins to be steered when one of its nodes is there and what is remembered of it has been read. */
  constructor(options: SteeringOptions) {
    this.#options = options;
    const { locations, statistics } = options;
    this.#stops.push(
      locations.events.on("removed", ({ id }) => this.#remove(id)),
      locations.events.on("event", ({ location, ...event }) => {
        if (location === null) return;
        if (event.kind === "connected" && !this.#loops.has(location)) this.#add(locations.get(location));
        if (event.kind === "disconnected") this.#loops.get(location)?.steering.rowsChanged(event.node);
      }),
      statistics.onPublication((publication) => {
        const place = locations.placeOf(publication.node);
        if (place) this.#loops.get(place.location.id)?.steering.take(publication);
      }),
    );
  }

  /** Of one location; undefined where it is not served. */
  location(id: string): LocationSteering | undefined {
    if (!this.#loops.has(id)) this.#add(this.#options.locations.get(id));
    return this.#loops.get(id)?.steering;
  }

  /** What the node's steering tables shall hold; undefined: nothing is said of them. */
  node(id: string): Pick<DesiredState, "rows" | "refusals"> | undefined {
    const place = this.#options.locations.placeOf(id);
    return place && this.#loops.get(place.location.id)?.steering.steering(id);
  }

  /** `listener` is called with the id of a node that shall steer in another way. */
  onChange(listener: (node: string) => void): Unsubscribe {
    return this.#events.on("change", listener);
  }

  /** Writes what is known of every location. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    for (const id of [...this.#loops.keys()]) this.#remove(id);
    await Promise.all(this.#ending);
  }

  #add(location: Location | undefined): void {
    if (!location || this.#stops.length === 0) return;
    const { id } = location;
    const { locations, store, clock, random, log, mode } = this.#options;
    const steering = new LocationSteering({
      location: id,
      home: () => location.home,
      nodes: { rows: (node) => locations.get(id)?.session(node)?.tables },
      ...{ store, clock, random, log },
      ...(mode === undefined ? {} : { mode }),
    });
    const stop = steering.onChange((node) => this.#events.emit("change", node));
    const loop: Loop = { steering, retry: undefined, stop };
    this.#loops.set(id, loop);
    this.#waiting.set(id, loop);
    this.#startNext();
  }

  /** A few at a time: after a start all locations come at once. */
  #startNext(): void {
    while (this.#reading < limits.startedAtOnce) {
      const [next] = this.#waiting;
      if (!next) return;
      const [id, loop] = next;
      this.#waiting.delete(id);
      this.#reading++;
      void this.#start(id, loop).finally(() => {
        this.#reading--;
        this.#startNext();
      });
    }
  }

  /** As long as the store cannot be reached, nothing is said of the nodes. */
  async #start(id: string, loop: Loop): Promise<void> {
    try {
      await loop.steering.start();
    } catch (error) {
      if (this.#loops.get(id) !== loop) return;
      this.#options.log.warning(`steering of location ${id}: ${messageOf(error)}; tried again later`);
      loop.retry = this.#options.clock.setTimer(limits.startRetryMs, () => {
        this.#waiting.set(id, loop);
        this.#startNext();
      });
    }
  }

  #remove(id: string): void {
    const loop = this.#loops.get(id);
    if (!loop) return;
    this.#loops.delete(id);
    this.#waiting.delete(id);
    loop.retry?.cancel();
    loop.stop();
    const ended = loop.steering
      .stop()
      .catch((error) => this.#options.log.warning(`steering of location ${id}: ${messageOf(error)}`))
      .finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
