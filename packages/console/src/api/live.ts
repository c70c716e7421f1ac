/** The cloud's live events: says whether they come, and has what they tell of read anew. */

import type { Timer } from "@opensync-ts/base/clock";
import { CloudError } from "@opensync-ts/cloud-client/errors";
import type { CloudEvent } from "@opensync-ts/cloud-client/follow";
import { useSyncExternalStore } from "react";
import { clock } from "../clock.ts";
import { queries } from "./ask.ts";
import { cloud } from "./cloud.ts";
import { isOfAll, Staleness } from "./news.ts";

/** `cut`: nothing comes at present; what is shown is as old as `since` says. */
export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "cut"; readonly since: number }
  | { readonly kind: "ended"; readonly reason: string };

/** Events that come close together lead to one reading: of one location, and of all of them, where there may be very many. */
const gatherMs = { one: 250, all: 3_000 } as const;
type Reach = keyof typeof gatherMs;

class Live {
  #state: LiveState = { kind: "connecting" };
  readonly #listeners = new Set<() => void>();
  readonly #followers = new Set<(event: CloudEvent) => void>();
  readonly #stale: Record<Reach, Staleness> = { one: new Staleness(), all: new Staleness() };
  readonly #gathering: Record<Reach, Timer | undefined> = { one: undefined, all: undefined };
  #following: AbortController | undefined;

  /** Follows until the returned function is called. */
  start(): () => void {
    const following = new AbortController();
    this.#following = following;
    this.#enter({ kind: "connecting" });
    void this.#follow(following.signal);
    return () => {
      following.abort();
      if (this.#following === following) this.#following = undefined;
    };
  }

  readonly state = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Each event as it comes, until the returned function is called. */
  onEvent(follower: (event: CloudEvent) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const onConnection = (isConnected: boolean) => {
      if (!signal.aborted) this.#enter(isConnected ? { kind: "live" } : { kind: "cut", since: clock.wallTime() });
    };
    try {
      for await (const event of cloud.events({ signal, onConnection })) this.#take(event);
    } catch (error) {
      const failure = error instanceof CloudError ? error.failure : undefined;
      if (failure?.status === 401) void queries.invalidateQueries({ queryKey: ["GET /session"] });
      this.#enter({ kind: "ended", reason: failure?.message ?? String(error) });
    }
  }

  #take(event: CloudEvent): void {
    for (const follower of this.#followers) follower(event);
    if (event.kind === "reset") void queries.invalidateQueries();
    this.#gather("one", event);
    this.#gather("all", event);
  }

  #gather(reach: Reach, { kind, data }: CloudEvent): void {
    this.#stale[reach].add(kind, data);
    if (this.#stale[reach].isEmpty || this.#gathering[reach] !== undefined) return;
    this.#gathering[reach] = clock.setTimer(gatherMs[reach], () => {
      this.#gathering[reach] = undefined;
      const stale = this.#stale[reach];
      this.#stale[reach] = new Staleness();
      const isMeant = (key: readonly unknown[]) => isOfAll(key) === (reach === "all") && stale.has(key);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => isMeant(queryKey) });
    });
  }

  #enter(state: LiveState): void {
    if (state.kind === this.#state.kind) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export const live = new Live();

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.state);
}
