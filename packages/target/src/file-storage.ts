/**
 * Persistent storage on a directory: one file per store, a header line with a SHA-256 over the JSON that follows.
 * Every change replaces the file as a whole and keeps the one before it as `NAME.previous`. A damaged file is moved
 * aside to `NAME.damaged` and the previous one stands in; who wants to know is told. Processes may share a store:
 * each sees what the others have written, and the last writer of a key wins.
 */

import { createHash } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makePrivateDirectory, writeFileAtomic } from "@opensync-ts/base/files";
import { maxKeyLength, maxKeysPerStore, maxStoreNameLength, maxValueLength } from "./limits.ts";
import type { PersistentStorage, PersistentStore } from "./storage.ts";

export interface StorageDamage {
  readonly store: string;
  readonly file: string;
  readonly reason: string;
  /** What now stands in for the damaged content. */
  readonly recovered: "previous version" | "nothing";
}

export interface FileStorageOptions {
  readonly directory: string;
  /** Called once for each damaged file found. */
  readonly onDamage?: (damage: StorageDamage) => void;
}

/** Creates `directory` (mode 0700) where absent; throws the file system's error where that fails. */
export function createFileStorage(options: FileStorageOptions): PersistentStorage {
  const { directory, onDamage = () => {} } = options;
  makePrivateDirectory(directory);
  const stores = new Map<string, FileStore>();
  return {
    open(name) {
      checkStoreName(name);
      let store = stores.get(name);
      if (!store) {
        store = new FileStore(name, join(directory, `${name}.json`), onDamage);
        stores.set(name, store);
      }
      return store;
    },
  };
}

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

  set(key: string, value: string): void {
    this.#checkEntry(key, value);
    this.#refresh();
    if (this.#values.get(key) === value) return;
    if (!this.#values.has(key) && this.#values.size >= maxKeysPerStore) {
      throw new RangeError(`persistent store '${this.#name}': full (${maxKeysPerStore} keys); delete some first`);
    }
    this.#write(new Map(this.#values).set(key, value));
  }

  delete(key: string): void {
    this.#refresh();
    if (!this.#values.has(key)) return;
    const values = new Map(this.#values);
    values.delete(key);
    this.#write(values);
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
    writeFileAtomic(this.#file, encodeStore(values));
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
    writeFileAtomic(this.#file, encodeStore(values));
    this.#values = values;
    this.#version = versionOf(this.#file);
    this.#onDamage({ store: this.#name, file: this.#file, reason, recovered });
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

/** Empty where there is no file. */
function versionOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}/${stat.mtimeNs}/${stat.size}` : "";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
