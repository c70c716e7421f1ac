/** The node's own TLS files: there, readable by the owner only, in time, and the key is the certificate's. */

import { createPrivateKey, type X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { messageOf } from "@opensync-ts/base/errors";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import { type Finding, failed, ok, type Recorder, warning } from "./report.ts";
import { certificatesOf, judgeTimes, nameOf } from "./trust.ts";

/** What a handshake needs of them. */
export interface OwnIdentity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
  readonly certificate: X509Certificate;
  readonly authorities: readonly X509Certificate[];
}

/** Steps `TLS files` and `TLS own expiry`. Undefined where the files do not serve. */
export function examineOwnFiles(
  recorder: Recorder,
  part: string,
  files: TlsFiles,
  now: number,
): OwnIdentity | undefined {
  const tried = `${files.privateKey}, ${files.certificate}, ${files.caCert}`;
  const read = readOwnFiles(files);
  if ("finding" in read) {
    recorder.add(part, "TLS files", tried, read.finding);
    return undefined;
  }
  const { identity } = read;
  recorder.add(part, "TLS files", tried, judgeMode(files.privateKey, identity));
  recorder.add(part, "TLS own expiry", files.certificate, judgeTimes("the node", [identity.certificate], now));
  return identity;
}

function readOwnFiles(files: TlsFiles): { readonly identity: OwnIdentity } | { readonly finding: Finding } {
  try {
    const key = readPem(files.privateKey, "private key");
    const cert = readPem(files.certificate, "certificate");
    const ca = readPem(files.caCert, "CA certificate");
    const [certificate] = parsed(files.certificate, () => certificatesOf(cert));
    const authorities = parsed(files.caCert, () => certificatesOf(ca));
    const privateKey = parsed(files.privateKey, () => createPrivateKey(key));
    if (!certificate) throw new OwnFileError(`${files.certificate}: empty`, "copy the node's certificate there");
    if (!certificate.checkPrivateKey(privateKey)) {
      const found = `${files.privateKey} is not the key of ${files.certificate} (${nameOf(certificate.subject)})`;
      return { finding: failed(found, "put the key and the certificate that belong together there") };
    }
    return { identity: { key, cert, ca, certificate, authorities } };
  } catch (error) {
    if (!(error instanceof OwnFileError)) throw error;
    return { finding: failed(error.message, error.fix) };
  }
}

class OwnFileError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "not readable by you" : messageOf(error);
    throw new OwnFileError(
      `${what} ${path}: ${why}`,
      "put the node's file there, or name it with --private-key, --certificate, --ca-cert",
    );
  }
}

/** The contents of a key file are never told, whatever is in it. */
function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "not PEM";
    throw new OwnFileError(`${path}: cannot be understood (${code})`, "replace it by a PEM file without passphrase");
  }
}

function judgeMode(privateKey: string, { certificate }: OwnIdentity): Finding {
  const mode = statSync(privateKey, { throwIfNoEntry: false })?.mode ?? 0;
  const found = `${nameOf(certificate.subject)}, issued by ${nameOf(certificate.issuer)}; the key is its key`;
  const permissions = (mode & 0o777).toString(8).padStart(4, "0");
  if ((mode & 0o077) === 0) return ok(`${found}, mode ${permissions}`);
  return warning(`${found}; others may use the key (mode ${permissions})`, `chmod 600 ${privateKey}`);
}
