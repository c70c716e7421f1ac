/**
 * `ovsdb check --repair`: saves of a damaged database file what can be saved, into another file. Nothing is dropped in silence: the
 * report names every part of the file that was no good record, and everything in good records that could not be applied without those.
 */

import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "@opensync-ts/base/errors";
import { syncDirectory } from "@opensync-ts/base/files";
import type { Random } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import { OvsdbError } from "./errors.ts";
import { applyRecord } from "./journal.ts";
import { isObject, type JsonObject, type JsonValue, stringifyJson } from "./json.ts";
import { type LogFile, openLogFile } from "./log-file.ts";
import { encodeRecord, type LogRecord } from "./record.ts";
import { type BadPart, salvageLog } from "./salvage.ts";
import { type DatabaseSchema, schemaFromJson, schemaToJson } from "./schema.ts";

export interface RepairOptions {
  readonly random: Random;
  /** Needed only where the file's own schema, its first record, is damaged. */
  readonly schema?: DatabaseSchema | undefined;
}

export interface RepairReport {
  readonly schema: DatabaseSchema;
  /** Good records, that of the schema included, and the rows that they lead to. */
  readonly records: number;
  readonly rows: number;
  /** Parts of the original that are no good records, by offset. */
  readonly bad: readonly BadPart[];
  /** Good records whose header was damaged: they are saved. */
  readonly rescued: readonly BadPart[];
  readonly leftOut: readonly LeftOut[];
}

/** What of a good record could not be applied. */
export interface LeftOut {
  /** Of the record, in the original (bytes). */
  readonly offset: number;
  /** E.g. "T 0ffc…" for a row, "T 0ffc… name" for one of its columns. */
  readonly what: string;
  readonly reason: string;
}

/**
 * Writes what is good of `path` to the new file `outPath` (mode 0600); `path` is only read. Throws a `UserError` when there is nothing
 * to be saved, or `outPath` exists.
 */
export function repairFile(path: string, outPath: string, options: RepairOptions): RepairReport {
  if (!existsSync(path)) throw new UserError(`${path}: no such file`);
  if (existsSync(outPath)) throw new UserError(`${outPath}: exists already; choose another name for the repaired file`);
  const out = openLogFile(outPath, "create");
  try {
    const report = new Repair(path, out, options).run();
    out.syncNow();
    return report;
  } catch (error) {
    rmSync(outPath, { force: true });
    throw error;
  } finally {
    out.close();
    syncDirectory(dirname(outPath));
  }
}

class Repair {
  readonly #path: string;
  readonly #out: LogFile;
  readonly #options: RepairOptions;
  readonly #bad: BadPart[] = [];
  readonly #rescued: BadPart[] = [];
  readonly #leftOut: LeftOut[] = [];
  #records = 0;

  constructor(path: string, out: LogFile, options: RepairOptions) {
    this.#path = path;
    this.#out = out;
    this.#options = options;
  }

  run(): RepairReport {
    let database: Database | undefined;
    for (const found of salvageLog(this.#path)) {
      if (found.kind === "bad") this.#bad.push(found.bad);
      if (found.kind === "rescued") this.#rescued.push(found.bad);
      if (found.kind === "bad") continue;
      const { record } = found;
      const isSchema = database === undefined && record.start === 0;
      database ??= this.#begin(isSchema ? record : undefined);
      if (!isSchema) this.#apply(database, record);
    }
    database ??= this.#begin(undefined);
    const { schema } = database;
    let rows = 0;
    for (const name of schema.tables.keys()) rows += database.rows(name).size;
    return {
      schema,
      records: this.#records,
      rows,
      bad: this.#bad,
      rescued: this.#rescued,
      leftOut: this.#leftOut,
    };
  }

  #begin(first: LogRecord | undefined): Database {
    const schema = (first && this.#schemaOf(first)) ?? this.#options.schema;
    if (!schema) {
      throw new UserError(
        `${this.#path}: its first record, the schema, cannot be read; give the database's schema (--schema FILE) to save the rest`,
      );
    }
    this.#write(schemaToJson(schema));
    return new Database(schema, { random: this.#options.random });
  }

  #schemaOf({ start, end, json }: LogRecord): DatabaseSchema | undefined {
    try {
      return schemaFromJson(json);
    } catch (error) {
      if (!(error instanceof OvsdbError)) throw error;
      this.#bad.push({ offset: start, length: end - start, reason: `not a schema: ${error.message}` });
      return undefined;
    }
  }

  /** Applies as much of a record as the database takes, and writes just that. */
  #apply(database: Database, { start, json }: LogRecord): void {
    const leave = (what: string, reason: string) => this.#leftOut.push({ offset: start, what, reason });
    const draft = new Draft(json, leave);
    for (;;) {
      try {
        database.load((changes) => draft.apply((part) => applyRecord(database.schema, part, changes)));
        break;
      } catch (error) {
        if (!(error instanceof OvsdbError)) throw error;
        draft.drop(error);
      }
    }
    if (!draft.isEmpty) this.#write(draft.toJson());
  }

  #write(json: JsonObject): void {
    this.#out.append(Buffer.from(encodeRecord(stringifyJson(json))));
    this.#records++;
  }
}

