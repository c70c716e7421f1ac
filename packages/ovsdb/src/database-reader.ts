/** Reads a database file as a whole. */

import { statSync } from "node:fs";
import { UserError } from "@opensync-ts/base/errors";
import type { Random } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import { OvsdbError } from "./errors.ts";
import { applyRecord } from "./journal.ts";
import { type JsonObject, stringifySorted } from "./json.ts";
import { DamagedRecordError, type LogRecord, readLog, type TornTail } from "./record.ts";
import { hasRecord } from "./salvage.ts";
import { type DatabaseSchema, schemaFromJson, schemaToJson } from "./schema.ts";

export interface ReadDatabase {
  readonly database: Database;
  /** The end of the file that is no part of it. */
  readonly torn: TornTail | undefined;
  /** What is wrong with that end, where it is more than a record that was cut off. */
  readonly damaged: string | undefined;
}

/**
 * The database that a file holds. Throws a `UserError`, but not for an end that has nothing of a record, or one that is sound and makes
 * no sense. `known`: a schema that it may
 * have; the object is then used as it is, so that many databases share it.
 */
export function readDatabase(path: string, random: Random, known?: DatabaseSchema): ReadDatabase {
  const records = readLog(path);
  const first = records.next();
  if (first.done) {
    const what = first.value ? "its first record (the schema) is incomplete" : "it is empty";
    throw new UserError(`${path}: not a database: ${what}; create it anew with 'ovsdb create'`);
  }
  const database = checked(path, first.value.start, () => {
    return new Database(readSchema(first.value.json, known), { random });
  });
  for (;;) {
    const next = nextRecord(path, records);
    if (next.done) return { database, ...next.value };
    const { start, end, json } = next.value;
    try {
      checked(path, start, () => database.load((changes) => applyRecord(database.schema, json, changes)));
    } catch (error) {
      if (!(error instanceof DamagedRecordError) || hasRecord(path, end)) throw error;
      return { database, torn: { offset: start, bytes: statSync(path).size - start }, damaged: error.reason };
    }
  }
}

type End = Pick<ReadDatabase, "torn" | "damaged">;

/**
 * The next record. What follows the last one and has nothing of a record was never one: it is the end. A record that has gone bad is
 * damage wherever it stands, for in a compacted file the last one is everything.
 */
function nextRecord(path: string, records: ReturnType<typeof readLog>): IteratorResult<LogRecord, End> {
  try {
    const next = records.next();
    return next.done ? { done: true, value: { torn: next.value, damaged: undefined } } : next;
  } catch (error) {
    if (!(error instanceof DamagedRecordError)) throw error;
    const { offset, reason } = error;
    if (hasRecord(path, offset)) throw error;
    return { done: true, value: { torn: { offset, bytes: statSync(path).size - offset }, damaged: reason } };
  }
}

/** What a record says may be well-formed and still make no sense. */
function checked<T>(path: string, offset: number, apply: () => T): T {
  try {
    return apply();
  } catch (error) {
    if (error instanceof OvsdbError) throw new DamagedRecordError(path, offset, error.message);
    throw error;
  }
}

function readSchema(json: JsonObject, known: DatabaseSchema | undefined): DatabaseSchema {
  if (!known) return schemaFromJson(json);
  const text = schemaText(known);
  if (stringifySorted(json) === text) return known;
  // There are several ways to write the same schema.
  const schema = schemaFromJson(json);
  return schemaText(schema) === text ? known : schema;
}

const schemaTexts = new WeakMap<DatabaseSchema, string>();

function schemaText(schema: DatabaseSchema): string {
  const text = schemaTexts.get(schema) ?? stringifySorted(schemaToJson(schema));
  schemaTexts.set(schema, text);
  return text;
}
