/** Those who follow what happens: server-sent events (HTML standard, 9.2), each as much as they may see and can take. */

import type { ServerResponse } from "node:http";
import { type Clock, every, type Timer } from "@opensync-ts/base/clock";
import type { Log } from "@opensync-ts/base/log";
import type { Principal } from "../access/principal.ts";
import * as limits from "../limits.ts";
import { ApiProblem } from "../problems.ts";
import type { LiveHub, LiveMessage } from "./hub.ts";

export interface Follower {
  readonly principal: Principal;
  /** Only this one. */
  readonly location: string | null;
  /** What the reader has seen last, where it has been here before. */
  readonly lastId: string | undefined;
  /** Who the caller is by now; undefined: nobody any more. */
  readonly again: () => Promise<Principal | undefined>;
}

/** Where it is written to: part of a `ServerResponse`. */
export type Sink = Pick<ServerResponse, "write" | "end" | "destroy" | "on" | "writableLength">;

interface Stream {
  readonly follower: Follower;
  readonly sink: Sink;
}

export interface StreamsOptions {
  readonly hub: LiveHub;
  readonly clock: Clock;
  readonly log: Log;
}

export class Streams {
  readonly #hub: LiveHub;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #streams = new Set<Stream>();
  readonly #stop: () => void;
  #heartbeat: Timer | undefined;

  constructor({ hub, clock, log }: StreamsOptions) {
    this.#hub = hub;
    this.#clock = clock;
    this.#log = log;
    this.#stop = hub.messages.on("message", (message) => {
      for (const stream of this.#streams) this.#offer(stream, message);
    });
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Throws where there is no room for one more. */
  checkRoom({ key }: Principal): void {
    const own = [...this.#streams].filter(({ follower }) => follower.principal.key === key).length;
    if (own >= limits.streamsPerCaller || this.#streams.size >= limits.streams) {
      const what = own >= limits.streamsPerCaller ? `you follow ${own} times already` : "too many follow already";
      throw new ApiProblem(429, "limit", `${what}; end one that is not needed`, { retryAfterMs: limits.heartbeatMs });
    }
  }

  /** `sink`'s header is sent already. */
  open(sink: Sink, follower: Follower): void {
    const stream: Stream = { follower, sink };
    sink.on("close", () => this.#forget(stream));
    sink.on("error", () => this.#forget(stream));
    this.#streams.add(stream);
    this.#heartbeat ??= every(this.#clock, limits.heartbeatMs, () => void this.recheck());
    const { lastId } = follower;
    const missed = lastId === undefined ? [] : this.#hub.since(lastId);
    // With the number from which on nothing is missed.
    const start = missed ? "hello" : "reset";
    this.#write(
      stream,
      `retry: 2000\nid: ${missed?.length ? lastId : this.#hub.lastId}\nevent: ${start}\ndata: {}\n\n`,
    );
    for (const message of missed ?? []) this.#offer(stream, message);
  }

  /** Sends a sign of life, and ends streams of who may no longer follow. */
  async recheck(): Promise<void> {
    await Promise.all(
      [...this.#streams].map(async (stream) => {
        const { principal, again } = stream.follower;
        let now: Principal | undefined | "unknown";
        try {
          now = await again();
        } catch {
          // The store is gone for a while: nobody has lost a right by that.
          now = "unknown";
        }
        if (!this.#streams.has(stream)) return;
        const isSame = now === "unknown" || (now && now.role === principal.role && now.tenant === principal.tenant);
        if (isSame) this.#write(stream, ": still here\n\n");
        else this.#end(stream, "event: end\ndata: {}\n\n");
      }),
    );
  }

  stop(): void {
    this.#stop();
    for (const stream of [...this.#streams]) this.#end(stream, "");
  }

  #offer(stream: Stream, message: LiveMessage): void {
    const { principal, location } = stream.follower;
    if (principal.tenant !== null && message.tenant !== principal.tenant) return;
    if (location !== null && message.location !== location) return;
    this.#write(stream, message.text);
  }

  #write(stream: Stream, text: string): void {
    const { sink, follower } = stream;
    if (!this.#streams.has(stream)) return;
    sink.write(text);
    if (sink.writableLength <= limits.streamBacklogBytes) return;
    this.#log.notice(`${follower.principal.actor} does not read its events; cut off, it may come back for the rest`);
    this.#forget(stream);
    sink.destroy();
  }

  #end(stream: Stream, text: string): void {
    this.#forget(stream);
    stream.sink.end(text);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#heartbeat?.cancel();
    this.#heartbeat = undefined;
  }
}
