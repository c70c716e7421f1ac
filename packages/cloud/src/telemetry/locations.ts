/** What telemetry needs to know of the locations that are served; the cloud's `Locations` is that. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { NodeView } from "../location.ts";
import type { LocationEvent } from "../location-news.ts";
import type { TableReader } from "../rows.ts";
import type { TakenBack } from "../taken-back.ts";

export interface ServedLocation {
  readonly id: string;
  readonly nodes: readonly Pick<NodeView, "id" | "connection" | "refused" | "settled" | "pending">[];
  /** The version before was too much for one of its nodes, and nobody has applied another since. */
  readonly takenBack: TakenBack | undefined;
  /** The session that serves the node now. */
  session(node: string): { readonly tables: TableReader | undefined } | undefined;
  /** Why the node is not written; undefined: it is. */
  quarantine(node: string): string | undefined;
}

export interface ServedLocations {
  all(): Iterable<ServedLocation>;
  get(id: string): ServedLocation | undefined;
  /** Where a node is stated: ids of nodes are unique in the whole cloud. */
  placeOf(node: string): { readonly location: { readonly id: string } } | undefined;
  readonly events: {
    /** `location` is null for what is nobody's. */
    on(name: "event", listener: (event: { readonly location: string | null } & LocationEvent) => void): Unsubscribe;
  };
}
