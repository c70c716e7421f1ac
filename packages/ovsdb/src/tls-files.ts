/** The files that prove who we are and whom we trust, as `ovsdb-server --private-key --certificate --ca-cert` takes them. */

import { readFileSync, statSync } from "node:fs";
import { messageOf, UserError } from "@opensync-ts/base/errors";

/** Paths of PEM files. */
export interface TlsFiles {
  readonly privateKey: string;
  readonly certificate: string;
  readonly caCert: string;
}

/** Contents of those files. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
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
  };
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
function fingerprint({ privateKey, certificate, caCert }: TlsFiles): string {
  return [privateKey, certificate, caCert]
    .map((path) => {
      const stat = path === "" ? undefined : statSync(path, { throwIfNoEntry: false, bigint: true });
      return stat ? `${path} ${stat.ino} ${stat.size} ${stat.mtimeNs}` : path;
    })
    .join("\n");
}

function read(path: string, what: string): string {
  if (path === "") throw new UserError(`TLS needs a ${what}, and no file is configured for it`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`the ${what} cannot be read: ${messageOf(error)}`);
  }
}
