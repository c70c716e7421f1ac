/** Reads a database file as a whole. */

import { UserError } from "@opensync-ts/base/errors";
import type { Random } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import { OvsdbError } from "./errors.ts";
import { applyRecord } from "./journal.ts";
import { type JsonObject, stringifySorted } from "./json.ts";
import { DamagedRecordError, readLog, type TornTail } from "./record.ts";
import { type DatabaseSchema, schemaFromJson, schemaToJson } from "./schema.ts";

/**
 * The database that a file holds. Throws a `UserError`. `known`: a schema that it may have; the object is then used as it is, so that
 * many databases share it.
 */
export function readDatabase(
  path: string,
  random: Random,
  known?: DatabaseSchema,
): { database: Database; torn: TornTail | undefined } {
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
    const next = records.next();
    if (next.done) return { database, torn: next.value };
    const { start, json } = next.value;
    checked(path, start, () => database.load((changes) => applyRecord(database.schema, json, changes)));
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
