/**
 * Persistent storage on a directory: one file per store (`file-store.ts`). Processes may share a store: each sees what the
 * others have written, and the last writer of a key wins.
 */

import { dirname, join, resolve } from "node:path";
import { type FileOps, nodeFileOps } from "./file-ops.ts";
import { FileStore, suffix, versionOf } from "./file-store.ts";
import { maxStoreNameLength } from "./limits.ts";
import type { PersistentStorage, StorageDamage, StoreOptions, StoreView } from "./storage.ts";

export interface FileStorageOptions {
  readonly directory: string;
  /** Called once for each damaged file found. */
  readonly onDamage?: (damage: StorageDamage) => void;
  /** By default the machine's file system. */
  readonly ops?: FileOps;
}

/**
 * Stores are in `directory`, those to preserve in `preserved` inside it (mode 0700, made where absent). What a process left
 * half written when it died is removed. Throws the file system's error where the directory cannot be made, unless the file
 * system is read-only: what is there can be read.
 */
export function createFileStorage(options: FileStorageOptions): PersistentStorage {
  return new FileStorage(options);
}

class FileStorage implements PersistentStorage {
  readonly #directory: string;
  readonly #ops: FileOps;
  readonly #onDamage: (damage: StorageDamage) => void;
  readonly #open = new Map<string, FileStore>();

  constructor({ directory, onDamage = () => {}, ops = nodeFileOps }: FileStorageOptions) {
    this.#directory = directory;
    this.#ops = ops;
    this.#onDamage = onDamage;
    try {
      for (const preserve of places) this.#prepare(preserve);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EROFS") throw error;
    }
    for (const preserve of places) this.#removeLeftovers(this.#place(preserve));
  }

  open(name: string, { preserve = false }: StoreOptions = {}): FileStore {
    checkStoreName(name);
    const file = join(this.#place(preserve), `${name}${suffix}`);
    let store = this.#open.get(file);
    if (!store) {
      const prepare = () => this.#prepare(preserve);
      store = new FileStore({ name, file, ops: this.#ops, onDamage: this.#onDamage, prepare });
      this.#open.set(file, store);
    }
    return store;
  }

  erase(name: string, options: StoreOptions = {}): void {
    this.open(name, options).remove();
  }

  eraseAll({ preserved }: { readonly preserved: boolean }): void {
    for (const preserve of places) {
      if (preserve && !preserved) continue;
      // Also what is left of stores that are none any more: a damaged file may hold a password.
      for (const name of this.#names(preserve, ["current", "previous", "damaged", "unfinished"])) {
        this.erase(name, { preserve });
      }
    }
  }

  stores(): readonly StoreView[] {
    return places.flatMap((preserve) =>
      this.#names(preserve, ["current", "previous"]).map((name) => {
        return { name, preserve, ...this.open(name, { preserve }).view() };
      }),
    );
  }

  #names(preserve: boolean, kinds: readonly Kind[]): readonly string[] {
    const place = this.#place(preserve);
    const files = this.#list(place).flatMap((name) => {
      const version = versionOf(name);
      return version && kinds.includes(version.kind) ? [version.file.slice(0, -suffix.length)] : [];
    });
    return [...new Set(files)].filter((name) => isStoreName(name)).sort();
  }

  #list(place: string): readonly string[] {
    return this.#ops.stat(place)?.directory ? this.#ops.list(place) : [];
  }

  /** Whoever shares this storage and lives may still be writing; this process is not, now. */
  #removeLeftovers(place: string): void {
    for (const name of this.#list(place)) {
      const version = versionOf(name);
      if (version?.kind !== "unfinished") continue;
      if (version.writer !== process.pid && isAlive(version.writer)) continue;
      try {
        this.#ops.remove(join(place, name));
      } catch {
        // It costs some room; whoever writes next hears what is wrong with the disk.
      }
    }
  }

  #prepare(preserve: boolean): void {
    makePrivateDirectory(this.#ops, this.#place(false));
    if (preserve) makePrivateDirectory(this.#ops, this.#place(true));
  }

  #place(preserve: boolean): string {
    return preserve ? join(this.#directory, "preserved") : this.#directory;
  }
}

type Kind = NonNullable<ReturnType<typeof versionOf>>["kind"];

const places = [false, true] as const;

function isStoreName(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(name) && name.length <= maxStoreNameLength;
}

function checkStoreName(name: string): void {
  if (!isStoreName(name)) {
    throw new RangeError(
      `'${name}' cannot name a persistent store: use up to ${maxStoreNameLength} letters, digits, '_', '-' and '.', not starting with '.'`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** With its missing parents, so that it is still there after a power cut. */
function makePrivateDirectory(ops: FileOps, path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !ops.stat(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.reverse()) {
    try {
      ops.makeDirectory(directory);
    } catch (error) {
      // Somebody else was quicker.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const parent = ops.open(dirname(directory));
    try {
      ops.sync(parent);
    } finally {
      ops.close(parent);
    }
  }
  if (missing.length === 0 && !ops.stat(path)?.directory) {
    throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`), { code: "ENOTDIR" });
  }
}
