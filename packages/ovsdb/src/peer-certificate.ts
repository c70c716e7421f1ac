/** Whom a TLS handshake proved a peer to be. */

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { PeerCertificate } from "./transport.ts";

/**
 * Whom the TLS handshake proved the peer of `socket` to be; undefined without TLS. Not by `getPeerX509Certificate`: on a connection that was
 * dialled, Node.js 24 shows no certificate any more once that was called.
 */
export function peerCertificateOf(socket: Socket): PeerCertificate | undefined {
  if (!("getPeerCertificate" in socket)) return undefined;
  const certificate = (socket as TLSSocket).getPeerCertificate();
  if (!certificate?.subject) return undefined;
  return {
    commonName: one(certificate.subject.CN),
    issuer: one(certificate.issuer.CN),
    fingerprint: certificate.fingerprint256,
    validFrom: Date.parse(certificate.valid_from),
    validUntil: Date.parse(certificate.valid_to),
  };
}

function one(name: string | string[] | undefined): string {
  return (Array.isArray(name) ? name[0] : name) ?? "";
}
