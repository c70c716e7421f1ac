/**
 * Payloads as nodes published them, in files of some size one after the other, for hours: the oldest files go when they are too old or too much.
 * A payload is handed over in no time and written a little later, with others. A disk that is full or broken costs payloads, and nothing else.
 */

import { type FileHandle, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { makePrivateDirectory } from "@opensync-ts/base/files";
import type { Log } from "@opensync-ts/base/log";
import * as limits from "../limits.ts";
import { checkOf, encodeRecord, type RawPlace, type RawRecord, recordAt } from "./record.ts";
import { SegmentIndex } from "./segment-index.ts";

/** How long and how much. Hours of 0: nothing is kept. */
export interface RawPolicy {
  readonly rawHours: number;
  readonly rawMegabytes: number;
}

export interface RawStoreOptions {
  readonly directory: string;
  readonly policy: () => RawPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** For tests: how bytes get into a file. */
  readonly write?: (file: FileHandle, bytes: Uint8Array, position: number) => Promise<void>;
  readonly segmentBytes?: number;
}

export interface RawQuestion {
  readonly node: string;
  /** When they arrived, ms since 1970; `to` is not included. */
  readonly from: number;
  readonly to: number;
  readonly limit?: number;
  /** `next` of the answer before. */
  readonly after?: string;
}

/** What several nodes sent last before `to`, and not before `from`; `perNode` of each at the most. */
export interface LastQuestion {
  readonly nodes: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly perNode: number;
}

export interface RawAnswer {
  readonly records: readonly RawRecord[];
  /** Where there is more; null: this is all. */
  readonly next: string | null;
}

export interface RawCounters {
  readonly written: number;
  readonly dropped: number;
  readonly bytes: number;
}

interface Segment {
  readonly number: number;
  readonly bytes: number;
  readonly from: number | null;
  readonly to: number | null;
}

interface Current {
  readonly number: number;
  readonly file: FileHandle;
  readonly index: SegmentIndex;
}

export class RawStore {
  readonly #options: RawStoreOptions;
  readonly #finished: Segment[] = [];
  /** Read last is last. */
  readonly #indexes = new Map<number, SegmentIndex>();
  #current: Current | undefined;
  #buffer: Buffer[] = [];
  #buffered: { readonly at: number; readonly node: string; readonly length: number; readonly check: number }[] = [];
  #bufferedBytes = 0;
  /** One thing at a time. */
  #busy: Promise<void> = Promise.resolve();
  #flushAt: { cancel(): void } | undefined;
  #brokenUntil = Number.NEGATIVE_INFINITY;
  #isBroken = false;
  #isOpen = false;
  #closed = false;
  #written = 0;
  #dropped = 0;

  private constructor(options: RawStoreOptions) {
    this.#options = options;
  }

  /** Never rejects: what cannot be opened is tried again later, and until then nothing is kept. */
  static async open(options: RawStoreOptions): Promise<RawStore> {
    const store = new RawStore(options);
    await store.#exclusively(() => store.#ready());
    return store;
  }

  get counters(): RawCounters {
    const finished = this.#finished.reduce((sum, { bytes }) => sum + bytes, 0);
    return { written: this.#written, dropped: this.#dropped, bytes: finished + (this.#current?.index.bytes ?? 0) };
  }

  /** Payloads of the files that were written last: `node` and a check of each, so that one that comes again is known. */
  *recent(): Iterable<readonly [node: string, check: number]> {
    for (const index of [...this.#indexes.values(), this.#current?.index]) {
      if (!index) continue;
      for (const node of index.nodes) for (const { check } of index.of(node)) yield [node, check];
    }
  }

  /** Takes a payload; the check of it (`checkOf`). */
  append(record: RawRecord): number {
    const check = checkOf(record.payload);
    if (this.#options.policy().rawHours === 0) return check;
    const bytes = encodeRecord(record, check);
    const isFull = this.#bufferedBytes + bytes.length > limits.rawBufferBytes;
    if (this.#closed || this.#isResting() || isFull || bytes.length > limits.rawRecordBytes) {
      this.#dropped++;
      return check;
    }
    this.#buffer.push(bytes);
    this.#buffered.push({ at: record.at, node: record.node, length: bytes.length, check });
    this.#bufferedBytes += bytes.length;
    this.#flushAt ??= this.#options.clock.setTimer(limits.rawFlushMs, () => {
      this.#flushAt = undefined;
      void this.flush();
    });
    return check;
  }

  /** Resolves when what was taken is written, or lost. Never rejects. */
  flush(): Promise<void> {
    return this.#exclusively(() => this.#write());
  }

  /** Payloads of one node in the order in which they arrived, within bounds. Rejects with the file system's error. */
  async read(question: RawQuestion): Promise<RawAnswer> {
    await this.flush();
    const records: RawRecord[] = [];
    const limit = Math.min(question.limit ?? limits.rawRecords, limits.rawRecords);
    const [afterNumber = -1, afterOffset = -1] = (question.after ?? "").split(":").map(Number);
    let bytes = 0;
    let last = "";
    for (const segment of this.#segments()) {
      const { number } = segment;
      if (number < afterNumber || (segment.from ?? question.to) >= question.to || (segment.to ?? 0) < question.from)
        continue;
      const index = await this.#indexOf(number);
      if (!index) continue;
      const places = [...index.of(question.node)].filter(
        ({ at, offset, length }) =>
          at >= question.from &&
          at < question.to &&
          (number > afterNumber || offset > afterOffset) &&
          length > 0 &&
          length <= limits.rawRecordBytes,
      );
      if (places.length === 0) continue;
      const file = await this.#openToRead(number);
      if (!file) continue;
      try {
        for (const { offset, length } of places) {
          if (records.length >= limit || (bytes > 0 && bytes + length > limits.rawAnswerBytes)) {
            return { records, next: last };
          }
          const buffer = Buffer.alloc(length);
          await file.read(buffer, 0, length, offset);
          const found = recordAt(buffer, 0);
          last = `${number}:${offset}`;
          if (!found) continue;
          records.push(found.record);
          bytes += length;
        }
      } finally {
        await file.close();
      }
    }
    return { records, next: null };
  }

  /** In the order in which they arrived. More than `rawAnswerBytes` is not read: the oldest are left out. Rejects with the file system's error. */
  async readLast({ nodes, from, to, perNode }: LastQuestion): Promise<readonly RawRecord[]> {
    await this.flush();
    const room = new Map(nodes.map((node) => [node, perNode]));
    let bytes = limits.rawAnswerBytes;
    const found: RawRecord[][] = [];
    for (const segment of this.#segments().reverse()) {
      if ((segment.from ?? to) >= to || (segment.to ?? 0) < from) continue;
      const index = await this.#indexOf(segment.number);
      const places = nodes.flatMap((node) => {
        const last = index?.last(node, from, to, room.get(node) ?? 0) ?? [];
        room.set(node, (room.get(node) ?? 0) - last.length);
        return last;
      });
      places.sort((a, b) => b.offset - a.offset);
      const fitting = places.filter(({ length }) => {
        bytes -= length;
        return bytes >= 0;
      });
      if (fitting.length > 0) found.push(await this.#readPlaces(segment.number, fitting.reverse()));
    }
    return found.reverse().flat();
  }

  /** `places`: in order, with places of others between them. */
  async #readPlaces(number: number, places: readonly RawPlace[]): Promise<RawRecord[]> {
    const file = await this.#openToRead(number);
    if (!file) return [];
    try {
      const records: RawRecord[] = [];
      for (const { offset, length } of places) {
        if (length <= 0 || length > limits.rawRecordBytes) continue;
        const buffer = Buffer.alloc(length);
        await file.read(buffer, 0, length, offset);
        const found = recordAt(buffer, 0);
        if (found) records.push(found.record);
      }
      return records;
    } finally {
      await file.close();
    }
  }

  /** Removes files that are too old or too much. Never rejects. */
  prune(): Promise<void> {
    return this.#exclusively(() => this.#prune());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#flushAt?.cancel();
    await this.#exclusively(async () => {
      await this.#write();
      await this.#current?.file.close().catch(() => undefined);
      this.#current = undefined;
    });
  }

  #exclusively(work: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.then(work, work).catch((error) => this.#broke(error));
    return this.#busy;
  }

  #isResting(): boolean {
    return this.#options.clock.now() < this.#brokenUntil;
  }

  #broke(error: unknown): void {
    const { log, clock, directory } = this.#options;
    this.#brokenUntil = clock.now() + limits.rawRetryMs;
    if (!this.#isBroken) {
      log.warning(
        `${directory}: payloads are not kept: ${messageOf(error)}; make room, it is tried again every minute`,
      );
    }
    this.#isBroken = true;
  }

  async #ready(): Promise<void> {
    if (this.#isOpen) return;
    const { directory, log } = this.#options;
    makePrivateDirectory(directory);
    const numbers = (await readdir(directory))
      .flatMap((name) => /^raw-(\d{8})\.seg$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
    this.#finished.length = 0;
    for (const number of numbers) {
      const index = (await this.#savedIndex(number)) ?? (await this.#rescue(number, number === numbers.at(-1)));
      const { bytes, from, to } = index;
      this.#finished.push({ number, bytes, from, to });
      this.#remember(number, index);
    }
    await this.#prune();
    const last = this.#finished.at(-1);
    // Written on where it ended, unless it is full.
    if (last && last.bytes < this.#segmentBytes && !(await this.#savedIndex(last.number))) {
      const index = this.#indexes.get(last.number) ?? new SegmentIndex();
      const file = await open(this.#path(last.number), "r+");
      this.#finished.pop();
      this.#indexes.delete(last.number);
      this.#current = { number: last.number, file, index };
    }
    this.#isOpen = true;
    log.debug(`${directory}: ${this.#finished.length + (this.#current ? 1 : 0)} files of payloads`);
  }

  /** The index of a file that has none: what was being written when it ended. What is not whole at its end is cut off. */
  async #rescue(number: number, isLast: boolean): Promise<SegmentIndex> {
    const path = this.#path(number);
    const { size } = await stat(path);
    const bytes = size > this.#segmentBytes + limits.rawRecordBytes * 2 ? Buffer.alloc(0) : await readFile(path);
    const index = SegmentIndex.scan(bytes);
    if (index.bytes < size) {
      this.#options.log.warning(`${path}: the last ${size - index.bytes} bytes are no whole payload; cut off`);
      const file = await open(path, "r+");
      try {
        await file.truncate(index.bytes);
      } finally {
        await file.close();
      }
    }
    if (!isLast) await this.#saveIndex(number, index);
    return index;
  }

  async #write(): Promise<void> {
    const [buffer, places] = [this.#buffer, this.#buffered];
    this.#buffer = [];
    this.#buffered = [];
    this.#bufferedBytes = 0;
    if (places.length === 0) return;
    try {
      await this.#ready();
      this.#current ??= await this.#begin();
      const { file, index } = this.#current;
      const start = index.bytes;
      try {
        await this.#put(file, Buffer.concat(buffer), start);
      } catch (error) {
        // What is there in part would be taken for the end of the file.
        await file.truncate(start).catch(() => undefined);
        throw error;
      }
      let offset = start;
      for (const place of places) {
        index.add({ ...place, offset });
        offset += place.length;
      }
      this.#written += places.length;
      if (this.#isBroken) this.#options.log.info(`payloads are kept again; ${this.#dropped} are not`);
      this.#isBroken = false;
      if (index.bytes >= this.#segmentBytes) await this.#finish();
    } catch (error) {
      this.#dropped += places.length;
      this.#broke(error);
    }
  }

  async #put(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
    if (this.#options.write) return this.#options.write(file, bytes, position);
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }

  async #begin(): Promise<Current> {
    const number = (this.#finished.at(-1)?.number ?? 0) + 1;
    return { number, file: await open(this.#path(number), "w+", 0o600), index: new SegmentIndex() };
  }

  /** The file is full: it gets its index, and another one follows. */
  async #finish(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    const { number, file, index } = current;
    this.#current = undefined;
    this.#finished.push({ number, bytes: index.bytes, from: index.from, to: index.to });
    this.#remember(number, index);
    await file.datasync();
    await file.close();
    await this.#saveIndex(number, index);
    await this.#prune();
  }

  async #prune(): Promise<void> {
    const { policy, clock } = this.#options;
    const { rawHours, rawMegabytes } = policy();
    const before = clock.wallTime() - rawHours * 3_600_000;
    // A file that grows slowly would keep what is too old.
    const begun = this.#current?.index.from;
    if (typeof begun === "number" && begun < before + (rawHours * 3_600_000) / 2) return this.#finish();
    // The file that is written counts, too.
    let room = rawMegabytes * 1024 * 1024 - Math.max(this.#segmentBytes, this.#current?.index.bytes ?? 0);
    const kept = this.#finished.toReversed().filter((segment) => {
      room -= segment.bytes;
      return room >= 0 && segment.to !== null && segment.to >= before;
    });
    for (const { number } of this.#finished.filter((segment) => !kept.includes(segment))) {
      await rm(this.#path(number), { force: true });
      await rm(this.#path(number, "idx"), { force: true });
      this.#indexes.delete(number);
    }
    this.#finished.splice(0, this.#finished.length, ...kept.reverse());
  }

  #segments(): Segment[] {
    const current = this.#current;
    if (!current) return [...this.#finished];
    const { bytes, from, to } = current.index;
    return [...this.#finished, { number: current.number, bytes, from, to }];
  }

  async #indexOf(number: number): Promise<SegmentIndex | undefined> {
    if (this.#current?.number === number) return this.#current.index;
    const index = this.#indexes.get(number) ?? (await this.#savedIndex(number));
    if (index) this.#remember(number, index);
    return index;
  }

  #remember(number: number, index: SegmentIndex): void {
    this.#indexes.delete(number);
    this.#indexes.set(number, index);
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size <= limits.rawIndexes) break;
      this.#indexes.delete(oldest);
    }
  }

  async #savedIndex(number: number): Promise<SegmentIndex | undefined> {
    const text = await readFile(this.#path(number, "idx"), "utf8").catch(() => undefined);
    return text === undefined ? undefined : SegmentIndex.parse(text);
  }

  async #saveIndex(number: number, index: SegmentIndex): Promise<void> {
    const path = this.#path(number, "idx");
    await writeFile(`${path}.tmp`, index.toText(), { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  }

  /** Undefined where it has just been removed. */
  async #openToRead(number: number): Promise<FileHandle | undefined> {
    try {
      return await open(this.#path(number), "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #path(number: number, ending: "seg" | "idx" = "seg"): string {
    return join(this.#options.directory, `raw-${String(number).padStart(8, "0")}.${ending}`);
  }

  get #segmentBytes(): number {
    return this.#options.segmentBytes ?? limits.segmentBytes;
  }
}
