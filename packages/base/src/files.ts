/** Files that are whole or absent: written beside, synced, renamed. Readable by their owner only. */

import {
  close,
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  mkdirSync,
  open,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Replaces `path` with `content` (mode 0600), so that a reader or a power cut sees the old file or the new one,
 * never a part. Throws the file system's error; the old file then stands.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const fd = openSync(temporary, "w", 0o600);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(fd, bytes, written);
    fsyncSync(fd);
  } catch (error) {
    closeSync(fd);
    unlinkSync(temporary);
    throw error;
  }
  closeSync(fd);
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

/** Makes a rename or a new file in `directory` survive a power cut. */
export function syncDirectory(directory: string): void {
  const fd = openSync(directory, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * As `syncDirectory`, without holding up the process meanwhile. (With callbacks: `fs/promises` brings along half of Node.js's
 * standard library, which a process that starts often has to pay for.)
 */
export function syncDirectoryLater(directory: string): Promise<void> {
  return new Promise((resolve, reject) => {
    open(directory, "r", (openError, fd) => {
      if (openError) return reject(openError);
      fsync(fd, (syncError) => {
        close(fd, (closeError) => {
          const error = syncError ?? closeError;
          if (error) reject(error);
          else resolve();
        });
      });
    });
  });
}

/** Creates `path` and its missing parents, readable by their owner only. Throws the file system's error. */
export function makePrivateDirectory(path: string): void {
  // Step by step: the recursive form never ends where the file system lets nobody create anything (`/proc`).
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.reverse()) makeDirectory(directory);
  if (missing.length === 0 && !statSync(path).isDirectory()) {
    throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`), { code: "ENOTDIR" });
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
