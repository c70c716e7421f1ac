/** What is kept of a time in the past: payloads where there are any, else averages; and where clients stayed. */

import type { NodeLatest } from "../../statistics/latest.ts";
import type { Store } from "../../store/store.ts";
import type { RawStore } from "../raw/raw-store.ts";
import type { Writer } from "../writer.ts";
import { replay } from "./replay.ts";
import { type Averages, averagesAt, type Stays, staysAt } from "./then.ts";

export interface Past {
  /** By node, as they had reported last; empty where no payload is kept of that time. */
  readonly latest: ReadonlyMap<string, NodeLatest>;
  readonly stays: Stays;
  /** Asked for only where there are no payloads. */
  readonly averages: Averages | undefined;
}

/** Rejects with `StoreUnavailable`, or the file system's error. */
export async function pastOf(
  { store, raw, writer }: { readonly store: Store; readonly raw: RawStore; readonly writer: Pick<Writer, "waiting"> },
  location: string,
  nodes: readonly string[],
  at: number,
): Promise<Past> {
  const [latest, stays] = await Promise.all([
    replay(raw, nodes, at),
    staysAt(store, location, at, writer.waiting("client_stays")),
  ]);
  const averages = latest.size > 0 ? undefined : await averagesAt(store, location, at);
  return { latest, stays, averages };
}
