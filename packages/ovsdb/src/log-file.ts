/** The file operations that storage needs, as an interface, so that tests can let them fail. */

import { close, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, write, writeSync } from "node:fs";

export interface LogFile {
  /** Its length in bytes. */
  readonly size: number;
  /** Appends all of the bytes, or throws; then some of them may have been written. */
  append(bytes: Uint8Array): void;
  /** As `append`, without holding up the process meanwhile; one call at a time. */
  appendLater(bytes: Uint8Array): Promise<void>;
  /** Replaces bytes that were written before. */
  overwrite(bytes: Uint8Array, position: number): void;
  /** Resolves when all that was appended would survive a power cut. */
  sync(): Promise<void>;
  syncNow(): void;
  /** Cuts the file down to its first `length` bytes. */
  truncate(length: number): void;
  /** Frees the file, in the background: the end of a large file that was replaced may take the system a while. */
  close(): void;
}

export type OpenLogFile = (path: string, mode: "append" | "create") => LogFile;

/** `create` replaces what is there; a new file is readable by its owner only. */
export const openLogFile: OpenLogFile = (path, mode) => {
  const fd = openSync(path, mode === "append" ? "r+" : "w", 0o600);
  let end = fstatSync(fd).size;
  return {
    get size() {
      return end;
    },
    append(bytes) {
      for (let done = 0; done < bytes.length; ) {
        const written = writeSync(fd, bytes, done, bytes.length - done, end);
        done += written;
        end += written;
      }
    },
    async appendLater(bytes) {
      let rest = bytes;
      while (rest.length > 0) {
        const written = await writeAt(fd, rest, end);
        end += written;
        rest = rest.subarray(written);
      }
    },
    overwrite(bytes, position) {
      for (let done = 0; done < bytes.length; )
        done += writeSync(fd, bytes, done, bytes.length - done, position + done);
    },
    sync: () => new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve()))),
    syncNow: () => fdatasyncSync(fd),
    truncate(length) {
      ftruncateSync(fd, length);
      end = length;
    },
    close: () => close(fd, () => {}),
  };
};

function writeAt(fd: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, written) => (error ? reject(error) : resolve(written)));
  });
}
