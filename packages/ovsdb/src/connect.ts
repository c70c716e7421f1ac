/** Connections over sockets, for the typed clients: `unix:`, `tcp:` and `ssl:` remotes (on Node.js only). */

import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import type { DatabaseDeclaration } from "./declare.ts";
import { wireLimits } from "./limits.ts";
import type { Endpoint } from "./reconnecting-client.ts";
import { isActive, parseRemote } from "./remote.ts";
import { RemoteClient, type RemoteClientOptions } from "./remote-client.ts";
import { dial } from "./socket-transport.ts";
import type { TlsOptions } from "./tls-files.ts";

export interface DialOptions {
  readonly clock: Clock;
  /** How long a connection may take, TLS handshake included (ms); by default `wireLimits.connectMs`. */
  readonly connectTimeoutMs?: number;
  /** Needed for `ssl:` remotes. */
  readonly tls?: TlsOptions;
}

/** Dials a remote once. Rejects with a `UserError` or `ConnectionError` that names it. */
export async function connect<D extends DatabaseDeclaration>(
  remote: string,
  declaration: D,
  options: RemoteClientOptions & DialOptions,
): Promise<RemoteClient<D>> {
  const transport = await socketEndpoint(remote, options).dial(new AbortController().signal);
  return RemoteClient.attach(transport, declaration, options);
}

/** Where a `ReconnectingClient` finds its server. Throws a `UserError` for what no client can dial. */
export function socketEndpoint(remote: string, options: DialOptions): Endpoint {
  const target = parseRemote(remote);
  if (!isActive(target)) throw new UserError(`remote '${remote}': a client connects to unix:, tcp: or ssl: remotes`);
  const { clock, tls, connectTimeoutMs: timeoutMs = wireLimits.connectMs } = options;
  return { name: remote, dial: (signal) => dial(target, { clock, timeoutMs, tls, signal }) };
}
