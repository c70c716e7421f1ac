/**
 * Persistent storage on a directory: one file per store, a header line with a SHA-256 over the JSON that follows.
 * Every change replaces the file as a whole and keeps the one before it as `NAME.previous`. A damaged file is moved
 * aside to `NAME.damaged` and the previous one stands in; who wants to know is told. Processes may share a store:
 * each sees what the others have written, and the last writer of a key wins.
 */

import { createHash } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { makePrivateDirectory, syncDirectory, writeFileAtomic } from "@opensync-ts/base/files";
import { maxKeyLength, maxKeysPerStore, maxStoreNameLength, maxValueLength } from "./limits.ts";
import type { PersistentStorage, PersistentStore, StorageDamage, StoreOptions, StoreView } from "./storage.ts";

export interface FileStorageOptions {
  readonly directory: string;
  /** Called once for each damaged file found. */
  readonly onDamage?: (damage: StorageDamage) => void;
}

/**
 * Stores are in `directory`, those to preserve in `preserved` beside or inside it (mode 0700, made where absent). Throws the
 * file system's error where that fails.
 */
export function createFileStorage(options: FileStorageOptions): PersistentStorage {
  return new FileStorage(options);
}

class FileStorage implements PersistentStorage {
  readonly #directory: string;
  readonly #onDamage: (damage: StorageDamage) => void;
  readonly #open = new Map<string, FileStore>();

