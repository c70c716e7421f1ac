/** All locations that the cloud serves, as they are now, and who has called without being of any. */

import { Emitter } from "@opensync-ts/base/emitter";
import { addressOf } from "./admission.ts";
import type { HomeNode } from "./home.ts";
import { type ClaimedIdentity, type Identity, NodeIndex } from "./identity.ts";
import * as limits from "./limits.ts";
import type { Location, Place } from "./location.ts";
import type { LocationEvent } from "./location-news.ts";

/** A node that no home states, or that is not whom it says it is; or somebody who has not come to say who it is. */
export interface Caller extends ClaimedIdentity {
  readonly model: string | null;
  /** Of its certificate; null on a connection without TLS. */
  readonly commonName: string | null;
  readonly peer: string;
  /** Why it is not provisioned. */
  readonly reason: string;
  /** Wall clock, ms. */
  readonly seenAt: number;
}

export interface LocationsEvents {
  /** Of a location (by its id), or of nobody's: strangers. */
  event: LocationEvent & { readonly location: string | null };
  added: Location;
  removed: Location;
  /** Another version holds at a location from now on. */
  home: Location;
}

export class Locations {
  readonly events = new Emitter<LocationsEvents>();
  readonly #locations = new Map<string, { readonly location: Location; readonly forget: () => void }>();
  readonly #index = new NodeIndex<Place>();
  readonly #callers = new Map<string, Caller>();
  /** By address: those who have said neither id nor serial number. So many of them put no node out that can be claimed. */
  readonly #nameless = new Map<string, Caller>();

  constructor(...locations: readonly Location[]) {
    for (const location of locations) this.add(location);
  }

  /**
   * Serves a location. A node that another one states already is still that one's; the ids of such nodes are returned, and never
   * are any where the locations come from a store.
   */
  add(location: Location): readonly string[] {
    const { id } = location;
    this.remove(id);
    const place = (node: HomeNode): Place => ({ location, node });
    let { home } = location;
    const taken = this.#index.add(home, place);
    const stops = [
      location.events.on("event", (event) => this.events.emit("event", { location: id, ...event })),
      location.events.on("home", (next) => {
        this.#index.remove(home, (entry) => entry.location === location);
        home = next;
        this.#index.add(next, place);
        this.events.emit("home", location);
      }),
    ];
    const forget = () => {
      for (const stop of stops) stop();
      this.#index.remove(home, (entry) => entry.location === location);
    };
    this.#locations.set(id, { location, forget });
    this.events.emit("added", location);
    return taken;
  }

  remove(id: string): void {
    const entry = this.#locations.get(id);
    if (!entry) return;
    this.#locations.delete(id);
    entry.forget();
    this.events.emit("removed", entry.location);
  }

  get(id: string): Location | undefined {
    return this.#locations.get(id)?.location;
  }

  get size(): number {
    return this.#locations.size;
  }

  *all(): Iterable<Location> {
    for (const { location } of this.#locations.values()) yield location;
  }

  /** `commonName` is that of the peer's certificate; `undefined` where the connection has none (plain TCP). */
  identify(claimed: ClaimedIdentity, commonName: string | undefined): Identity<Place> {
    return this.#index.identify(claimed, commonName);
  }

  /** Where the node of this id is stated; no other location has one of that id. */
  placeOf(id: string): Place | undefined {
    return this.#index.byId(id);
  }

  placeOfSerial(serialNumber: string): Place | undefined {
    return this.#index.bySerial(serialNumber);
  }

  /** Those who have called and are of no location, the latest last. */
  get callers(): readonly Caller[] {
    const named = [...this.#callers.values()].filter(
      ({ id, serialNumber, commonName }) =>
        this.#index.identify({ id, serialNumber }, commonName ?? undefined).kind !== "member",
    );
    return [...this.#nameless.values(), ...named];
  }

  /** Somebody has called who is of no location, or not whom they say they are. `announce`: it is worth an event. */
  stranger(caller: Caller, announce: boolean): void {
    const name = caller.serialNumber ?? caller.id;
    if (name === null) remember(this.#nameless, addressOf(caller.peer), caller, limits.rememberedNamelessCallers);
    else remember(this.#callers, name, caller, limits.rememberedCallers);
    const { id, serialNumber, commonName, peer, reason, seenAt: at } = caller;
    const identity = this.#index.identify({ id, serialNumber }, commonName ?? undefined);
    if (identity.kind === "impostor") {
      const { location, node } = identity.place;
      location.refused(node.id, { reason, peer, at }, announce);
    }
    if (announce)
      this.events.emit("event", { location: null, kind: "stranger", peer: caller.peer, reason: caller.reason });
  }
}

/** The latest last; the oldest goes where there are too many. */
function remember<T>(all: Map<string, T>, name: string, value: T, most: number): void {
  all.delete(name);
  if (all.size >= most) {
    const [oldest] = all.keys();
    if (oldest !== undefined) all.delete(oldest);
  }
  all.set(name, value);
}
