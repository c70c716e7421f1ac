/** The TLS handshake as a node makes it, except that nothing is refused: the doctor wants to see what is there. */

import type { X509Certificate } from "node:crypto";
import { connect, type TLSSocket } from "node:tls";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { doctorLimits } from "./limits.ts";
import type { OwnIdentity } from "./own-files.ts";

export interface Handshake {
  readonly socket: TLSSocket;
  readonly protocol: string;
  readonly cipher: string;
  /** The server's own certificate first; what the CA file adds is in it, too. */
  readonly chain: readonly X509Certificate[];
  /** What OpenSSL has against the chain: `CERT_HAS_EXPIRED`. */
  readonly objection: string | undefined;
  /** The server asked for a certificate of ours. */
  readonly asksForCertificate: boolean;
}

export interface HandshakeOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly identity: OwnIdentity;
}

/** Without a server name: nodes dial addresses. Rejects with OpenSSL's or the system's error, or with code `ETIMEDOUT` at the deadline. */
export function shakeHands(address: string, port: number, options: HandshakeOptions): Promise<Handshake> {
  const { clock, timeoutMs, identity } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      key: identity.key,
      cert: identity.cert,
      ca: identity.ca,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    const settle = () => {
      timer.cancel();
      socket.off("error", fail);
      socket.off("close", closed);
    };
    const fail = (error: Error) => {
      settle();
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const closed = () => fail(Object.assign(new Error("closed in the middle of the handshake"), { code: "EPIPE" }));
    const timer = clock.setTimer(timeoutMs, () =>
      fail(Object.assign(new Error(`no answer to the handshake within ${timeoutMs} ms`), { code: "ETIMEDOUT" })),
    );
    socket.on("error", fail);
    socket.on("close", closed);
    socket.once("secureConnect", () => {
      settle();
      resolve({
        socket,
        protocol: socket.getProtocol() ?? "unknown",
        cipher: socket.getCipher().standardName,
        chain: chainOf(socket),
        objection: objectionOf(socket),
        // OpenSSL knows them from a CertificateRequest only.
        asksForCertificate: socket.getSharedSigalgs().length > 0,
      });
    });
  });
}

function objectionOf(socket: TLSSocket): string | undefined {
  const { authorizationError } = socket as { authorizationError?: Error | string | null };
  if (!authorizationError) return undefined;
  return typeof authorizationError === "string" ? authorizationError : messageOf(authorizationError);
}

function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (
    let next = socket.getPeerX509Certificate();
    next && chain.length < doctorLimits.chain;
    next = next.issuerCertificate
  ) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}

/** The number of an alert that the peer sent (RFC 8446 §6), out of OpenSSL's words. */
export function alertOf(error: Error): number | undefined {
  const number = /SSL alert number (\d+)/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number);
}

const alerts: { readonly [number: number]: string } = {
  40: "handshake failure",
  42: "bad certificate",
  43: "unsupported certificate",
  44: "certificate revoked",
  45: "certificate expired",
  46: "certificate unknown",
  47: "illegal parameter",
  48: "unknown CA",
  49: "access denied",
  51: "decrypt error",
  70: "protocol version",
  71: "insufficient security",
  80: "internal error",
  86: "inappropriate fallback",
  112: "unrecognized name",
  116: "certificate required",
};

export function alertText(alert: number): string {
  return `alert ${alert}${alerts[alert] ? ` (${alerts[alert]})` : ""}`;
}

/** Alerts by which a server refuses a client's certificate. */
export function isAboutCertificate(alert: number): boolean {
  return (alert >= 42 && alert <= 46) || alert === 48 || alert === 49 || alert === 51 || alert === 116;
}
