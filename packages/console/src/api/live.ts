/** The cloud's live events: says whether they come, and has what they tell of read anew. */

import type { Timer } from "@opensync-ts/base/clock";
import { CloudError } from "@opensync-ts/cloud-client/errors";
import type { CloudEvent } from "@opensync-ts/cloud-client/follow";
import { useSyncExternalStore } from "react";
import { clock } from "../clock.ts";
import { endSession, queries } from "./ask.ts";
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
  /** Of the event that was seen last, to go on from there. */
  #lastId: string | undefined;
  /** Since when it is not followed, though somebody may look again, ms since 1970. */
  #leftAt: number | undefined;

  /**
   * Follows until the returned function is called, while somebody sees the page: a browser has six connections to a cloud for all its
   * tabs, and those that are not looked at would keep them from the one that is.
   */
  start(): () => void {
    let following: AbortController | undefined;
    const look = () => {
      if (document.visibilityState === "hidden") {
        following?.abort();
        following = undefined;
        this.#leftAt ??= clock.wallTime();
      } else if (!following) {
        following = new AbortController();
        if (this.#state.kind !== "cut") this.#enter({ kind: "connecting" });
        void this.#follow(following.signal);
      }
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      following?.abort();
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
      if (signal.aborted) return;
      this.#enter(isConnected ? { kind: "live" } : { kind: "cut", since: this.#leftAt ?? clock.wallTime() });
      if (isConnected) this.#leftAt = undefined;
    };
    // What was read before anybody looked, who knows what has happened since.
    let isOld = this.#lastId === undefined && this.#leftAt !== undefined;
    try {
      for await (const event of cloud.events({ signal, onConnection, lastId: this.#lastId })) {
        if (isOld || event.kind === "reset") void queries.invalidateQueries();
        isOld = false;
        this.#take(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof CloudError ? error.failure : undefined;
      endSession(error);
      this.#enter({ kind: "ended", reason: failure?.message ?? String(error) });
    }
  }

  #take(event: CloudEvent): void {
    this.#lastId = event.id ?? this.#lastId;
    for (const follower of this.#followers) follower(event);
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
