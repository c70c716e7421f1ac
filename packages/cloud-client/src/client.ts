/**
 * A client of the cloud's API, for browsers and Node.js. Its types are those of the API's contract; at run time nothing of the cloud is in
 * it.
 */

import { type Clock, RealClock, withDeadline } from "@opensync-ts/base/clock";
import type { AnswerTo, CallOf, Name } from "@opensync-ts/cloud/api/contract/contract";
import { type ApiFailure, failureOf, type Result, unreachable, unreadable } from "./errors.ts";
import { type CloudEvent, type FollowOptions, follow } from "./follow.ts";
import * as limits from "./limits.ts";

/** Part of `fetch`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  /** `https://cloud.example:8443`; in a page of the cloud's own site: empty. */
  readonly baseUrl: string;
  /** Left out: the session of the browser. */
  readonly token?: string | undefined;
  readonly fetch?: Fetch | undefined;
  readonly clock?: Clock | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number | undefined;
}

/** What a route is asked with; may be left out where it needs nothing. */
type Arguments<N extends Name> =
  Record<never, never> extends CallOf<N>
    ? [call?: CallOf<N>, options?: RequestOptions]
    : [call: CallOf<N>, options?: RequestOptions];

export interface CloudClient {
  /**
   * `client.request("GET /locations/:location", { params: { location } })`. Never rejects, but for a `signal` that is aborted: what
   * goes wrong is in the result.
   */
  request<N extends Exclude<Name, "GET /events/stream" | "GET /backup">>(
    name: N,
    ...call: Arguments<N>
  ): Promise<Result<AnswerTo<N>>>;
  /** All that is in the store, as lines of JSON. The stream rejects where it does not come whole. */
  backup(options?: RequestOptions): Promise<Result<ReadableStream<Uint8Array>>>;
  /** What happens, as it happens. Connects again by itself, and goes on where it was; throws a `CloudError` where it may not follow. */
  events(options?: FollowOptions): AsyncGenerator<CloudEvent, void, void>;
}

interface AnyCall {
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

export function createCloudClient(options: ClientOptions): CloudClient {
  const { baseUrl, token, fetch = globalThis.fetch as Fetch, clock = new RealClock() } = options;
  const base = `${baseUrl.replace(/\/+$/, "")}/api/v1`;
  let csrfToken: string | undefined;

  const send = (url: string, method: string, headers: Record<string, string>, rest: RequestInit) =>
    fetch(`${base}${url}`, {
      method,
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      credentials: "same-origin",
      redirect: "error",
      ...rest,
    });

  async function request(name: string, call: AnyCall = {}, options: RequestOptions = {}): Promise<Result<never>> {
    const { signal, limitMs = limits.requestMs } = options;
    const [method = "GET", path = ""] = name.split(" ");
    const { body } = call;
    const isChange = method !== "GET";
    const headers = {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(isChange && token === undefined && csrfToken !== undefined ? { "x-csrf-token": csrfToken } : {}),
    };
    const ours = new AbortController();
    const both = signal ? AbortSignal.any([signal, ours.signal]) : ours.signal;
    const exchange = async () => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await send(urlOf(path, call), method, headers, { signal: both, ...sent });
      return { response, text: await response.text() };
    };
    try {
      const { response, text } = await withDeadline(clock, exchange(), limitMs, name);
      if (!response.ok) return refused(failureOf(response.status, text, response.headers.get("retry-after")));
      const value = text === "" ? null : valueIn(text);
      if (value === unread) return refused(unreadable());
      if (path === "/session") csrfToken = value?.csrfToken ?? undefined;
      return { ok: true, value: value as never };
    } catch (error) {
      ours.abort(error);
      signal?.throwIfAborted();
      return refused(unreachable(error));
    }
  }

  async function backup({ signal, limitMs = limits.backupMs }: RequestOptions = {}) {
    const ours = new AbortController();
    const both = signal ? AbortSignal.any([signal, ours.signal]) : ours.signal;
    try {
      const answer = send("/backup", "GET", {}, { signal: both });
      const response = await withDeadline(clock, answer, limitMs, "backup");
      if (response.ok && response.body) return { ok: true, value: response.body } as const;
      const text = await withDeadline(clock, response.text(), limitMs, "backup");
      return refused(failureOf(response.status, text, response.headers.get("retry-after")));
    } catch (error) {
      ours.abort(error);
      signal?.throwIfAborted();
      return refused(unreachable(error));
    }
  }

  const connect = (query: Readonly<Record<string, unknown>>, lastId: string | undefined, signal: AbortSignal) =>
    send(
      urlOf("/events/stream", { query }),
      "GET",
      { accept: "text/event-stream", ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
      { signal },
    );

  return {
    request: request as CloudClient["request"],
    backup,
    events: (followOptions = {}) => follow(connect, clock, followOptions),
  };
}

function urlOf(path: string, { params = {}, query = {} }: AnyCall): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name) => encodeURIComponent(String(params[name])));
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return asked.length === 0 ? filled : `${filled}?${new URLSearchParams(asked)}`;
}

const unread = Symbol("no JSON");

function valueIn(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return unread;
  }
}

function refused(error: ApiFailure): { readonly ok: false; readonly error: ApiFailure } {
  return { ok: false, error };
}
