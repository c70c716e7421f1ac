/**
 * The client for browsers: everything it needs, and nothing of Node.js.
 *
 * ```ts
 * import { ReconnectingClient, webSocketEndpoint } from "@opensync-ts/ovsdb/browser";
 * const clock = new RealClock();
 * const client = new ReconnectingClient([webSocketEndpoint("wss://lab.example/db", { clock })], schema, {
 *   clock,
 *   random: { next: Math.random },
 * });
 * ```
 */

export { RealClock } from "@opensync-ts/base/clock";
export * from "./client.ts";
export type { Row, Uuid } from "./datum.ts";
export * from "./declare.ts";
export { JsonRpcError } from "./pending-requests.ts";
export {
  type ConnectionStatus,
  type Endpoint,
  ReconnectingClient,
  type ReconnectingClientOptions,
} from "./reconnecting-client.ts";
export { RemoteClient, type RemoteClientOptions } from "./remote-client.ts";
export { type Upserted, upsert } from "./upsert.ts";
export { type WebSocketLike, WebSocketTransport, webSocketEndpoint } from "./websocket-transport.ts";
