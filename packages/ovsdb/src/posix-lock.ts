/**
 * Locks of fcntl(2), which Open vSwitch's programs put on database and pid files and look for there. Node.js takes none by itself, but
 * its SQLite does: an exclusive transaction locks a range of its file, and nothing is ever written as long as it is not committed.
 *
 * The system drops a process's locks on a file whenever the process closes any descriptor of that file: while one is held, nothing
 * else here may open the file and close it again.
 */

import { readFileSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

export class PosixLock {
  readonly #holder: DatabaseSync;

  private constructor(holder: DatabaseSync) {
    this.#holder = holder;
  }

  /**
   * Locks a file that is empty, or is created so. Undefined where a process holds a lock on it, and on a Node.js without SQLite, which
   * cannot take any; `posixLockHolder` tells the two apart.
   */
  static take(path: string): PosixLock | undefined {
    const sqlite = process.getBuiltinModule?.("node:sqlite");
    if (!sqlite) return undefined;
    let holder: DatabaseSync | undefined;
    try {
      holder = new sqlite.DatabaseSync(path);
      // No journal beside the file.
      holder.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      return new PosixLock(holder);
    } catch {
      holder?.close();
      return undefined;
    }
  }

  release(): void {
    this.#holder.close();
  }
}

/** The process that holds an fcntl lock on `path`, as far as the system tells (Linux: /proc/locks). */
export function posixLockHolder(path: string): number | undefined {
  let inode: number;
  let locks: string;
  try {
    inode = statSync(path).ino;
    locks = readFileSync("/proc/locks", "utf8");
  } catch {
    return undefined;
  }
  for (const line of locks.split("\n")) {
    const found = /POSIX\s+\S+\s+WRITE\s+(\d+)\s+\w+:\w+:(\d+)\s/.exec(line);
    if (found && Number(found[2]) === inode) return Number(found[1]);
  }
  return undefined;
}
