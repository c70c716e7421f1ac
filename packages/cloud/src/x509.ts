/**
 * Making X.509 certificates: an authority, and what it signs. The library is loaded when a certificate has to be made,
 * which is seldom; looking at existing ones needs `node:crypto` only.
 */

import { webcrypto } from "node:crypto";
import type * as X509 from "@peculiar/x509";

export interface CertificateRequest {
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hexadecimal, positive, at most 20 octets. */
  readonly serialNumber: string;
  /** Host names and IP addresses that a client may dial. */
  readonly names?: readonly SubjectName[];
}

export interface SubjectName {
  readonly type: "dns" | "ip";
  readonly value: string;
}

/** PEM texts. */
export interface CertificatePair {
  readonly certificate: string;
  readonly privateKey: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A self-signed certificate that may sign others. */
export async function createAuthority(request: CertificateRequest): Promise<CertificatePair> {
  const x509 = await loadLibrary();
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [request.commonName] }],
    keys,
    signingAlgorithm: algorithm,
    ...validity(request),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemText(certificate), privateKey: await exportKey(keys.privateKey) };
}

/**
 * A certificate signed by `authority`. It serves either end of a connection: a node dials its controller with it, and
 * listens with it where it is told to.
 */
export async function createCertificate(
  request: CertificateRequest,
  authority: CertificatePair,
): Promise<CertificatePair> {
  const x509 = await loadLibrary();
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const { subtle } = webcrypto;
  const der = x509.PemConverter.decodeFirst(authority.privateKey);
  const signingKey = await subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName] }],
    issuer: issuer.subjectName.toJSON(),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    ...validity(request),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      ...(request.names?.length ? [new x509.SubjectAlternativeNameExtension([...request.names])] : []),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: pemText(certificate), privateKey: await exportKey(keys.privateKey) };
}

function validity({ notBefore, notAfter, serialNumber }: CertificateRequest) {
  return { notBefore, notAfter, serialNumber };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const x509 = await loadLibrary();
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

function pemText(certificate: X509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

let library: Promise<typeof X509> | undefined;

function loadLibrary(): Promise<typeof X509> {
  library ??= (async () => {
    // What the library's dependency container stands on.
    await import("reflect-metadata");
    return import("@peculiar/x509");
  })();
  return library;
}
