/**
 * TLS sessions to go on with (RFC 8446 §2.2, RFC 5077): a peer that is dialled again is spared the proof of both certificates. What
 * was proven holds on: the session is of the very files and peer it was made with, and ends with that peer's certificate.
 */

import { createHash } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Clock } from "@opensync-ts/base/clock";
import { wireLimits } from "./limits.ts";
import { peerCertificateOf } from "./peer-certificate.ts";
import type { TlsMaterial } from "./tls-files.ts";
import type { PeerCertificate } from "./transport.ts";

interface Resumable {
  readonly session: Buffer;
  /** Whom the peer proved to be; a resumed connection does not say it again. */
  readonly certificate: PeerCertificate | undefined;
  /** Wall clock, ms. */
  readonly until: number;
}

/** For one who dials. */
export class TlsSessions {
  readonly #clock: Pick<Clock, "wallTime">;
  /** By peer and files; the ones used last are last. */
  readonly #sessions = new Map<string, Resumable>();

  constructor(clock: Pick<Clock, "wallTime">) {
    this.#clock = clock;
  }

  /** Of a remote (`ssl:host:port`), dialled with these files. */
  to(remote: string, { key, cert, ca }: TlsMaterial): DialledSession {
    const id = createHash("sha256").update([remote, key, cert, ca].join("\0")).digest("base64");
    const found = this.#sessions.get(id);
    const known = found && found.until > this.#clock.wallTime() ? found : undefined;
    /** Looked up once: the tickets may come when the connection has ended already. */
    let proven: Omit<Resumable, "session"> | undefined;
    const prove = (socket: TLSSocket) => {
      if (proven) return proven;
      const certificate = peerCertificateOf(socket);
      const until = certificate?.validUntil ?? 0;
      proven = socket.isSessionReused() && known ? known : { certificate, until };
      return proven;
    };
    return {
      session: known?.session,
      follow: (socket) => {
        socket.once("secureConnect", () => prove(socket));
        socket.on("session", (session: Buffer) => {
          if (proven) this.#keep(id, { ...proven, session });
        });
      },
      certificateOf: (socket) => prove(socket).certificate,
    };
  }

  #keep(id: string, resumable: Resumable): void {
    this.#sessions.delete(id);
    this.#sessions.set(id, resumable);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > wireLimits.maxTlsSessions && oldest !== undefined) this.#sessions.delete(oldest);
  }
}

export interface DialledSession {
  /** To dial with; undefined: anew. */
  readonly session: Buffer | undefined;
  /** Keeps what the peer offers for the next time. */
  follow(socket: TLSSocket): void;
  /** After the handshake. */
  certificateOf(socket: TLSSocket): PeerCertificate | undefined;
}

/** What a listener seals the sessions with that it hands out (tickets). */
export interface TicketKeys {
  /** 48 secret bytes. Whoever has them reads what was said on resumed connections of TLS 1.2, so they change. */
  readonly current: Buffer;
  /** How long a ticket may be used (ms). */
  readonly lifeMs: number;
  /** Wall clock, ms. */
  wallTime(): number;
  onChange(listener: (keys: Buffer) => void): () => void;
}

/**
 * Why a resumed connection is to be refused; undefined: it may be served. The handshake has not looked at the certificate again, so its
 * time is looked at here; that another authority is trusted now is seen to by the context that tickets belong to.
 */
export function resumptionProblem(certificate: PeerCertificate | undefined, now: number): string | undefined {
  const { validFrom, validUntil } = certificate ?? {};
  if (validFrom === undefined || validUntil === undefined) return "the resumed session has no certificate";
  if (validUntil < now) return `its certificate has expired (${new Date(validUntil).toISOString()})`;
  if (validFrom > now) return `its certificate is not valid yet (${new Date(validFrom).toISOString()})`;
  return undefined;
}

/** Tickets of one authority are worth nothing under another (at most 32 characters, as OpenSSL has it). */
export function ticketContext(ca: string): string {
  return createHash("sha256").update(ca).digest("base64").slice(0, 32);
}