type Row = { [column: string]: JsonValue } | null;

/** A record of which parts can be left out. */
class Draft {
  readonly #remarks: readonly (readonly [string, JsonValue])[];
  /** By table and identity. */
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #leave: (what: string, reason: string) => void;

  constructor(record: JsonObject, leave: (what: string, reason: string) => void) {
    this.#leave = leave;
    this.#remarks = Object.entries(record).filter(([name]) => name.startsWith("_"));
    for (const [table, rows] of Object.entries(record)) {
      if (table.startsWith("_")) continue;
      if (isObject(rows)) this.#tables.set(table, this.#rows(table, rows));
      else leave(table, "object expected");
    }
  }

  get isEmpty(): boolean {
    return [...this.#tables.values()].every((rows) => rows.size === 0);
  }

  toJson(): JsonObject {
    const tables = [...this.#tables].filter(([, rows]) => rows.size > 0);
    return Object.fromEntries([
      ...tables.map(([table, rows]) => [table, Object.fromEntries(rows)] as const),
      ...this.#remarks,
    ]);
  }

  /** Applies row by row; rows and columns that make no sense by themselves are left out. */
  apply(apply: (part: JsonObject) => void): void {
    const remarks = Object.fromEntries(this.#remarks);
    for (const [table, rows] of this.#tables) {
      for (const [uuid, row] of [...rows]) {
        const attempt = (values: Row) => apply({ [table]: { [uuid]: values }, ...remarks });
        this.#applyRow(table, uuid, row, attempt);
      }
    }
  }

  /** Leaves out what an error about the record as a whole is about, so that it can be tried again. */
  drop(error: OvsdbError): void {
    const { details, message } = error;
    const reference = referencePattern.exec(details)?.groups;
    if (reference) {
      const { table = "", column = "", uuid = "" } = reference;
      const row = this.#tables.get(table)?.get(uuid);
      if (row && column in row) {
        this.#dropColumn(table, uuid, row, column, message);
        return;
      }
    }
    const rows = [...this.#tables].flatMap(([table, own]) => [...own.keys()].map((uuid) => ({ table, uuid })));
    const named = [...details.matchAll(uuidPattern)].map(([uuid]) => rows.find((row) => row.uuid === uuid));
    // No row is named when there are more than a table may have, for instance: then the last one goes first.
    const culprit = named.findLast((row) => row !== undefined) ?? rows.at(-1);
    if (!culprit) throw error;
    this.#dropRow(culprit.table, culprit.uuid, message);
  }

  #rows(table: string, json: JsonObject): Map<string, Row> {
    const rows = new Map<string, Row>();
    for (const [uuid, row] of Object.entries(json)) {
      if (row === null || isObject(row)) rows.set(uuid, row && { ...row });
      else this.#leave(`${table} ${uuid}`, "object or null expected");
    }
    return rows;
  }

  #applyRow(table: string, uuid: string, row: Row, attempt: (values: Row) => void): void {
    const error = failure(() => attempt(row));
    if (!error) return;
    const bad = Object.entries(row ?? {}).flatMap(([column, value]) => {
      const reason = failure(() => attempt({ [column]: value }));
      return reason ? [[column, reason] as const] : [];
    });
    if (!row || bad.length === 0 || bad.length === Object.keys(row).length) {
      this.#dropRow(table, uuid, error.message);
      return;
    }
    for (const [column, reason] of bad) this.#dropColumn(table, uuid, row, column, reason.message);
  }

  #dropColumn(table: string, uuid: string, row: NonNullable<Row>, column: string, reason: string): void {
    delete row[column];
    // Without any column left it would be a new row with nothing in it.
    if (Object.keys(row).length === 0) this.#tables.get(table)?.delete(uuid);
    this.#leave(`${table} ${uuid} ${column}`, reason);
  }

  #dropRow(table: string, uuid: string, reason: string): void {
    this.#tables.get(table)?.delete(uuid);
    this.#leave(`${table} ${uuid}`, reason);
  }
}

const uuidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** How a reference to a row that does not exist is told of. */
const referencePattern = /^Table (?<table>\w+) column (?<column>\w+) row (?<uuid>[0-9a-f-]{36}) references/;

function failure(attempt: () => void): OvsdbError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof OvsdbError) return error;
    throw error;
  }
}
