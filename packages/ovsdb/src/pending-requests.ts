/** What was asked of the peer of a JSON-RPC connection and waits for its reply: within a bound, until a deadline, an abort or the connection's end. */

import type { Clock } from "@opensync-ts/base/clock";
import { ConnectionError } from "./client.ts";
import { isObject, type JsonValue, stringifyJson } from "./json.ts";
import { wireLimits } from "./limits.ts";

export interface RequestOptions {
  /** Rejects with a `ConnectionError` when no reply came within this time (ms); without it, waits as long as the connection lives. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The peer answered with an error; `error` is what it sent. */
export class JsonRpcError extends Error {
  override readonly name = "JsonRpcError";
  readonly error: JsonValue;

  constructor(method: string, error: JsonValue) {
    super(`${method}: ${describeError(error)}`);
    this.error = error;
  }
}

interface Pending {
  readonly method: string;
  resolve(result: JsonValue): void;
  reject(error: Error): void;
}

export class PendingRequests {
  /** Of the connection, for messages. */
  readonly #name: string;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  /** Resolves with the result. `send` is given the request's id, unless nothing more may be asked. */
  ask(method: string, { timeoutMs, signal }: RequestOptions, send: (id: number) => void): Promise<JsonValue> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#pending.size >= wireLimits.maxPendingRequests) {
        return reject(
          new ConnectionError(`${this.#name}: ${wireLimits.maxPendingRequests} requests wait for replies already`),
        );
      }
      const id = this.#nextId++;
      const settle = () => {
        this.#pending.delete(id);
        timer?.cancel();
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (error: Error) => {
        settle();
        reject(error);
      };
      const onAbort = () => fail(signal?.reason);
      const timer =
        timeoutMs === undefined
          ? undefined
          : this.#clock.setTimer(timeoutMs, () =>
              fail(new ConnectionError(`${this.#name}: no reply to ${method} within ${timeoutMs} ms`)),
            );
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        method,
        reject: fail,
        resolve: (result) => {
          settle();
          resolve(result);
        },
      });
      send(id);
    });
  }

  /** `error` null: it was done. An answer to nothing that waits (any more) is late after a deadline, or no matter of ours. */
  answered(id: JsonValue, result: JsonValue, error: JsonValue): void {
    const pending = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (!pending) return;
    if (error === null) pending.resolve(result);
    else pending.reject(new JsonRpcError(pending.method, error));
  }

  /** No more replies come. */
  end(reason: ConnectionError): void {
    for (const pending of [...this.#pending.values()]) pending.reject(reason);
  }
}

function describeError(error: JsonValue): string {
  if (typeof error === "string") return error;
  if (!isObject(error) || typeof error.error !== "string") return stringifyJson(error);
  return typeof error.details === "string" ? `${error.error}: ${error.details}` : error.error;
}
