/** What the thread of the sockets and the thread of the sessions tell each other, many words in one message. */

import type { LogRecord } from "@opensync-ts/base/log";
import type { HandshakeRefusal } from "@opensync-ts/ovsdb/listener";
import type { ListenRemote } from "@opensync-ts/ovsdb/remote";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import type { PeerCertificate } from "@opensync-ts/ovsdb/transport";

/** Listeners and connections have numbers; a thread gives none of them twice. */
export type FromSockets =
  | readonly [kind: "listening", listener: number, port: number]
  | readonly [kind: "not listening", listener: number, reason: string]
  | readonly [kind: "opened", listener: number, connection: number, name: string, peer: PeerCertificate | undefined]
  /** Its next bytes; they are in the message's `bytes`, behind those of the words before. */
  | readonly [kind: "data", connection: number, length: number]
  /** It has asked for a sign of life, and has had it. */
  | readonly [kind: "answered", connection: number]
  | readonly [kind: "ended", connection: number]
  /** So many more of the bytes given to it the system has taken. */
  | readonly [kind: "sent", connection: number, bytes: number]
  | readonly [kind: "closed", connection: number, error: string | undefined]
  | readonly [kind: "refused", listener: number, refusal: HandshakeRefusal]
  | readonly [kind: "log", record: LogRecord];

export interface SocketsMessage {
  readonly words: readonly FromSockets[];
  readonly bytes: Uint8Array;
}

export type ToSockets =
  | readonly [kind: "listen", listener: number, remote: ListenRemote, tls: TlsFiles | undefined]
  | readonly [kind: "stop listening", listener: number]
  | readonly [kind: "write", connection: number, text: string, bytes: number]
  /** So many more of its bytes have been handled. */
  | readonly [kind: "taken", connection: number, bytes: number]
  | readonly [kind: "carry all", connection: number, all: boolean]
  | readonly [kind: "close", connection: number]
  | readonly [kind: "destroy", connection: number]
  | readonly [kind: "ticket keys", keys: Uint8Array]
  /** The thread of the sessions is there. */
  | readonly [kind: "alive"];

/** What the thread is started with. */
export interface SocketThreadData {
  /** How many threads listen on the same ports and share what all together may take. */
  readonly share: number;
  readonly tickets: { readonly keys: Uint8Array; readonly lifeMs: number } | undefined;
}
