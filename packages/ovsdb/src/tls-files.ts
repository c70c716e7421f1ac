/** The files that prove who we are and whom we trust, as `ovsdb-server --private-key --certificate --ca-cert` takes them. */

import { readFileSync, statSync } from "node:fs";
import type { SecureVersion } from "node:tls";
import { messageOf, UserError } from "@opensync-ts/base/errors";

/** Paths of PEM files. */
export interface TlsFiles {
  readonly privateKey: string;
  readonly certificate: string;
  readonly caCert: string;
  /** What peers may speak, as `--ssl-protocols` lists it; empty or undefined: what Node.js allows. */
  readonly protocols?: string | undefined;
  /** Ciphers of TLS up to 1.2, as `--ssl-ciphers` lists them; empty or undefined: those of Node.js. */
  readonly ciphers?: string | undefined;
}

/** Contents of those files, and what goes with them, as `node:tls` takes it. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
  readonly minVersion?: SecureVersion;
  readonly ciphers?: string;
}

export interface TlsOptions extends TlsFiles {
  /**
   * Demands that the dialled peer's certificate names this host. Off unless given: nodes dial by address (CM resolves
   * the controller's name itself and writes `ssl:IP:PORT`), and certificates name products, not hosts. Trust is a
   * chain to the CA, in both directions, as in the C server.
   */
  readonly servername?: string;
}

/** Reads the files anew, so that a renewed certificate serves the next connection. Throws a `UserError` naming the file. */
export function loadTls(files: TlsFiles): TlsMaterial {
  return {
    key: read(files.privateKey, "private key"),
    cert: read(files.certificate, "certificate"),
    ca: read(files.caCert, "CA certificate"),
    ...(files.protocols ? { minVersion: oldestVersion(files.protocols) } : {}),
    ...(files.ciphers ? { ciphers: `${files.ciphers}:${modernCiphers}` } : {}),
  };
}

const versions: readonly SecureVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
/** Those of TLS 1.3, which such a list does not name; Node.js would take that to forbid TLS 1.3. */
const modernCiphers = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

/** The oldest version of a list such as `TLSv1.2,TLSv1.1`: newer ones are never forbidden. Throws a `UserError`. */
function oldestVersion(list: string): SecureVersion {
  const words = list.split(/[\s,]+/).filter((word) => word !== "");
  const named = versions.filter((version) => words.includes(version));
  const [oldest] = named;
  if (oldest !== undefined && named.length === new Set(words).size) return oldest;
  throw new UserError(`the TLS protocols '${list}' must be some of ${versions.join(", ")}, separated by commas`);
}

/** TLS files that may change while they are in use. */
export class WatchedTls {
  readonly #files: () => TlsFiles;
  #seen = "";

  /** `files`: where they are now; may throw a `UserError`. */
  constructor(files: () => TlsFiles) {
    this.#files = files;
  }

  /** Reads the files. Throws a `UserError` naming the one that cannot be read. */
  load(): TlsMaterial {
    const files = this.#files();
    this.#seen = fingerprint(files);
    return loadTls(files);
  }

  /** The contents, if the files are others than at the last reading; undefined else. Throws as `load` does, once for each change. */
  changed(): TlsMaterial | undefined {
    return fingerprint(this.#files()) === this.#seen ? undefined : this.load();
  }
}

/** Differs when a file was written or replaced. */
function fingerprint({ privateKey, certificate, caCert, protocols = "", ciphers = "" }: TlsFiles): string {
  const files = [privateKey, certificate, caCert].map((path) => {
    const stat = path === "" ? undefined : statSync(path, { throwIfNoEntry: false, bigint: true });
    return stat ? `${path} ${stat.ino} ${stat.size} ${stat.mtimeNs}` : path;
  });
  return [...files, protocols, ciphers].join("\n");
}

function read(path: string, what: string): string {
  if (path === "") throw new UserError(`TLS needs a ${what}, and no file is configured for it`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`the ${what} cannot be read: ${messageOf(error)}`);
  }
}
