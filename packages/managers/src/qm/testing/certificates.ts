/** For tests: CAs, brokers' and nodes' certificates, made with the `openssl` command. */

import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";

export const withoutOpenssl = spawnSync("openssl", ["version"]).error ? "the openssl command is not installed" : false;

export class Certificates {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes a CA. */
  authority(name: string): void {
    const [key, pem] = [this.#file(`${name}.key`), this.#file(`${name}.pem`)];
    this.#openssl("req", "-x509", ...newKey, "-keyout", key, "-out", pem, "-days", "2", "-subj", `/CN=${name}`);
  }

  /** Makes a certificate by `authority`; trusts `trusted`, by default the same. */
  issue(
    name: string,
    authority: string,
    options: { readonly names?: string; readonly days?: number; readonly trusted?: string } = {},
  ): TlsFiles {
    const [key, csr, pem] = ["key", "csr", "pem"].map((suffix) => this.#file(`${name}.${suffix}`)) as [
      string,
      string,
      string,
    ];
    this.#openssl("req", ...newKey, "-keyout", key, "-out", csr, "-subj", `/CN=${name}`);
    const extensions = this.#file(`${name}.ext`);
    writeFileSync(extensions, options.names === undefined ? "" : `subjectAltName=${options.names}\n`);
    const signer = ["-CA", this.#file(`${authority}.pem`), "-CAkey", this.#file(`${authority}.key`), "-CAcreateserial"];
    const days = ["-days", `${options.days ?? 2}`, "-extfile", extensions];
    this.#openssl("x509", "-req", "-in", csr, ...signer, "-out", pem, ...days);
    return { privateKey: key, certificate: pem, caCert: this.#file(`${options.trusted ?? authority}.pem`) };
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }

  #openssl(...args: string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
