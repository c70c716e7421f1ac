/** The connection to a node as such: for a look at what the session itself does not need. */

import type { Client } from "@opensync-ts/ovsdb/client";
import type { JsonValue } from "@opensync-ts/ovsdb/json";
import type { WireMessage } from "@opensync-ts/ovsdb/jsonrpc";
import type { RequestOptions } from "@opensync-ts/ovsdb/pending-requests";
import type { PeerCertificate } from "@opensync-ts/ovsdb/transport";
import type { OpenSync } from "@opensync-ts/schema/opensync";

export interface NodeWire {
  /** Rejects with `JsonRpcError`, or with `ConnectionError` when no reply comes in time. */
  request(method: string, params: readonly JsonValue[], options?: RequestOptions): Promise<JsonValue>;
  /** Calls `observer` with each message of either direction until the returned function is called; it must not throw. */
  observe(observer: (message: WireMessage) => void): () => void;
  readonly peerCertificate: PeerCertificate | undefined;
  /** When anything came last, ms of the clock. */
  readonly lastReceived: number;
  readonly closed: AbortSignal;
}

/** Undefined: it is a client within the process. */
export function wireOf(client: Client<OpenSync> & Partial<NodeWire>): NodeWire | undefined {
  return client.request && client.observe ? (client as NodeWire) : undefined;
}

/** Undefined: it is a client within the process. */
export function lastReceivedOf(client: Client<OpenSync> & Partial<NodeWire>): number | undefined {
  return client.lastReceived;
}
