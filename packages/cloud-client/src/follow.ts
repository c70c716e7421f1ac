/** Live events (server-sent events) as an endless list: connects again after an interruption, and says when something was missed. */

import { type Clock, type Timer, withDeadline } from "@opensync-ts/base/clock";
import { createParser } from "eventsource-parser";
import { CloudError, failureOf } from "./errors.ts";
import * as limits from "./limits.ts";

export interface CloudEvent {
  /**
   * `node`, `change`, `event`, `alert`, `caller`: what has happened. `hello`: connected, and nothing was missed. `reset`: connected, and
   * something may have been missed: what is shown has to be read again.
   */
  readonly kind: string;
  readonly data: unknown;
  /** To go on from after it. */
  readonly id: string | undefined;
}

export interface FollowOptions {
  /** Only of this one. */
  readonly location?: string | undefined;
  /** What was seen last, where one has followed before. */
  readonly lastId?: string | undefined;
  /** Ends the list. */
  readonly signal?: AbortSignal | undefined;
  /** Told each time a connection stands, and each time there is none any more. */
  readonly onConnection?: ((isConnected: boolean) => void) | undefined;
}

export type Connect = (
  query: Readonly<Record<string, unknown>>,
  lastId: string | undefined,
  signal: AbortSignal,
) => Promise<Response>;

/** Where it makes no sense to try again. */
const final: ReadonlySet<number> = new Set([400, 401, 403, 404]);

export async function* follow(
  connect: Connect,
  clock: Clock,
  { location, lastId, signal, onConnection }: FollowOptions,
): AsyncGenerator<CloudEvent, void, void> {
  let last = lastId;
  let wait = limits.firstRetryMs;
  while (!signal?.aborted) {
    const ours = new AbortController();
    const both = signal ? AbortSignal.any([signal, ours.signal]) : ours.signal;
    let pause = wait;
    try {
      const answer = connect(location === undefined ? {} : { location }, last, both);
      const response = await withDeadline(clock, answer, limits.requestMs, "live events");
      if (!response.ok || !response.body) {
        const text = await withDeadline(clock, response.text(), limits.requestMs, "live events");
        const failure = failureOf(response.status, text, response.headers.get("retry-after"));
        if (final.has(response.status)) throw new CloudError(failure);
        pause = failure.retryAfterMs ?? pause;
      } else {
        onConnection?.(true);
        for await (const event of eventsOf(response.body, clock, ours)) {
          wait = limits.firstRetryMs;
          pause = wait;
          last = event.id ?? last;
          // The rights may be others now: connecting again tells.
          if (event.kind === "end") break;
          yield event;
        }
      }
    } catch (error) {
      if (error instanceof CloudError) throw error;
      if (signal?.aborted) return;
    } finally {
      ours.abort();
      onConnection?.(false);
    }
    wait = Math.min(wait * 2, limits.lastRetryMs);
    await clock.sleep(pause, signal).catch(() => undefined);
  }
}

/** Until the connection ends, or nothing is heard of it for too long. */
async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  clock: Clock,
  connection: AbortController,
): AsyncGenerator<CloudEvent, void, void> {
  const arrived: CloudEvent[] = [];
  const parser = createParser({
    maxBufferSize: limits.eventLength,
    onEvent: ({ id, event = "message", data }) => arrived.push({ kind: event, data: parsed(data), id }),
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") connection.abort(error);
    },
  });
  const reader = body.getReader();
  const text = new TextDecoder();
  let watch: Timer | undefined;
  try {
    for (;;) {
      watch = clock.setTimer(
        limits.silenceMs,
        () => void reader.cancel(new Error("nothing heard")).catch(() => undefined),
      );
      const { done, value } = await reader.read();
      watch.cancel();
      if (done) return;
      parser.feed(text.decode(value, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    watch?.cancel();
    await reader.cancel().catch(() => undefined);
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
