/**
 * The certificates of a cloud and its nodes, in a directory:
 *
 * ```
 * ca.pem ca.key             the authority both sides trust
 * server.pem server.key     the redirector's and the controller's
 * nodes/ID/ca.pem client.pem client_dec.key     what goes onto node ID, named as nodes expect it
 * ```
 *
 * Files that exist and are good for another month are kept, so a restarted cloud is still trusted. Others are made
 * anew. Keys are readable by their owner only.
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory, writeFileAtomic } from "@opensync-ts/base/files";
import type { Random } from "@opensync-ts/base/random";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";
import * as limits from "./limits.ts";
import { type CertificatePair, createAuthority, createCertificate, type SubjectName } from "./x509.ts";

export interface CertificateOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Further names or addresses by which nodes reach the cloud. */
  readonly hosts?: readonly string[];
}

export class Certificates {
  readonly directory: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #names: readonly SubjectName[];
  readonly #nodes = new Map<string, Promise<TlsFiles>>();
  #authority: CertificatePair | undefined;

  private constructor(options: CertificateOptions) {
    this.directory = options.directory;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#names = serverNames(options.hosts ?? []);
  }

  /** Makes sure of the authority and the cloud's own certificate. Throws a `UserError` for files that cannot be used. */
  static async open(options: CertificateOptions): Promise<Certificates> {
    const certificates = new Certificates(options);
    makePrivateDirectory(options.directory);
    await certificates.#ensureAuthority();
    await certificates.#ensure(certificates.server, "opensync-ts cloud", certificates.#names);
    return certificates;
  }

  /** For listening. */
  get server(): TlsFiles {
    return this.#files(this.directory, "server.pem", "server.key");
  }

  /**
   * What node `id` proves itself with; made when there is none. The common name is the id. To be copied to the node's
   * certificate directory (`/var/certs`).
   */
  node(id: string): Promise<TlsFiles> {
    let files = this.#nodes.get(id);
    if (!files) {
      files = this.#makeNode(id);
      files.catch(() => this.#nodes.delete(id));
      this.#nodes.set(id, files);
    }
    return files;
  }

  async #makeNode(id: string): Promise<TlsFiles> {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(id)) {
      throw new UserError(`'${id}' cannot name a certificate; use up to 63 letters, digits, '.', '_' and '-'`);
    }
    const directory = join(this.directory, "nodes", id);
    makePrivateDirectory(directory);
    const files = this.#files(directory, "client.pem", "client_dec.key");
    const authority = this.#authority as CertificatePair;
    if (readIfThere(files.caCert) !== authority.certificate) writeFileAtomic(files.caCert, authority.certificate);
    await this.#ensure(files, id, []);
    return files;
  }

  #files(directory: string, certificate: string, privateKey: string): TlsFiles {
    return {
      caCert: join(directory, "ca.pem"),
      certificate: join(directory, certificate),
      privateKey: join(directory, privateKey),
    };
  }

  async #ensureAuthority(): Promise<void> {
    const files = this.#files(this.directory, "ca.pem", "ca.key");
    const present = readPair(files);
    if (present && isUsable(files.certificate, present, this.#clock)) {
      this.#authority = present;
      return;
    }
    // A new authority would silently make every node's certificate worthless.
    if (!present && readIfThere(files.certificate) !== undefined) {
      throw new UserError(
        `${files.privateKey}: missing, but nodes trust ${files.certificate}; put the key back, or remove ${this.directory} to give every node new certificates`,
      );
    }
    this.#authority = await createAuthority(this.#request("opensync-ts authority", limits.authorityLifeMs));
    writePair(files, this.#authority);
  }

  async #ensure(files: TlsFiles, commonName: string, names: readonly SubjectName[]): Promise<void> {
    const authority = this.#authority as CertificatePair;
    const present = readPair(files);
    if (present && isUsable(files.certificate, present, this.#clock)) {
      const certificate = new X509Certificate(present.certificate);
      const signed = certificate.verify(new X509Certificate(authority.certificate).publicKey);
      const reachable = names.every(({ type, value }) =>
        type === "ip" ? certificate.checkIP(value) : certificate.checkHost(value),
      );
      if (signed && reachable) return;
    }
    const request = { ...this.#request(commonName, limits.certificateLifeMs), names };
    writePair(files, await createCertificate(request, authority));
  }

  #request(commonName: string, lifeMs: number) {
    const now = this.#clock.wallTime();
    // A day back: nodes boot with clocks that are behind.
    const serialNumber = `01${this.#random.uuid().replaceAll("-", "")}`;
    return { commonName, serialNumber, notBefore: new Date(now - 86_400_000), notAfter: new Date(now + lifeMs) };
  }
}

function serverNames(hosts: readonly string[]): readonly SubjectName[] {
  const values = new Set(["127.0.0.1", "::1", "localhost", hostname(), ...hosts]);
  return [...values].filter((value) => value !== "").map((value) => ({ type: isAddress(value) ? "ip" : "dns", value }));
}

function isAddress(text: string): boolean {
  return text.includes(":") || /^\d+(\.\d+){3}$/.test(text);
}

/** Good for another month, and the key is its key. Throws a `UserError` for what is no certificate or key at all. */
function isUsable(file: string, { certificate, privateKey }: CertificatePair, clock: Clock): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    const now = clock.wallTime();
    if (parsed.validToDate.getTime() - now < limits.renewBeforeMs || parsed.validFromDate.getTime() > now) return false;
    return parsed.checkPrivateKey(createPrivateKey(privateKey));
  } catch (error) {
    throw new UserError(
      `${file}: not a certificate with its key (${messageOf(error)}); remove both files to have them made anew`,
    );
  }
}

function readPair(files: TlsFiles): CertificatePair | undefined {
  const certificate = readIfThere(files.certificate);
  const privateKey = readIfThere(files.privateKey);
  return certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey };
}

/** The key first: a certificate without its key would be found unusable, a key without a certificate is made anew. */
function writePair(files: TlsFiles, pair: CertificatePair): void {
  writeFileAtomic(files.privateKey, pair.privateKey);
  writeFileAtomic(files.certificate, pair.certificate);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(`${path}: cannot be read (${messageOf(error)})`);
  }
}
