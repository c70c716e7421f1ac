/** Transports over sockets: unix, TCP and TLS, and how to dial them. */

import { connect as connectNet, isIP, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { ConnectionError } from "./client.ts";
import { peerCertificateOf } from "./peer-certificate.ts";
import { type ActiveRemote, formatRemote } from "./remote.ts";
import { loadTls, type TlsOptions } from "./tls-files.ts";
import type { DialledSession, TlsSessions } from "./tls-sessions.ts";
import type { PeerCertificate, Transport, TransportHandlers } from "./transport.ts";

export interface DialOptions {
  readonly clock: Clock;
  /** How long name resolution, connection and TLS handshake may take together (ms). */
  readonly timeoutMs: number;
  /** Needed for `ssl:`. */
  readonly tls?: TlsOptions | undefined;
  /** What earlier connections may be gone on with; without it, each proves everything anew. */
  readonly sessions?: TlsSessions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How connections are made: `dial`, or something that stands between. Likewise rejects within `timeoutMs`. */
export type Dial = (remote: ActiveRemote, options: DialOptions) => Promise<Transport>;

/** Connects, TLS handshake included. Rejects with a `ConnectionError` that names the remote, or a `UserError` for TLS files. */
export async function dial(remote: ActiveRemote, options: DialOptions): Promise<Transport> {
  const name = formatRemote(remote);
  options.signal?.throwIfAborted();
  const { socket, session } = await open(remote, name, options);
  return new Promise((resolve, reject) => {
    const settle = () => {
      timer.cancel();
      options.signal?.removeEventListener("abort", onAbort);
      socket.off("error", fail);
      socket.off("close", onClose);
    };
    const fail = (error: Error) => {
      settle();
      socket.on("error", () => {});
      socket.destroy();
      reject(error instanceof ConnectionError ? error : new ConnectionError(`${name}: ${explain(error)}`));
    };
    const onClose = () => fail(new ConnectionError(`${name}: the peer closed the connection`));
    const onAbort = () => fail(new ConnectionError(`${name}: cancelled`));
    const timer = options.clock.setTimer(options.timeoutMs, () =>
      fail(new ConnectionError(`${name}: no connection within ${options.timeoutMs} ms`)),
    );
    options.signal?.addEventListener("abort", onAbort, { once: true });
    socket.on("error", fail);
    socket.on("close", onClose);
    socket.once(remote.kind === "ssl" ? "secureConnect" : "connect", () => {
      settle();
      const certificate = session ? session.certificateOf(socket as TLSSocket) : peerCertificateOf(socket);
      resolve(new SocketTransport(socket, name, certificate));
    });
  });
}

interface Opened {
  readonly socket: Socket;
  readonly session?: DialledSession | undefined;
}

async function open(remote: ActiveRemote, name: string, { tls, sessions }: DialOptions): Promise<Opened> {
  if (remote.kind === "unix") return { socket: connectNet({ path: remote.path, allowHalfOpen: true }) };
  if (remote.kind === "tcp") {
    const { host, port } = remote;
    return { socket: connectNet({ host, port, allowHalfOpen: true, noDelay: true }) };
  }
  if (!tls) throw new ConnectionError(`${name}: TLS needs a private key, a certificate and a CA certificate`);
  const { connect } = await import("node:tls");
  const { servername } = tls;
  const serverName = servername ?? (isIP(remote.host) === 0 ? remote.host : undefined);
  const material = loadTls(tls);
  const session = sessions?.to(name, material);
  const socket = connect({
    host: remote.host,
    port: remote.port,
    ...material,
    ...(session?.session ? { session: session.session } : {}),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(servername === undefined ? { checkServerIdentity: () => undefined } : {}),
  });
  socket.setNoDelay(true);
  session?.follow(socket);
  return { socket, session };
}

/** The system's words for why a connection failed, with a hint where the cause is usual. */
export function explain(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ECONNREFUSED":
      return "connection refused; nothing listens there";
    case "ENOENT":
      return "no such socket; is the server running?";
    case "EACCES":
      return "permission denied";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host name does not resolve";
    case "ECONNRESET":
      return "connection reset by peer";
    case "EPIPE":
      return "the peer closed the connection";
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return `the peer's certificate does not chain to our CA (${code})`;
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return `the peer's certificate does not hold now (${code}); is it an old one, or the clock wrong?`;
    default:
      return opensslReason(error) ?? messageOf(error);
  }
}

/** OpenSSL's own words, out of `…:error:0A000412:SSL routines:func:reason:../file.c:1:…`. */
function opensslReason(error: Error): string | undefined {
  const reason = (error as { reason?: unknown }).reason;
  return typeof reason === "string" ? `TLS: ${reason}` : undefined;
}

export class SocketTransport implements Transport {
  readonly name: string;
  readonly peerCertificate: PeerCertificate | undefined;
  readonly #socket: Socket;
  #ended = false;

  /** Takes over a connected socket (after the handshake, for TLS). */
  constructor(socket: Socket, name: string, certificate = peerCertificateOf(socket)) {
    this.name = name;
    this.#socket = socket;
    this.peerCertificate = certificate;
    // Who hears that the peer has said all closes the connection, when it has the time.
    socket.allowHalfOpen = true;
    // Until somebody starts it, an error must not bring the process down; `closed` tells of it later.
    socket.on("error", noop);
  }

  get waiting(): number {
    return this.#socket.writableLength;
  }

  start(handlers: TransportHandlers): void {
    const socket = this.#socket;
    let failure: Error | undefined;
    if (socket.destroyed) {
      queueMicrotask(() => handlers.closed(socket.errored ?? undefined));
      return;
    }
    socket.on("data", (chunk: Buffer) => handlers.data(chunk));
    socket.on("end", () => handlers.ended());
    socket.on("drain", () => handlers.drained());
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => handlers.closed(failure));
  }

  write(text: string, bytes?: number): void {
    // What is ASCII needs no encoding, which saves a copy.
    if (!this.#ended) this.#socket.write(text, bytes === text.length ? "latin1" : "utf8");
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): boolean {
    if (this.#ended) return this.#socket.destroyed;
    this.#ended = true;
    const socket = this.#socket;
    // Where both sides have said all, there is nothing to wait for. (TLS says good-bye first.)
    if (socket.readableEnded && socket.writableLength === 0 && !("encrypted" in socket)) socket.destroy();
    else socket.end(() => socket.destroy());
    return socket.destroyed;
  }

  destroy(): void {
    this.#ended = true;
    this.#socket.destroy();
  }
}

function noop(): void {}
