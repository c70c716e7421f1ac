/** A node's directory: where a device keeps its database, its persistent storage, its certificates and its logs. */

import { join, resolve } from "node:path";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory } from "@opensync-ts/base/files";
import { FileLock } from "@opensync-ts/ovsdb/file-lock";

export interface NodeDirectory {
  readonly path: string;
  /** Starts from the pre-populated rows at each boot. */
  readonly database: string;
  /** Survives reboots. */
  readonly persistentStorage: string;
  /** Survives reboots: `ca.pem`, `client.pem`, `client_dec.key`. */
  readonly certificates: string;
  readonly socket: string;
  /** Takes commands of an operator, for the owner only. */
  readonly controlSocket: string;
  /** QM's: takes what is to go to the cloud, from the owner's processes only. */
  readonly qmSocket: string;
  readonly log: string;
}

export function nodeDirectory(directory: string): NodeDirectory {
  const path = resolve(directory);
  return {
    path,
    database: join(path, "conf.db"),
    persistentStorage: join(path, "ps"),
    certificates: join(path, "certs"),
    socket: join(path, "run", "db.sock"),
    controlSocket: join(path, "run", "control.sock"),
    qmSocket: join(path, "run", "qm.sock"),
    log: join(path, "log", "opensync.log"),
  };
}

/** Creates what is missing, readable by its owner only. Throws a `UserError`. */
export function makeNodeDirectory(directory: NodeDirectory): void {
  const { path } = directory;
  try {
    for (const part of ["", "ps", "certs", "run", "log"]) makePrivateDirectory(join(path, part));
  } catch (error) {
    const problem = `the node's directory cannot be made: ${messageOf(error)}`;
    throw new UserError(`${path}: ${problem}; give another one`, { cause: error });
  }
}

/** One node per directory; a node that died, however, holds it no longer. Throws a `UserError`. */
export function lockNodeDirectory({ path }: NodeDirectory): FileLock {
  try {
    return FileLock.acquire(join(path, "run", "node"));
  } catch (error) {
    const problem =
      error instanceof UserError
        ? "another node is at work in this directory; stop it, or give another directory"
        : `cannot be written: ${messageOf(error)}; make it writable, or give another directory`;
    throw new UserError(`${path}: ${problem}`, { cause: error });
  }
}
