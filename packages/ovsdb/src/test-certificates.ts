/** For tests: a CA with certificates, and a stranger's, made with the `openssl` command. */

import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TlsFiles } from "./tls-files.ts";

export interface TestCertificates {
  readonly server: TlsFiles;
  readonly client: TlsFiles;
  /** Trusts the CA, but shows a certificate of another one. */
  readonly stranger: TlsFiles;
}

/** A reason to skip TLS tests, or false. */
export const withoutOpenssl = spawnSync("openssl", ["version"]).error ? "the openssl command is not installed" : false;

export function makeCertificates(directory: string): TestCertificates {
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = (name: string) =>
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      file(`${name}.key`),
      "-out",
      file(`${name}.pem`),
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
    );
  const issue = (name: string, ca: string): TlsFiles => {
    openssl("req", ...newKey, "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`), "-subj", `/CN=${name}`);
    const signer = ["-CA", file(`${ca}.pem`), "-CAkey", file(`${ca}.key`), "-CAcreateserial"];
    openssl("x509", "-req", "-in", file(`${name}.csr`), ...signer, "-out", file(`${name}.pem`), "-days", "2");
    return { privateKey: file(`${name}.key`), certificate: file(`${name}.pem`), caCert: file("test-ca.pem") };
  };
  authority("test-ca");
  authority("other-ca");
  return {
    server: issue("server", "test-ca"),
    client: issue("client", "test-ca"),
    stranger: issue("stranger", "other-ca"),
  };
}
