/** Processes that go on without a terminal: starting one, telling when it is ready, and its pid file. */

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { UserError } from "@opensync-ts/base/errors";
import { PosixLock, posixLockHolder } from "./posix-lock.ts";

/** What a detached process tells the one that started it. */
type Report = { readonly ready: true } | { readonly error: string };

/**
 * Runs this program again with `args`, detached. Resolves when it has called `reportReady`, rejects with a `UserError` when it
 * ends before or calls `reportFailure`.
 */
export function startDetached(args: readonly string[]): Promise<void> {
  const program = [...process.execArgv, process.argv[1] ?? "", ...args];
  const child = spawn(process.execPath, program, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("message", (report: Report) => {
      if ("error" in report) {
        reject(new UserError(report.error));
        return;
      }
      child.disconnect();
      child.unref();
      resolve();
    });
    child.once("error", (error) => reject(new UserError(`cannot be started in the background: ${error.message}`)));
    child.once("exit", (code, signal) => {
      reject(
        new UserError(`the process in the background ended with ${signal ?? `status ${code}`} before it was ready`),
      );
    });
  });
}

export function reportReady(): void {
  report({ ready: true });
}

export function reportFailure(error: string): void {
  report({ error });
}

function report(message: Report): void {
  process.send?.(message, () => process.disconnect?.());
}

/**
 * Writes this process's number to `path`, in a file that is locked as long as the process lives: by the lock `ovs-appctl` and others
 * tell it from one that was left behind. The result removes it again, unless another process has taken its place. Throws a
 * `UserError` when the process of the file that is there lives, unless that is to be overwritten.
 */
export function writePidFile(path: string, { overwrite = false } = {}): () => void {
  const running = posixLockHolder(path);
  if (running !== undefined && running !== process.pid && !overwrite) {
    throw new UserError(`${path}: already running as process ${running}; stop it, or name another file with --pidfile`);
  }
  const content = `${process.pid}\n`;
  const temporary = `${path}.${process.pid}.tmp`;
  // Closing it would drop the lock.
  const fd = openSync(temporary, "w", 0o644);
  const lock = PosixLock.take(temporary);
  writeSync(fd, content);
  renameSync(temporary, path);
  return () => {
    try {
      if (readFileSync(path, "utf8") === content) rmSync(path);
    } catch {
      // It is gone already.
    }
    lock?.release();
    closeSync(fd);
  };
}
