/** The commands of `ovsdb` that look into databases, in files and on servers alike, and write transactions to them. */

import { readFileSync } from "node:fs";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { findColumn } from "./columns.ts";
import type { Row } from "./datum.ts";
import { datumFromJson } from "./datum-json.ts";
import { cellText, formatTables, rowsToJson, type TextOptions, type TextTable, tableOf } from "./dump-text.ts";
import { isArray, isObject, type JsonValue, stringifyJson } from "./json.ts";
import { rowToJson } from "./result-json.ts";
import type { TableSchema } from "./schema.ts";
import {
  type Access,
  chooseTables,
  openSource,
  parseTransaction,
  refuseWrites,
  type Source,
  type SourceOptions,
} from "./source.ts";
import { diffTables, isSame, type TableDiff } from "./table-diff.ts";

export interface ReadOptions extends SourceOptions, TextOptions {}

export async function dump(name: string, tables: readonly string[], options: ReadOptions): Promise<void> {
  await using source = disposable(await openSource(name, "read", options));
  const rows = await source.rows(chooseTables(source, tables));
  if (options.format === "json") print(rowsToJson(rows));
  else
    print(
      formatTables(
        [...rows].map(([table, own]) => tableOf(table, own)),
        options,
      ),
    );
}

/**
 * Prints the results of a transaction: rows as tables, or, as JSON, the whole array. `text` is `-` for standard input, `@FILE`, or the
 * transaction itself. Rejects with a `UserError` when an operation failed.
 */
export async function transact(name: string, text: string, access: Access, options: ReadOptions): Promise<void> {
  const { database = options.database, operations } = parseTransaction(textOf(text));
  if (access === "read") refuseWrites(operations);
  const chosen = database === undefined ? options : { ...options, database };
  await using source = disposable(await openSource(name, access, chosen));
  const results = await source.transact(operations);
  print(options.format === "json" ? stringifyJson(results) : formatResults(source, operations, results, options));
  const failed = results.find((result) => isObject(result) && typeof result.error === "string");
  if (isObject(failed)) {
    const { error, details } = failed;
    const where = results.indexOf(failed);
    const place = where < operations.length ? `operation ${where}` : "at commit";
    throw new UserError(`nothing was changed: ${place}: ${error}${details === undefined ? "" : `: ${details}`}`);
  }
}

/** Prints what differs; resolves with whether anything does. */
export async function diff(a: string, b: string, tables: readonly string[], options: ReadOptions): Promise<boolean> {
  await using before = disposable(await openSource(a, "read", options));
  await using after = disposable(await openSource(b, "read", options));
  const common = chooseTables(before, tables).filter((table) => after.schema.tables.has(table.name));
  const lonely = tables.length > 0 ? [] : lonelyTables(before, after);
  const counterparts = common.flatMap(({ name }) => after.schema.tables.get(name) ?? []);
  const [rowsBefore, rowsAfter] = [await before.rows(common), await after.rows(counterparts)];
  const byName = new Map([...rowsAfter].map(([table, rows]) => [table.name, rows]));
  const withFile = before.kind === "file" || after.kind === "file";
  const diffs: (readonly [TableSchema, TableDiff])[] = [];
  for (const [table, rows] of rowsBefore) {
    const other = after.schema.tables.get(table.name);
    const columns = [...table.columns.values()]
      // A file does not hold them.
      .filter((column) => !(withFile && column.ephemeral) && other?.columns.has(column.name))
      .map(({ name }) => name);
    const found = diffTables(table, rows, byName.get(table.name) ?? [], columns);
    if (!isSame(found)) diffs.push([table, found]);
  }
  if (diffs.length > 0 || lonely.length > 0) print(formatDiff(diffs, lonely, options));
  return diffs.length > 0 || lonely.length > 0;
}

function formatResults(
  source: Source,
  operations: readonly JsonValue[],
  results: readonly JsonValue[],
  options: TextOptions,
): string {
  const tables = results.map((result, index): TextTable => {
    const operation = operations[index];
    const { op = "commit", table: tableName = "" } = isObject(operation) ? operation : {};
    const caption = `${op} ${tableName}`.trimEnd();
    if (isObject(result) && Array.isArray(result.rows)) {
      const rows = result.rows as readonly { readonly [column: string]: JsonValue }[];
      const table = source.schema.tables.get(String(tableName));
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort();
      const lines = rows.map((row) => columns.map((name) => valueText(table, name, row[name])));
      return { caption, columns, lines };
    }
    const entries = isObject(result) ? Object.entries(result) : [];
    const columns = entries.map(([name]) => name);
    return { caption, columns, lines: [entries.map(([name, value]) => valueText(undefined, name, value))] };
  });
  return formatTables(
    tables.filter(({ columns }) => columns.length > 0),
    options,
  );
}

