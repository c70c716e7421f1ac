/**
 * One store in one file. Every change replaces the file as a whole: written beside, synced, renamed, the directory synced. The
 * file before it stays as `NAME.previous`. A damaged file, or one that has vanished, is stood in for by the previous one; the
 * damaged one is put aside as `NAME.damaged`. Where the disk cannot be written, the stand-in is served all the same.
 */

import { basename, dirname, join } from "node:path";
import { messageOf } from "@opensync-ts/base/errors";
import type { FileOps, FileStat } from "./file-ops.ts";
import { maxKeyLength, maxKeysPerStore, maxStoreBytes, maxValueLength } from "./limits.ts";
import type { PersistentStore, StorageDamage, StoreView } from "./storage.ts";
import { decodeStore, encodeStore } from "./store-file.ts";

export interface FileStoreOptions {
  readonly name: string;
  readonly file: string;
  readonly ops: FileOps;
  readonly onDamage: (damage: StorageDamage) => void;
  /** Makes the directory where it is missing. */
  readonly prepare: () => void;
}

export class FileStore implements PersistentStore {
  readonly #options: FileStoreOptions;
  readonly #previous: string;
  readonly #damaged: string;
  #values: ReadonlyMap<string, string> = new Map();
  /** Which file content `#values` is: every write makes a new one. `null`: not looked yet. */
  #version: string | null = null;
  /** The file holds `#values`; otherwise it is damaged, and must not become the previous version. */
  #sound = true;
  #damage: StorageDamage | null = null;
  #writes = 0;
  #bytesWritten = 0;

  constructor(options: FileStoreOptions) {
    this.#options = options;
    this.#previous = `${options.file}${previousSuffix}`;
    this.#damaged = `${options.file}${damagedSuffix}`;
    this.#refresh();
  }

  get(key: string): string | undefined {
    this.#refresh();
    return this.#values.get(key);
  }

  keys(): readonly string[] {
    this.#refresh();
    return [...this.#values.keys()].sort();
  }

  get damage(): StorageDamage | null {
    return this.#damage;
  }

  set(key: string, value: string): void {
    this.write(new Map([[key, value]]));
  }

  delete(key: string): void {
    this.write(new Map([[key, null]]));
  }

  write(changes: ReadonlyMap<string, string | null>): void {
    const { name } = this.#options;
    for (const [key, value] of changes) this.#checkEntry(key, value ?? "");
    this.#refresh();
    const values = new Map(this.#values);
    for (const [key, value] of changes) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    }
    if (sameEntries(values, this.#values)) return;
    if (values.size > Math.max(maxKeysPerStore, this.#values.size)) {
      throw new RangeError(`persistent store '${name}': full (${maxKeysPerStore} keys); delete some first`);
    }
    const bytes = Buffer.from(encodeStore(values));
    if (bytes.length > maxStoreBytes) {
      throw new RangeError(`persistent store '${name}': full (${maxStoreBytes} bytes); delete some keys first`);
    }
    this.#guarded(() => this.#replace(bytes, values));
  }

  erase(): void {
    this.write(new Map(this.keys().map((key) => [key, null])));
  }

  /** With all its versions: what is erased shall not come back as a previous version. */
  remove(): void {
    const { file, ops } = this.#options;
    const directory = dirname(file);
    if (!ops.stat(directory)) return;
    this.#guarded(() => {
      const versions = ops.list(directory).filter((each) => versionOf(each)?.file === basename(file));
      const older = versions.filter((each) => each !== basename(file));
      for (const each of older) ops.remove(join(directory, each));
      // Gone for good before the newest goes: a previous version without a file is one that has lost its file.
      if (older.length > 0) this.#syncDirectory();
      if (versions.length === older.length) return;
      ops.remove(file);
      this.#syncDirectory();
    });
    this.#values = new Map();
    this.#version = "";
    this.#sound = true;
    this.#damage = null;
  }

  view(): Omit<StoreView, "name" | "preserve"> {
    this.#refresh();
    return {
      keys: this.#values.size,
      bytes: this.#stat()?.bytes ?? 0,
      writes: this.#writes,
      bytesWritten: this.#bytesWritten,
    };
  }

  #checkEntry(key: string, value: string): void {
    const { name } = this.#options;
    if (key === "" || key.length > maxKeyLength) {
      throw new RangeError(`persistent store '${name}': a key has 1 to ${maxKeyLength} characters`);
    }
    if (value.length > maxValueLength) {
      throw new RangeError(
        `persistent store '${name}': the value of '${key}' is longer than ${maxValueLength} characters`,
      );
    }
  }

  /** An error of the file system, told to whoever has to do something about it. */
  #guarded(work: () => void): void {
    const { name, file } = this.#options;
    try {
      work();
    } catch (error) {
      const advice = "nothing has changed; make room on the disk, or make it writable";
      throw new Error(`persistent store '${name}' (${file}): cannot be written: ${messageOf(error)}; ${advice}`, {
        cause: error,
      });
    }
  }

