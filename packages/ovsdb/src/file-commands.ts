/** The commands of `ovsdb` that work on a database file nobody serves. Each prints to stdout; failures are thrown. */

import { readFileSync, statSync } from "node:fs";
import { RealClock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { formatRecord, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { readDatabase } from "./database-reader.ts";
import { OvsdbError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from "./json.ts";
import { readLog } from "./record.ts";
import { repairFile } from "./repair.ts";
import { schemaFromJson } from "./schema.ts";
import type { SourceOptions } from "./source.ts";
import { convertFile, DatabaseFile } from "./storage.ts";

export function create(path: string, schemaPath: string): void {
  DatabaseFile.create(path, readSchema(schemaPath));
}

export async function compact(path: string): Promise<void> {
  const file = await DatabaseFile.open(path, services());
  try {
    const before = statSync(path).size;
    await file.compact();
    print(`${path}: ${before} bytes before, ${statSync(path).size} bytes now`);
  } finally {
    await file.close();
  }
}

/** Converts a file, or, over the wire, a database of a server. */
export async function convert(name: string, schemaPath: string, options: SourceOptions): Promise<void> {
  const schemaJson = readSchema(schemaPath);
  const { chooseDatabase, connectServer, namesServer } = await import("./source.ts");
  if (!namesServer(name)) {
    await convertFile(name, schemaFromJson(schemaJson), services());
    return;
  }
  const client = await connectServer(name, options);
  try {
    await client.request("convert", [await chooseDatabase(client, name, options.database), schemaJson]);
  } finally {
    client.close();
  }
}

export function check(path: string): void {
  const { records, torn } = inspect(path);
  const { database, damaged } = readDatabase(path, new SystemRandom());
  if (torn === undefined && damaged !== undefined) {
    throw new UserError(`${path}: its last record makes no sense (${damaged}), and will be cut off when it is served`);
  }
  let rows = 0;
  for (const table of database.schema.tables.keys()) rows += database.rows(table).size;
  const { name, version } = database.schema;
  print(`${path}: sound: ${name} ${version}, ${records} records, ${rows} rows`);
  if (torn)
    print(`the last record is incomplete: ${torn.bytes} bytes at ${torn.offset} will be cut off when it is served`);
}

/** Saves what is good of a damaged file in another one, and says what is not. The schema is needed where that of the file is damaged. */
export function repair(path: string, outPath: string, schemaPath: string | undefined): void {
  const schema = schemaPath === undefined ? undefined : schemaFromJson(readSchema(schemaPath));
  const { records, rows, bad, rescued, leftOut } = repairFile(path, outPath, { random: new SystemRandom(), schema });
  print(`${path}: ${bad.length} damaged parts; ${records} records (${rows} rows) saved in ${outPath}`);
  for (const { offset, length, reason } of bad) print(`lost: ${length} bytes at ${offset}: ${reason}`);
  for (const { offset, reason } of rescued) print(`saved all the same: the record at ${offset}: ${reason}`);
  for (const { offset, what, reason } of leftOut) print(`left out of the record at ${offset}: ${what}: ${reason}`);
}

/** With `json`, each record as it stands in the file, one a line. */
export function showLog(path: string, json: boolean): void {
  const known = new Set<string>();
  inspect(path, (record, index) => {
    if (json) {
      print(stringifyJson(record));
      return;
    }
    if (index === 0) {
      const { name, version = "" } = record;
      print(`record 0: schema ${stringifyJson(name ?? null)} version ${stringifyJson(version)}`);
      return;
    }
    const { _date: date, _comment: comment, ...rest } = record;
    const when = typeof date === "number" ? ` ${new Date(date).toISOString().replace("T", " ")}` : "";
    print(`record ${index}:${when}${typeof comment === "string" ? ` ${stringifyJson(comment)}` : ""}`);
    for (const [table, rows] of Object.entries(rest)) {
      if (!isObject(rows)) continue;
      for (const [uuid, row] of Object.entries(rows)) print(`  ${table} ${uuid} ${describeRow(known, uuid, row)}`);
    }
  });
}

/** A schema file as JSON. Throws a `UserError` that names the file when it cannot be read or is no schema. */
export function readSchema(path: string): JsonValue {
  try {
    const json = parseJson(readFileSync(path, "utf8"));
    schemaFromJson(json);
    return json;
  } catch (error) {
    const what = error instanceof SyntaxError ? "no JSON: " : error instanceof OvsdbError ? "no OVSDB schema: " : "";
    throw new UserError(what === "" ? messageOf(error) : `${path}: ${what}${messageOf(error)}`);
  }
}

function describeRow(known: Set<string>, uuid: string, row: JsonValue): string {
  if (row === null) {
    known.delete(uuid);
    return "delete";
  }
  const kind = known.has(uuid) ? "modify" : "insert";
  known.add(uuid);
  return `${kind} ${stringifyJson(row)}`;
}

/** Goes through the records of a file; also says how it ends. */
function inspect(path: string, each: (record: JsonObject, index: number) => void = () => {}) {
  const log = readLog(path);
  let records = 0;
  for (let next = log.next(); ; next = log.next()) {
    if (next.done) return { records, torn: next.value };
    each(next.value.json, records++);
  }
}

function services() {
  const clock = new RealClock();
  const log = Log.create({
    name: "OVSDB",
    sink: (record) => process.stderr.write(`${formatRecord(record)}\n`),
    wallTime: () => clock.wallTime(),
    levels: { base: "WARNING", modules: new Map() },
  });
  return { clock, random: new SystemRandom(), log };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