/** A value of a result: as its column shows it, or, where there is none, a string bare and all else as JSON. */
function valueText(table: TableSchema | undefined, name: string, value: JsonValue | undefined): string {
  if (value === undefined) return "";
  const column = table && findColumn(table, name);
  if (table && column) return cellText(table, name, datumFromJson(column, value));
  if (isArray(value) && value[0] === "uuid") return String(value[1]);
  return typeof value === "string" ? value : stringifyJson(value);
}

function lonelyTables(before: Source, after: Source): string[] {
  const only = (one: Source, other: Source) =>
    [...one.schema.tables.keys()]
      .filter((name) => !other.schema.tables.has(name))
      .map((name) => `${name} table: only in ${one.name}`);
  return [...only(before, after), ...only(after, before)];
}

function formatDiff(
  diffs: readonly (readonly [TableSchema, TableDiff])[],
  lonely: readonly string[],
  { format, headings }: TextOptions,
): string {
  if (format === "json") {
    const json = Object.fromEntries(diffs.map(([table, found]) => [table.name, diffToJson(table, found)]));
    return stringifyJson(lonely.length > 0 ? { ...json, _schema: lonely } : json);
  }
  if (format === "csv") {
    const columns = ["table", "_uuid", "change", "column", "before", "after"];
    const lines = diffs.flatMap(([table, found]) => diffToLines(table, found));
    return formatTables([{ caption: "", columns, lines }], { format, headings });
  }
  const texts = diffs.map(([table, found]) => {
    const row = (sign: string, each: Row) => `${sign} ${each._uuid} ${rowToText(table, each)}`.trimEnd();
    const changes = found.changed.map(({ before, after, columns }) => {
      const parts = columns.map(
        (name) => `${name}: ${cellText(table, name, before[name])} -> ${cellText(table, name, after[name])}`,
      );
      return `~ ${before._uuid} ${parts.join(", ")}`;
    });
    const lines = [
      ...found.onlyBefore.map((each) => row("-", each)),
      ...found.onlyAfter.map((each) => row("+", each)),
      ...changes,
    ];
    return [...(headings ? [`${table.name} table`] : []), ...lines].join("\n");
  });
  return [...lonely, ...texts].join(headings ? "\n\n" : "\n");
}

/** The columns that say something: those of a new row that nobody has set do not. */
function rowToText(table: TableSchema, row: Row): string {
  return [...table.columns.keys()]
    .sort()
    .filter((name) => !["", "[]", "{}", '""'].includes(cellText(table, name, row[name])))
    .map((name) => `${name}=${cellText(table, name, row[name])}`)
    .join(" ");
}

function diffToJson(table: TableSchema, { onlyBefore, onlyAfter, changed }: TableDiff): JsonValue {
  const whole = (row: Row) => rowToJson(table, row, ["_uuid", ...table.columns.keys()]);
  return {
    removed: onlyBefore.map(whole),
    added: onlyAfter.map(whole),
    changed: changed.map(({ before, after, columns }) => ({
      _uuid: ["uuid", before._uuid],
      before: rowToJson(table, before, columns),
      after: rowToJson(table, after, columns),
    })),
  };
}

function diffToLines(table: TableSchema, { onlyBefore, onlyAfter, changed }: TableDiff): string[][] {
  const whole = (row: Row, change: string) => [table.name, row._uuid, change, "", "", ""];
  return [
    ...onlyBefore.map((row) => whole(row, "removed")),
    ...onlyAfter.map((row) => whole(row, "added")),
    ...changed.flatMap(({ before, after, columns }) =>
      columns.map((name) => [
        table.name,
        before._uuid,
        "changed",
        name,
        cellText(table, name, before[name]),
        cellText(table, name, after[name]),
      ]),
    ),
  ];
}

function textOf(argument: string): string {
  if (argument !== "-" && !argument.startsWith("@")) return argument;
  try {
    return readFileSync(argument === "-" ? 0 : argument.slice(1), "utf8");
  } catch (error) {
    throw new UserError(`the transaction cannot be read: ${messageOf(error)}`);
  }
}

function disposable(source: Source): Source & AsyncDisposable {
  return { ...source, [Symbol.asyncDispose]: () => source.close() };
}

function print(text: string): void {
  if (text !== "") process.stdout.write(`${text}\n`);
}
