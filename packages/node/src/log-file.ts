/** A log file with a bound: full, it becomes `NAME.1`, the one before it `NAME.2`, and the oldest goes. */

import { closeSync, existsSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { formatRecord, type LogSink } from "@opensync-ts/base/log";
import { nodeLimits } from "./limits.ts";

export interface LogFileOptions {
  readonly maxBytes?: number;
  readonly oldFiles?: number;
}

/** The files there are of the log at `path`, the newest first. */
export function logFilesOf(path: string, oldFiles: number = nodeLimits.oldLogFiles): readonly string[] {
  const old = Array.from({ length: oldFiles }, (_, index) => `${path}.${index + 1}`);
  return [path, ...old].filter((file) => existsSync(file));
}

/** A full disk costs lines, never the node: they are counted, and the count is written when there is room again. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #oldFiles: number;
  #fd: number;
  #size: number;
  #lost = 0;
  #closed = false;

  /** Appends to the file at `path` (mode 0600). Throws the file system's error where it cannot be opened. */
  constructor(path: string, options: LogFileOptions = {}) {
    this.#path = path;
    this.#maxBytes = options.maxBytes ?? nodeLimits.logFileBytes;
    this.#oldFiles = options.oldFiles ?? nodeLimits.oldLogFiles;
    this.#fd = openSync(path, "a", 0o600);
    this.#size = fstatSync(this.#fd).size;
  }

  readonly sink: LogSink = (record) => {
    if (this.#closed) return;
    const before = this.#lost > 0 ? `(${this.#lost} lines lost: no room)\n` : "";
    const bytes = Buffer.from(`${before}${formatRecord(record)}\n`);
    try {
      if (this.#size > 0 && this.#size + bytes.length > this.#maxBytes) this.#rotate();
      writeSync(this.#fd, bytes);
      this.#size += bytes.length;
      this.#lost = 0;
    } catch {
      this.#lost++;
    }
  };

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  #rotate(): void {
    for (let age = this.#oldFiles; age > 0; age--) {
      try {
        renameSync(age === 1 ? this.#path : `${this.#path}.${age - 1}`, `${this.#path}.${age}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    const fd = openSync(this.#path, this.#oldFiles > 0 ? "a" : "w", 0o600);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = 0;
  }
}
