/** Processes that go on without a terminal: starting one, telling when it is ready, and its pid file. */

import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { UserError } from "@opensync-ts/base/errors";
import { writeFileAtomic } from "@opensync-ts/base/files";

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

/** Writes this process's number to `path`; the result removes it again, unless another process has taken its place. */
export function writePidFile(path: string): () => void {
  const content = `${process.pid}\n`;
  writeFileAtomic(path, content);
  return () => {
    try {
      if (readFileSync(path, "utf8") === content) rmSync(path);
    } catch {
      // It is gone already.
    }
  };
}
