/**
 * The records of a database file (ovsdb(5)): a line `OVSDB JSON <length> <sha1>`, then a line of JSON, whose length and
 * checksum include its line feed.
 */

import { createHash, hash } from "node:crypto";
import { UserError } from "@opensync-ts/base/errors";
import { FileReader } from "./file-reader.ts";
import { isObject, type JsonObject, type JsonValue, parseJson } from "./json.ts";
import type { JsonBytes } from "./json-bytes.ts";
import { storageLimits } from "./limits.ts";

const headerPattern = /^OVSDB JSON ([0-9]{1,16}) ([0-9a-fA-F]{40})$/;
/** What a header may look like when the file ends within it. */
const partialHeaderPattern = /^OVSDB JSON [0-9]*(?: [0-9a-fA-F]*)?$/;
const headerStart = "OVSDB JSON ";
const maxHeaderBytes = 80;
const lineFeed = 0x0a;
const chunkBytes = FileReader.chunkBytes;

/** Room for the header of a record of three digits' length, as most are. */
const usualHeaderBytes = headerStart.length + "100 ".length + "0".repeat(40).length + "\n".length;

/** Writes the record around the JSON that `write` writes; none, and false, where `write` returns false. */
export function writeRecord(out: JsonBytes, write: (out: JsonBytes) => boolean): boolean {
  const start = out.length;
  out.reserve(usualHeaderBytes);
  let written = false;
  try {
    written = write(out);
  } finally {
    if (!written) out.truncate(start);
  }
  if (!written) return false;
  out.ascii("\n");
  const body = out.since(start + usualHeaderBytes);
  out.fill(start, usualHeaderBytes, recordHeader(body.length, hash("sha1", body)));
  return true;
}

/** One record around `json`, a single line of JSON text without its line feed. */
export function encodeRecord(json: string): string {
  const line = `${json}\n`;
  return `${recordHeader(Buffer.byteLength(line), hash("sha1", line))}${line}`;
}

/** Digits for the length in the header of a record that is written before it is complete: enough for `maxRecordBytes`. */
const paddedDigits = 10;

/**
 * The header of a record whose pieces are written one by one, for texts too long to be one string or to be kept. It always has the
 * same length, thanks to leading zeros, so that it can be put in front of the pieces when they are all there.
 */
export class RecordHeader {
  /** What stands in its place until then; a file that ends here is damaged. */
  static readonly blank = Buffer.alloc(recordHeader("0".repeat(paddedDigits), "0".repeat(40)).length);
  readonly #sha1 = createHash("sha1");
  #length = 0;

  /** Takes note of the next piece of the record, line feed at the end included. */
  add(piece: Buffer): void {
    this.#sha1.update(piece);
    this.#length += piece.length;
  }

  /** Throws when the record is longer than any that is read again. */
  finish(): Buffer {
    const { maxRecordBytes } = storageLimits;
    if (this.#length > maxRecordBytes) throw new Error(`a record of ${this.#length} bytes; at most ${maxRecordBytes}`);
    return Buffer.from(recordHeader(String(this.#length).padStart(paddedDigits, "0"), this.#sha1.digest("hex")));
  }
}

function recordHeader(length: number | string, sha1: string): string {
  return `${headerStart}${length} ${sha1}\n`;
}

export interface LogRecord {
  /** Where in the file it starts and ends, in bytes. */
  readonly start: number;
  readonly end: number;
  readonly json: JsonObject;
}

/** A record that cannot be read though others follow, or that is complete and yet wrong. */
export class DamagedRecordError extends UserError {
  readonly offset: number;
  readonly reason: string;

  constructor(path: string, offset: number, reason: string) {
    super(
      `${path}: damaged record at byte ${offset}: ${reason}; nothing was changed; 'ovsdb check --repair ${path}' saves what is good of it`,
    );
    this.offset = offset;
    this.reason = reason;
  }
}

/** The file ends within its last record, as it does after a crash while writing. */
export interface TornTail {
  /** The bytes before it are good. */
  readonly offset: number;
  readonly bytes: number;
}

/**
 * The records of a file in order. Returns the torn tail, if there is one. Throws a `DamagedRecordError`, or the file system's error.
 * Never holds more than one record in memory.
 */
export function* readLog(path: string): Generator<LogRecord, TornTail | undefined> {
  const reader = new FileReader(path);
  try {
    let offset = 0;
    while (offset < reader.size) {
      const record = readRecord(reader, path, offset);
      if (record === "torn") return { offset, bytes: reader.size - offset };
      yield record;
      offset = record.end;
    }
    return undefined;
  } finally {
    reader.close();
  }
}

/** The record at `start`, or that the file ends within it. Throws a `DamagedRecordError`, or a `UserError` for a clustered database. */
export function readRecord(reader: FileReader, path: string, start: number): LogRecord | "torn" {
  const damaged = (reason: string) => new DamagedRecordError(path, start, reason);
  const head = reader.read(start, Math.min(maxHeaderBytes, reader.size - start));
  if (head.toString("latin1").startsWith("OVSDB CLUSTER ")) {
    throw new UserError(
      `${path}: a clustered database; only standalone ones are supported (see 'ovsdb-tool cluster-to-standalone')`,
    );
  }
  const headerLength = head.indexOf(lineFeed);
  if (headerLength === -1) {
    const atEnd = start + head.length === reader.size;
    const text = head.toString("latin1");
    if (atEnd && (headerStart.startsWith(text) || partialHeaderPattern.test(text))) return "torn";
    if (reader.isZero(start)) return "torn";
    throw damaged("no 'OVSDB JSON' header");
  }
  const header = headerPattern.exec(head.toString("latin1", 0, headerLength));
  if (!header) throw damaged("malformed 'OVSDB JSON' header");
  const [, lengthText = "", sha1 = ""] = header;
  const bodyStart = start + headerLength + 1;
  const length = Number(lengthText);
  if (length === 0) throw damaged("length 0 in the 'OVSDB JSON' header");
  const available = Math.min(length, reader.size - bodyStart);
  if (available < length) {
    if (isTorn(reader, bodyStart)) return "torn";
    throw damaged(`length ${length} reaches beyond the end of the file, yet the record is not its torn end`);
  }
  if (length > storageLimits.maxRecordBytes) throw damaged(`length ${length} exceeds ${storageLimits.maxRecordBytes}`);
  const body = reader.read(bodyStart, length);
  const end = bodyStart + length;
  if (hash("sha1", body) !== sha1.toLowerCase()) {
    // A power cut can leave the end of a file allocated but never written: zeros.
    if (end === reader.size && body.at(-1) === 0) return "torn";
    throw damaged(`checksum ${hash("sha1", body)} instead of ${sha1}`);
  }
  return { start, end, json: parseBody(body, damaged) };
}

/** Whether a body that is too short is a write cut off: then no line feed is in it, for a body ends with its only one. */
function isTorn(reader: FileReader, bodyStart: number): boolean {
  for (let at = bodyStart; at < reader.size; at += chunkBytes) {
    if (reader.read(at, Math.min(chunkBytes, reader.size - at)).includes(lineFeed)) return false;
  }
  return true;
}

function parseBody(body: Buffer, damaged: (reason: string) => DamagedRecordError): JsonObject {
  let json: JsonValue;
  try {
    json = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw damaged(`not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isObject(json)) throw damaged("not a JSON object");
  return json;
}
