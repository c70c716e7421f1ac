/**
 * Keeps a second process off a file. A lock is a file beside it that names its holder; a holder that has died, however it died, holds
 * nothing any more. `ovsdb-server` and `ovsdb-tool` lock `.NAME.~lock~` with fcntl: they keep us off, and we them.
 */

import { readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";
import { PosixLock, posixLockHolder } from "./posix-lock.ts";

const attempts = 5;

export class FileLock {
  readonly #path: string;
  readonly #content: string;
  #posix: PosixLock | undefined;

  private constructor(path: string, content: string) {
    this.#path = path;
    this.#content = content;
  }

  /** Throws a `UserError` that names the process that has the file in use. */
  static acquire(path: string): FileLock {
    const beside = (suffix: string) => join(dirname(path), `.${basename(path)}.~${suffix}~`);
    const server = posixLockHolder(beside("lock"));
    if (server !== undefined) throw inUse(path, server);
    const lock = new FileLock(beside("pid"), `${process.pid} ${startTime(process.pid)}\n`);
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (lock.#create()) {
        lock.#posix = PosixLock.take(beside("lock"));
        return lock;
      }
      const held = readOrNothing(lock.#path);
      if (held === undefined) continue;
      const [pid = 0, started = ""] = parseHolder(held);
      if (isAlive(pid, started)) throw inUse(path, pid);
      lock.#removeStale(held);
    }
    throw new UserError(`${path}: other processes keep taking its lock ${lock.#path}; try again`);
  }

  release(): void {
    this.#posix?.release();
    this.#posix = undefined;
    if (readOrNothing(this.#path) === this.#content) unlinkSync(this.#path);
  }

  #create(): boolean {
    try {
      writeFileSync(this.#path, this.#content, { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  /** Removes a dead holder's lock, unless another process has just replaced it by its own. */
  #removeStale(content: string): void {
    const aside = `${this.#path}.${process.pid}`;
    try {
      renameSync(this.#path, aside);
    } catch {
      return;
    }
    if (readOrNothing(aside) === content) unlinkSync(aside);
    else renameSync(aside, this.#path);
  }
}

function inUse(path: string, pid: number): UserError {
  const who = pid === process.pid ? `this process (${pid})` : `process ${pid}`;
  return new UserError(`${path}: in use by ${who}; stop it, or use another file`);
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function parseHolder(content: string): [pid: number, started: string] {
  const [pid = "", started = ""] = content.trim().split(" ");
  return [Number(pid) || 0, started];
}

function isAlive(pid: number, started: string): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const stat = processStat(pid);
  if (!stat) return true;
  // Dead, but not yet reaped by its parent; or another process with the number of the one that died.
  const reused = started !== "" && stat.started !== started;
  return stat.state !== "Z" && stat.state !== "X" && !reused;
}

function startTime(pid: number): string {
  return processStat(pid)?.started ?? "";
}

/** A process's state, and when it started in clock ticks since boot; undefined where the system has no /proc. */
function processStat(pid: number): { state: string; started: string } | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields?.[0], fields?.[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}