  constructor({ directory, onDamage = () => {} }: FileStorageOptions) {
    this.#directory = directory;
    this.#onDamage = onDamage;
    makePrivateDirectory(this.#place(false));
    makePrivateDirectory(this.#place(true));
  }

  open(name: string, { preserve = false }: StoreOptions = {}): FileStore {
    checkStoreName(name);
    const file = join(this.#place(preserve), `${name}${suffix}`);
    let store = this.#open.get(file);
    if (!store) {
      store = new FileStore(name, file, this.#onDamage);
      this.#open.set(file, store);
    }
    return store;
  }

  erase(name: string, options: StoreOptions = {}): void {
    this.open(name, options).remove();
  }

  eraseAll({ preserved }: { readonly preserved: boolean }): void {
    for (const { name, preserve } of this.stores()) if (preserved || !preserve) this.erase(name, { preserve });
  }

  stores(): readonly StoreView[] {
    return [false, true].flatMap((preserve) =>
      readdirSync(this.#place(preserve))
        .filter((file) => file.endsWith(suffix))
        .sort()
        .map((file) => {
          const name = file.slice(0, -suffix.length);
          return { name, preserve, ...this.open(name, { preserve }).view() };
        }),
    );
  }

  #place(preserve: boolean): string {
    return preserve ? join(this.#directory, "preserved") : this.#directory;
  }
}

const suffix = ".json";
const magic = "opensync-ps 1 sha256";

/** The file of a store with these values. */
export function encodeStore(values: ReadonlyMap<string, string>): string {
  const body = `${JSON.stringify(Object.fromEntries(values), null, 1)}\n`;
  return `${magic} ${digest(body)}\n${body}`;
}

/** The values in a store's file. Throws an `Error` saying what is wrong with it. */
export function decodeStore(text: string): Map<string, string> {
  const end = text.indexOf("\n");
  const header = text.slice(0, Math.max(0, end));
  if (!header.startsWith(`${magic} `)) throw new Error("the header line is missing or of another format");
  const body = text.slice(end + 1);
  if (header.slice(magic.length + 1) !== digest(body)) throw new Error("the checksum does not match the content");
  const values: unknown = JSON.parse(body);
  if (typeof values !== "object" || values === null) throw new Error("the content is no object");
  const entries = Object.entries(values);
  for (const [key, value] of entries) {
    if (typeof value !== "string") throw new Error(`the value of '${key}' is no string`);
  }
  return new Map(entries);
}

class FileStore implements PersistentStore {
  readonly #name: string;
  readonly #file: string;
  readonly #onDamage: (damage: StorageDamage) => void;
  #values: Map<string, string> = new Map();
  /** Which file content `#values` is: every write makes a new inode. */
  #version = "";
  #damage: StorageDamage | null = null;
  #writes = 0;
  #bytesWritten = 0;

  constructor(name: string, file: string, onDamage: (damage: StorageDamage) => void) {
    this.#name = name;
    this.#file = file;
    this.#onDamage = onDamage;
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
    for (const [key, value] of changes) this.#checkEntry(key, value ?? "");
    this.#refresh();
    const values = new Map(this.#values);
    for (const [key, value] of changes) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    }
    if (sameEntries(values, this.#values)) return;
    if (values.size > Math.max(maxKeysPerStore, this.#values.size)) {
      throw new RangeError(`persistent store '${this.#name}': full (${maxKeysPerStore} keys); delete some first`);
    }
    this.#write(values);
  }

  erase(): void {
    this.write(new Map(this.keys().map((key) => [key, null])));
  }

  /** With all its versions: what is erased shall not come back as a previous version. */
  remove(): void {
    const versions = [this.#file, `${this.#file}.previous`, `${this.#file}.damaged`];
    // The newest last: whatever is left after a power cut is the store as it was, or nothing.
    for (const file of versions.reverse()) rmSync(file, { force: true });
    syncDirectory(dirname(this.#file));
    this.#values = new Map();
    this.#version = "";
    this.#damage = null;
  }

  view(): Omit<StoreView, "name" | "preserve"> {
    this.#refresh();
    return {
      keys: this.#values.size,
      bytes: statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0,
      writes: this.#writes,
      bytesWritten: this.#bytesWritten,
    };
  }

  #checkEntry(key: string, value: string): void {
    if (key === "" || key.length > maxKeyLength) {
      throw new RangeError(`persistent store '${this.#name}': a key has 1 to ${maxKeyLength} characters`);
    }
    if (value.length > maxValueLength) {
      throw new RangeError(
        `persistent store '${this.#name}': the value of '${key}' is longer than ${maxValueLength} characters`,
      );
    }
  }

  #write(values: Map<string, string>): void {
    const previous = `${this.#file}.previous`;
    rmSync(previous, { force: true });
    if (versionOf(this.#file) !== "") linkSync(this.#file, previous);
    this.#replace(values);
  }

  #replace(values: Map<string, string>): void {
    const text = encodeStore(values);
    writeFileAtomic(this.#file, text);
    this.#writes++;
    this.#bytesWritten += Buffer.byteLength(text);
    this.#values = values;
    this.#version = versionOf(this.#file);
  }

  #refresh(): void {
    const version = versionOf(this.#file);
    if (version === this.#version && version !== "") return;
    if (version === "") {
      // Only the first look finds nothing to be normal; later somebody has removed the file, and the store with it.
      this.#values = new Map();
      this.#version = "";
      return;
    }
    try {
      this.#values = decodeStore(readFileSync(this.#file, "utf8"));
      this.#version = version;
    } catch (error) {
      this.#recover(error instanceof Error ? error.message : String(error));
    }
  }

  #recover(reason: string): void {
    renameSync(this.#file, `${this.#file}.damaged`);
    let recovered: StorageDamage["recovered"] = "nothing";
    let values = new Map<string, string>();
    try {
      values = decodeStore(readFileSync(`${this.#file}.previous`, "utf8"));
      recovered = "previous version";
    } catch {
      // No previous version, or that is damaged too: the store starts empty, as `recovered` says.
    }
    this.#replace(values);
    this.#damage = { store: this.#name, file: this.#file, reason, recovered };
    this.#onDamage(this.#damage);
  }
}

function checkStoreName(name: string): void {
  const valid = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(name) && name.length <= maxStoreNameLength;
  if (!valid) {
    throw new RangeError(
      `'${name}' cannot name a persistent store: use up to ${maxStoreNameLength} letters, digits, '_', '-' and '.', not starting with '.'`,
    );
  }
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** Empty where there is no file. */
function versionOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}/${stat.mtimeNs}/${stat.size}` : "";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
