/** What telemetry needs to know of the locations that are served; the cloud's `Locations` is that. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { LocationEvent, NodeView } from "../location.ts";
import * as limits from "./limits.ts";

export interface ServedLocation {
  readonly id: string;
  readonly nodes: readonly Pick<NodeView, "id" | "connection" | "settled" | "pending">[];
}

export interface ServedLocations {
  all(): Iterable<ServedLocation>;
  get(id: string): ServedLocation | undefined;
  readonly events: {
    on(name: "event", listener: (event: { readonly location: string } & LocationEvent) => void): Unsubscribe;
  };
}

/** Which location a node is of: ids of nodes are unique in the whole cloud. */
export class NodeDirectory {
  readonly #locations: ServedLocations;
  readonly #now: () => number;
  #known = new Map<string, string>();
  #madeAt = Number.NEGATIVE_INFINITY;

  constructor(locations: ServedLocations, now: () => number) {
    this.#locations = locations;
    this.#now = now;
  }

  /** Undefined for a node of no location. */
  locationOf(node: string): string | undefined {
    const known = this.#known.get(node);
    if (known !== undefined || this.#now() - this.#madeAt < limits.directoryMs) return known;
    this.refresh();
    return this.#known.get(node);
  }

  /** To be called now and then: nodes move from one location to another. */
  refresh(): void {
    this.#madeAt = this.#now();
    this.#known = new Map();
    for (const { id, nodes } of this.#locations.all()) for (const node of nodes) this.#known.set(node.id, id);
  }
}
