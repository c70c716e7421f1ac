/**
 * The few calls that persistent storage makes to the file system, as a seam: tests put a disk there that loses its power, fills
 * up or rots. All are synchronous and throw errors with a `code`, as Node.js's do.
 */

import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";

export interface FileOps {
  /** Names in a directory. */
  list(directory: string): readonly string[];
  read(path: string): Buffer;
  /** `null`: there is nothing. */
  stat(path: string): FileStat | null;
  /** Opens for writing from the beginning (mode 0600, made where absent). */
  create(path: string): number;
  /** Opens a file or a directory, to sync it. */
  open(path: string): number;
  /** Returns how many bytes from `offset` on it took. */
  write(file: number, bytes: Uint8Array, offset: number): number;
  /** What was written to the file, or what was renamed, linked and removed in the directory, survives a power cut from then on. */
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  /** With all that is in it; nothing where there is nothing. */
  remove(path: string): void;
  /** Mode 0700; its parent exists. */
  makeDirectory(path: string): void;
}

export interface FileStat {
  /** Other after each change of the content. */
  readonly version: string;
  readonly bytes: number;
  readonly directory: boolean;
}

export const nodeFileOps: FileOps = {
  list: (directory) => readdirSync(directory),
  read: (path) => readFileSync(path),
  stat(path) {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (!stat) return null;
    const version = `${stat.ino}/${stat.mtimeNs}/${stat.size}`;
    return { version, bytes: Number(stat.size), directory: stat.isDirectory() };
  },
  create: (path) => openSync(path, "w", 0o600),
  open: (path) => openSync(path, "r"),
  write: (file, bytes, offset) => writeSync(file, bytes, offset),
  sync: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  link: (from, to) => linkSync(from, to),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  makeDirectory: (path) => mkdirSync(path, { mode: 0o700 }),
};
