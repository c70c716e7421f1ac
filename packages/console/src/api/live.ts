/** The cloud's live events: says whether they come, and has what they tell of read anew. */

import type { Timer } from "@opensync-ts/base/clock";
import { CloudError } from "@opensync-ts/cloud-client/errors";
import type { CloudEvent } from "@opensync-ts/cloud-client/follow";
import { useSyncExternalStore } from "react";
import { clock } from "../clock.ts";
import { queries } from "./ask.ts";
import { cloud } from "./cloud.ts";
import { affectedBy } from "./news.ts";

/** `cut`: nothing comes at present; what is shown is as old as `since` says. */
export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "cut"; readonly since: number }
  | { readonly kind: "ended"; readonly reason: string };

/** Events that come close together lead to one reading. */
const gatherMs = 250;

class Live {
  #state: LiveState = { kind: "connecting" };
  readonly #listeners = new Set<() => void>();
  readonly #followers = new Set<(event: CloudEvent) => void>();
  readonly #stale = new Set<string>();
  #gathering: Timer | undefined;
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
    for (const route of affectedBy(event.kind)) this.#stale.add(route);
    if (this.#stale.size === 0 || this.#gathering !== undefined) return;
    this.#gathering = clock.setTimer(gatherMs, () => {
      this.#gathering = undefined;
      const stale = [...this.#stale];
      this.#stale.clear();
      for (const route of stale) void queries.invalidateQueries({ queryKey: [route] });
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
