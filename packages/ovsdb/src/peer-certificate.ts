/** Whom a TLS handshake proved a peer to be. */

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { PeerCertificate } from "./transport.ts";

/** Whom the TLS handshake proved the peer of `socket` to be; undefined without TLS. */
export function peerCertificateOf(socket: Socket): PeerCertificate | undefined {
  if (!("getPeerCertificate" in socket)) return undefined;
  const certificate = (socket as TLSSocket).getPeerCertificate();
  if (!certificate?.subject) return undefined;
  return {
    commonName: one(certificate.subject.CN),
    issuer: one(certificate.issuer.CN),
    fingerprint: certificate.fingerprint256,
    validUntil: Date.parse(certificate.valid_to),
  };
}

/**
 * From when until when (wall clock, ms) the certificate of a TLS peer is valid; undefined where there is none to be seen. Not by
 * `getPeerX509Certificate`: on a connection that was dialled, Node.js 24 shows no certificate any more once that was called.
 */
export function certificateLife(socket: TLSSocket): { readonly from: number; readonly until: number } | undefined {
  const certificate = socket.getPeerCertificate();
  if (!certificate?.valid_to) return undefined;
  return { from: Date.parse(certificate.valid_from), until: Date.parse(certificate.valid_to) };
}

function one(name: string | string[] | undefined): string {
  return (Array.isArray(name) ? name[0] : name) ?? "";
}
