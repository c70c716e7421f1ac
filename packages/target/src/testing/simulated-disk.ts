/**
 * A file system in memory that can lose its power before any call, fill up, and become read-only. After a power cut what
 * was not synced is gone: of a file half its content, of a directory any of its renames, links and removals.
 */

import { basename, dirname } from "node:path";
import type { FileOps } from "../file-ops.ts";

interface File {
  data: Buffer;
  /** What is on the medium for certain. */
  synced: Buffer | null;
  version: number;
}

type Entry = File | "directory";
type Entries = Map<string, Entry>;

interface Directory {
  entries: Entries;
  synced: Entries;
  pending: ((entries: Entries) => void)[];
}

export class PowerCut extends Error {}

export class SimulatedDisk implements FileOps {
  readonly #directories = new Map<string, Directory>();
  readonly #open = new Map<number, string | File>();
  #next = 3;
  #version = 0;
  /** Calls made so far that change something, or would. */
  calls = 0;
  /** The power is cut before this call. */
  cutBefore = Number.POSITIVE_INFINITY;
  /** Calls of these names fail with this code. */
  failing: { readonly code: string; readonly calls: ReadonlySet<keyof FileOps> } | null = null;
  /** Bytes that still fit. */
  room = Number.POSITIVE_INFINITY;

  constructor(...directories: readonly string[]) {
    for (const each of ["/", ...directories]) this.#add(each);
    for (const directory of this.#directories.values()) this.#settle(directory);
  }

  get isOff(): boolean {
    return this.calls > this.cutBefore;
  }

  /** How many changes of directories are not synced. */
  get pending(): number {
    return [...this.#directories.values()].reduce((sum, { pending }) => sum + pending.length, 0);
  }

  /** Power is back. Of the changes that were not synced those have survived whose bit is set in `survivors`, in order. */
  powerOn(survivors: number): void {
    let index = 0;
    for (const directory of this.#directories.values()) {
      const entries = new Map(directory.synced);
      for (const change of directory.pending) if ((survivors >> index++) & 1) change(entries);
      directory.entries = entries;
      for (const entry of entries.values()) {
        if (entry === "directory" || entry.synced === entry.data) continue;
        entry.data = entry.synced ?? entry.data.subarray(0, entry.data.length >> 1);
        entry.version = ++this.#version;
      }
    }
    for (const directory of this.#directories.values()) this.#settle(directory);
    this.#open.clear();
    this.calls = 0;
    this.cutBefore = Number.POSITIVE_INFINITY;
  }

  /** Changes what is on the medium. */
  corrupt(path: string, change: (data: Buffer) => Buffer): void {
    const file = this.#file(path);
    file.data = change(Buffer.from(file.data));
    file.synced = file.data;
    file.version = ++this.#version;
  }

  /** Removes a name from the medium. */
  lose(path: string): void {
    const directory = this.#directory(dirname(path));
    directory.entries.delete(basename(path));
    directory.synced.delete(basename(path));
  }

  list(directory: string): readonly string[] {
    return [...this.#directory(directory).entries.keys()];
  }

  read(path: string): Buffer {
    this.#call("read");
    return Buffer.from(this.#file(path).data);
  }

  stat(path: string) {
    if (this.isOff) throw new PowerCut();
    if (this.#directories.has(path) && (path === "/" || this.#entry(path) === "directory")) {
      return { version: "directory", bytes: 0, directory: true };
    }
    const entry = this.#entry(path);
    if (!entry || entry === "directory") return null;
    return { version: String(entry.version), bytes: entry.data.length, directory: false };
  }

  create(path: string): number {
    this.#call("create");
    const existing = this.#entry(path);
    if (existing === "directory") throw failure("EISDIR");
    const file: File = existing ?? { data: Buffer.alloc(0), synced: null, version: 0 };
    file.data = Buffer.alloc(0);
    file.synced = null;
    file.version = ++this.#version;
    if (!existing) this.#change(dirname(path), (entries) => entries.set(basename(path), file));
    return this.#opened(file);
  }

  open(path: string): number {
    this.#call("open");
    return this.#opened(this.#directories.has(path) ? path : this.#file(path));
  }

  write(file: number, bytes: Uint8Array, offset: number): number {
    this.#call("write");
    const entry = this.#open.get(file);
    if (typeof entry !== "object") throw failure("EBADF");
    // In small pieces, as a disk may.
    const piece = bytes.subarray(offset, offset + Math.min(64, this.room));
    if (piece.length === 0 && offset < bytes.length) throw failure("ENOSPC");
    this.room -= piece.length;
    entry.data = Buffer.concat([entry.data, piece]);
    entry.version = ++this.#version;
    return piece.length;
  }

  sync(file: number): void {
    this.#call("sync");
    const entry = this.#open.get(file);
    if (typeof entry === "object") entry.synced = entry.data;
    else this.#settle(this.#directory(entry ?? ""));
  }

  close(file: number): void {
    this.#open.delete(file);
  }

  rename(from: string, to: string): void {
    this.#call("rename");
    const moved = this.#entry(from);
    if (!moved) throw failure("ENOENT");
    if (this.#entry(to) === "directory") throw failure("EISDIR");
    this.#change(dirname(to), (entries) => {
      if (entries.get(basename(from)) === moved) entries.delete(basename(from));
      entries.set(basename(to), moved);
    });
    if (moved === "directory") this.#moveDirectory(from, to);
  }

  link(from: string, to: string): void {
    this.#call("link");
    if (this.#entry(to)) throw failure("EEXIST");
    const file = this.#file(from);
    this.#change(dirname(to), (entries) => entries.set(basename(to), file));
  }

  remove(path: string): void {
    this.#call("remove");
    const entry = this.#entry(path);
    if (!entry) return;
    this.#change(dirname(path), (entries) => {
      if (entries.get(basename(path)) === entry) entries.delete(basename(path));
    });
  }

  makeDirectory(path: string): void {
    this.#call("makeDirectory");
    if (this.#entry(path)) throw failure("EEXIST");
    this.#add(path);
  }

  #call(name: keyof FileOps): void {
    if (this.calls++ >= this.cutBefore) throw new PowerCut("power cut");
    if (this.failing?.calls.has(name)) throw failure(this.failing.code);
  }

  #add(path: string): void {
    this.#directories.set(path, { entries: new Map(), synced: new Map(), pending: [] });
    if (path !== "/") this.#change(dirname(path), (entries) => entries.set(basename(path), "directory"));
  }

  #moveDirectory(from: string, to: string): void {
    const directory = this.#directory(from);
    this.#directories.delete(from);
    this.#directories.set(to, directory);
  }

  #change(path: string, change: (entries: Entries) => void): void {
    const directory = this.#directory(path);
    change(directory.entries);
    directory.pending.push(change);
  }

  #settle(directory: Directory): void {
    directory.synced = new Map(directory.entries);
    directory.pending = [];
  }

  #opened(what: string | File): number {
    this.#open.set(this.#next, what);
    return this.#next++;
  }

  #directory(path: string): Directory {
    const directory = this.#directories.get(path);
    if (!directory) throw failure("ENOENT");
    return directory;
  }

  #entry(path: string): Entry | undefined {
    return this.#directories.get(dirname(path))?.entries.get(basename(path));
  }

  #file(path: string): File {
    const entry = this.#entry(path);
    if (!entry) throw failure("ENOENT");
    if (entry === "directory") throw failure("EISDIR");
    return entry;
  }
}

/** What a read-only file system refuses. */
export const writing: ReadonlySet<keyof FileOps> = new Set([
  "create",
  "write",
  "rename",
  "link",
  "remove",
  "makeDirectory",
]);

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