  #replace(bytes: Uint8Array, values: ReadonlyMap<string, string>): void {
    const { file, ops, prepare } = this.#options;
    prepare();
    const temporary = `${file}.${process.pid}.tmp`;
    // First of all, what may fail for lack of room.
    this.#writeSynced(temporary, bytes);
    let kept: boolean;
    try {
      kept = this.#keepPrevious();
      ops.rename(temporary, file);
    } catch (error) {
      quietly(() => ops.remove(temporary));
      throw error;
    }
    try {
      this.#syncDirectory();
    } catch (error) {
      // Nobody knows what a power cut would leave; until then the old values stand, as promised.
      quietly(() => (kept ? ops.rename(this.#previous, file) : ops.remove(file)));
      this.#version = null;
      throw error;
    }
    this.#writes++;
    this.#bytesWritten += bytes.length;
    this.#values = values;
    this.#sound = true;
    this.#version = this.#stat()?.version ?? "";
  }

  /** Puts the file that is there now aside, without a moment in which no good version has a name. */
  #keepPrevious(): boolean {
    const { file, ops } = this.#options;
    if (!this.#stat()) return false;
    if (!this.#sound) {
      ops.remove(this.#damaged);
      ops.rename(file, this.#damaged);
      return false;
    }
    ops.remove(this.#previous);
    try {
      ops.link(file, this.#previous);
    } catch (error) {
      if (!withoutLinks.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      this.#writeSynced(this.#previous, ops.read(file));
    }
    return true;
  }

  #writeSynced(path: string, bytes: Uint8Array): void {
    const { ops } = this.#options;
    const open = ops.create(path);
    try {
      let written = 0;
      while (written < bytes.length) {
        const taken = ops.write(open, bytes, written);
        if (taken <= 0) throw new Error(`${path}: the disk takes no more`);
        written += taken;
      }
      ops.sync(open);
      ops.close(open);
    } catch (error) {
      quietly(() => ops.close(open));
      quietly(() => ops.remove(path));
      throw error;
    }
  }

  #syncDirectory(): void {
    const { file, ops } = this.#options;
    const open = ops.open(dirname(file));
    try {
      ops.sync(open);
    } finally {
      ops.close(open);
    }
  }

  #stat(): FileStat | null {
    const { file, ops } = this.#options;
    return ops.stat(file);
  }

  #refresh(): void {
    const stat = this.#stat();
    const version = stat?.version ?? "";
    if (version === this.#version) return;
    this.#version = version;
    this.#sound = true;
    if (!stat && !this.#options.ops.stat(this.#previous)) {
      // Only the first look finds nothing to be normal; later somebody has removed the store.
      this.#values = new Map();
      return;
    }
    try {
      if (!stat) throw new Error("the file has vanished");
      this.#values = this.#read(this.#options.file, stat);
    } catch (error) {
      this.#recover(messageOf(error), stat !== null);
    }
  }

  #read(path: string, stat: FileStat | null): ReadonlyMap<string, string> {
    if (stat?.directory) throw new Error("a directory is in its place");
    if (stat && stat.bytes > maxStoreBytes) throw new Error(`the file is larger than ${maxStoreBytes} bytes`);
    return decodeStore(this.#options.ops.read(path).toString("utf8"));
  }

  #recover(reason: string, exists: boolean): void {
    const { name, file, ops, onDamage } = this.#options;
    let recovered: StorageDamage["recovered"] = "nothing";
    this.#values = new Map();
    try {
      this.#values = this.#read(this.#previous, ops.stat(this.#previous));
      recovered = "previous version";
    } catch {
      // No previous version, or that is damaged too: the store starts empty, as `recovered` says.
    }
    this.#sound = !exists;
    let problem = "";
    try {
      this.#replace(Buffer.from(encodeStore(this.#values)), this.#values);
    } catch (error) {
      problem = `; not repaired: ${messageOf(error)}`;
    }
    this.#damage = { store: name, file, reason: `${reason}${problem}`, recovered };
    onDamage(this.#damage);
  }
}

export const suffix = ".json";
const previousSuffix = ".previous";
const damagedSuffix = ".damaged";

/** Where hard links cannot be made. */
const withoutLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "ENOSYS"]);

/** What a file in a directory of stores is: of which store's file, and which version of it; `null`: none. */
export function versionOf(
  name: string,
):
  | { readonly file: string; readonly kind: "current" | "previous" | "damaged"; readonly writer?: undefined }
  | { readonly file: string; readonly kind: "unfinished"; readonly writer: number }
  | null {
  const [, file, version = "", pid] = /^(.+\.json)(\.previous|\.damaged|\.(\d+)\.tmp)?$/.exec(name) ?? [];
  if (file === undefined) return null;
  if (pid !== undefined) return { file, kind: "unfinished", writer: Number(pid) };
  return { file, kind: version === "" ? "current" : version === previousSuffix ? "previous" : "damaged" };
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** Tidies up after a failure, which is what counts. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // As said.
  }
}
