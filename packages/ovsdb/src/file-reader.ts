/** Reading files piece by piece. */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Reads a file through a window, so that many short reads in order are few system calls. */
export class FileReader {
  /** What is read at a time, at least. */
  static readonly chunkBytes = 1024 * 1024;
  readonly size: number;
  readonly #fd: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  constructor(path: string) {
    this.#fd = openSync(path, "r");
    this.size = fstatSync(this.#fd).size;
  }

  /** `length` bytes at `offset`; both within the file. */
  read(offset: number, length: number): Buffer {
    const at = offset - this.#windowStart;
    if (at < 0 || at + length > this.#window.length) {
      this.#load(offset, Math.min(this.size - offset, Math.max(length, FileReader.chunkBytes)));
      return this.#window.subarray(0, length);
    }
    return this.#window.subarray(at, at + length);
  }

  /** Whether nothing but zeros follow. */
  isZero(offset: number): boolean {
    for (let at = offset; at < this.size; at += FileReader.chunkBytes) {
      if (!this.read(at, Math.min(FileReader.chunkBytes, this.size - at)).every((byte) => byte === 0)) return false;
    }
    return true;
  }

  /** Where `bytes` come next, at or after `offset`. */
  find(bytes: Buffer, offset: number): number | undefined {
    for (let at = offset; at + bytes.length <= this.size; ) {
      const chunk = this.read(at, Math.min(FileReader.chunkBytes, this.size - at));
      const found = chunk.indexOf(bytes);
      if (found !== -1) return at + found;
      // What is looked for may lie across the end of the chunk.
      at += chunk.length - bytes.length + 1;
    }
    return undefined;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #load(offset: number, length: number): void {
    const window = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.#fd, window, done, length - done, offset + done);
      if (count === 0) throw new Error("file became shorter while it was being read");
      done += count;
    }
    this.#window = window;
    this.#windowStart = offset;
  }
}
