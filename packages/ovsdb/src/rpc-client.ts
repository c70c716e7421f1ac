/** The smallest client: connect, ask, close. For commands that must start quickly; it knows nothing of schemas. */

import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { JsonValue } from "./json.ts";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { isActive, parseRemote } from "./remote.ts";
import { dial } from "./socket-transport.ts";
import type { TlsOptions } from "./tls-files.ts";

export interface RpcOptions {
  readonly clock: Clock;
  /** For connecting, and for each reply (ms). */
  readonly timeoutMs: number;
  /** Needed for `ssl:` remotes. */
  readonly tls?: TlsOptions;
  /** Receives what the server says unasked (`update`, `locked`, `stolen`). */
  readonly onNotification?: (method: string, params: readonly JsonValue[]) => void;
}

export interface RpcClient {
  /**
   * Rejects with `JsonRpcError` when the server answers with an error, with `ConnectionError` when the connection
   * ends or no reply comes in time. `timeoutMs` replaces the connection's own; Infinity waits for ever.
   */
  request(
    method: string,
    params: readonly JsonValue[],
    options?: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<JsonValue>;
  /** Aborted, with the reason, when the connection has ended. */
  readonly closed: AbortSignal;
  close(): void;
}

/** `remote` is `unix:`, `tcp:` or `ssl:`. Rejects with a `UserError` or `ConnectionError` that names it. */
export async function connectRpc(remote: string, options: RpcOptions): Promise<RpcClient> {
  const target = parseRemote(remote);
  if (!isActive(target)) throw new UserError(`remote '${remote}': a client connects to unix:, tcp: or ssl: remotes`);
  const ended = new AbortController();
  const peer = new JsonRpcPeer(await dial(target, options), {
    clock: options.clock,
    handlers: {
      request(method, params, id) {
        if (method === "echo") peer.reply(id, params);
        else peer.replyError(id, { error: "unknown method", details: `a client does not offer "${method}"` });
      },
      notification: (method, params) => options.onNotification?.(method, params),
      closed: (reason) => ended.abort(reason),
    },
  });
  return {
    closed: ended.signal,
    close: () => peer.close(),
    request(method, params, { signal, timeoutMs = options.timeoutMs } = {}) {
      return peer.request(method, params, { signal, timeoutMs: Number.isFinite(timeoutMs) ? timeoutMs : undefined });
    },
  };
}
