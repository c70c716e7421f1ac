/** The key that secrets of the store are sealed with: a file beside it that only the cloud's own user can read. */

import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { makePrivateDirectory, syncDirectory } from "@opensync-ts/base/files";

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const prefix = "sealed:1";

/** AES-256-GCM. What is sealed for one place does not open at another. */
export class StoreKey {
  readonly #key: Buffer;
  /** Tells keys apart, and says nothing of them. */
  readonly id: string;

  constructor(key: Buffer) {
    if (key.length !== keyBytes)
      throw new UserError(`a key of the store has ${keyBytes} bytes, this one ${key.length}`);
    this.#key = key;
    this.id = createHash("sha256").update("opensync store key\0").update(key).digest("hex").slice(0, 16);
  }

  /** `sealed:1:KEY:BASE64` */
  seal(secret: string, place: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv).setAAD(Buffer.from(place));
    const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return `${prefix}:${this.id}:${Buffer.concat([iv, text, cipher.getAuthTag()]).toString("base64")}`;
  }

  /** Throws a `UserError` where it was sealed with another key, for another place, or has been changed. */
  open(sealed: unknown, place: string): string {
    const parts = typeof sealed === "string" ? sealed.split(":") : [];
    if (parts.length !== 4 || `${parts[0]}:${parts[1]}` !== prefix) {
      throw new UserError(`${place}: a secret of the store is damaged; restore a backup`);
    }
    if (parts[2] !== this.id) {
      throw new UserError(
        `${place}: a secret of the store was sealed with key ${parts[2]}, and this is ${this.id}; bring back the key's file`,
      );
    }
    const bytes = Buffer.from(parts[3] ?? "", "base64");
    try {
      if (bytes.length < ivBytes + tagBytes) throw new Error("too short");
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(bytes.length - tagBytes));
      const text = decipher.update(bytes.subarray(ivBytes, bytes.length - tagBytes));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      throw new UserError(`${place}: a secret of the store is damaged; restore a backup`);
    }
  }
}

/** Reads the key, or makes it where there is no file yet. A file that others can read is made private again. */
export function readKey(file: string): StoreKey {
  try {
    const key = Buffer.from(readFileSync(file, "utf8").trim(), "hex");
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    if (key.length !== keyBytes) {
      throw new UserError(
        `${file}: not a key (64 hexadecimal digits); bring back the one that the store was made with`,
      );
    }
    return new StoreKey(key);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new UserError(`${file}: cannot be read (${messageOf(error)}); the cloud needs it to read its secrets`);
    }
  }
  return makeKey(file);
}

function makeKey(file: string): StoreKey {
  const key = randomBytes(keyBytes);
  makePrivateDirectory(dirname(file));
  let fd: number;
  try {
    fd = openSync(file, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return readKey(file);
    throw new UserError(`${file}: cannot be written (${messageOf(error)}); the cloud keeps its key there`);
  }
  try {
    writeSync(fd, `${key.toString("hex")}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncDirectory(dirname(file));
  return new StoreKey(key);
}
