/** Finds the records of a damaged database file that are good, and says what lies between them. */

import { hash } from "node:crypto";
import { FileReader } from "./file-reader.ts";
import { isObject, parseJson } from "./json.ts";
import { DamagedRecordError, type LogRecord, readRecord } from "./record.ts";

/** A part of the file that is no good record. Bytes. */
export interface BadPart {
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

export type Salvaged =
  | { readonly kind: "record"; readonly record: LogRecord }
  /** As `record`, but its header is damaged; its checksum is not, and proves it. */
  | { readonly kind: "rescued"; readonly record: LogRecord; readonly bad: BadPart }
  | { readonly kind: "bad"; readonly bad: BadPart };

const marker = Buffer.from("OVSDB JSON ");
const brace = Buffer.from("{");
const lineFeed = 0x0a;
/** More than a header has, to find one that has grown by its damage. */
const headerBytes = 200;
const checksumAtEnd = /([0-9a-fA-F]{40})\s*$/;

/** Everything in the file, in order and without a gap. Throws a `UserError` for a clustered database. */
export function* salvageLog(path: string): Generator<Salvaged> {
  const reader = new FileReader(path);
  try {
    for (let offset = 0; offset < reader.size; ) {
      const found = examine(reader, path, offset);
      yield found;
      offset = found.kind === "bad" ? offset + found.bad.length : found.record.end;
    }
  } finally {
    reader.close();
  }
}

/** Whether anything of a record, good or bad, is left from `offset` on: every record is an object, which begins with a brace. */
export function hasRecord(path: string, offset: number): boolean {
  const reader = new FileReader(path);
  try {
    return reader.find(brace, offset) !== undefined;
  } finally {
    reader.close();
  }
}

function examine(reader: FileReader, path: string, offset: number): Salvaged {
  try {
    const record = readRecord(reader, path, offset);
    if (record !== "torn") return { kind: "record", record };
    const reason = "incomplete: the file ends within it";
    return { kind: "bad", bad: { offset, length: reader.size - offset, reason } };
  } catch (error) {
    if (!(error instanceof DamagedRecordError)) throw error;
    const { reason } = error;
    const record = rescue(reader, offset);
    if (record) {
      return { kind: "rescued", record, bad: { offset, length: record.end - offset, reason } };
    }
    const next = findRecord(reader, path, offset + 1);
    return { kind: "bad", bad: { offset, length: next - offset, reason } };
  }
}

/** A record of which only the header is damaged, and not the checksum in it. */
function rescue(reader: FileReader, start: number): LogRecord | undefined {
  const head = reader.read(start, Math.min(headerBytes, reader.size - start));
  const headerLength = head.indexOf(lineFeed);
  const sha1 = checksumAtEnd.exec(head.toString("latin1", 0, Math.max(0, headerLength)))?.[1];
  if (sha1 === undefined) return undefined;
  const bodyStart = start + headerLength + 1;
  const bodyEnd = reader.find(Buffer.from([lineFeed]), bodyStart);
  if (bodyEnd === undefined) return undefined;
  const end = bodyEnd + 1;
  const body = reader.read(bodyStart, end - bodyStart);
  if (hash("sha1", body) !== sha1.toLowerCase()) return undefined;
  try {
    const json = parseJson(body.toString("utf8"));
    return isObject(json) ? { start, end, json } : undefined;
  } catch {
    return undefined;
  }
}

/** Where the next record begins, good or bad: at a header at the begin of a line, or at one that leads a good record. */
function findRecord(reader: FileReader, path: string, from: number): number {
  for (let at = reader.find(marker, from); at !== undefined; at = reader.find(marker, at + 1)) {
    if (reader.read(at - 1, 1)[0] === lineFeed || isGood(reader, path, at)) return at;
  }
  return reader.size;
}

function isGood(reader: FileReader, path: string, offset: number): boolean {
  try {
    return readRecord(reader, path, offset) !== "torn";
  } catch {
    return false;
  }
}
