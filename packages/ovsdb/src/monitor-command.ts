/** `ovsdb monitor`: prints what a server's tables hold, and every change of them, until stopped. */

import { UserError } from "@opensync-ts/base/errors";
import { findColumn } from "./columns.ts";
import { datumFromJson } from "./datum-json.ts";
import { cellText, formatTables, type TextTable } from "./dump-text.ts";
import { isObject, type JsonObject, type JsonValue, stringifyJson } from "./json.ts";
import type { ReadOptions } from "./read-commands.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";
import { chooseDatabase, chooseTables, connectServer, namesServer, schemaOf } from "./source.ts";

export interface MonitorOptions extends ReadOptions {
  /** Also what the tables hold at the beginning. */
  readonly initial: boolean;
}

interface Watched {
  readonly table: TableSchema;
  readonly columns: readonly string[];
}

/**
 * `tables`: `TABLE`, or `TABLE:COLUMN,COLUMN`; all tables without any. Resolves after a signal; rejects when the connection ends.
 */
export async function monitor(name: string, tables: readonly string[], options: MonitorOptions): Promise<void> {
  if (!namesServer(name))
    throw new UserError(`${name}: only a server tells of changes; see 'ovsdb show-log' for those in a file`);
  const early: JsonValue[] = [];
  let show = (updates: JsonValue): void => {
    early.push(updates);
  };
  const client = await connectServer(name, options, (method, [, updates]) => {
    if (method === "update") show(updates ?? null);
  });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const lost = new Promise<never>((_, reject) => {
    client.closed.addEventListener("abort", () => reject(client.closed.reason));
  });
  try {
    const database = await chooseDatabase(client, name, options.database);
    const schema = await schemaOf(client, database);
    const watched = tables.length > 0 ? tables.map((text) => parseTable(name, schema, text)) : everything(name, schema);
    const requests = watched.map(({ table, columns }) => [
      table.name,
      { columns, select: { initial: options.initial } },
    ]);
    const initial = await client.request("monitor", [database, 0, Object.fromEntries(requests)]);
    let first = true;
    const print = (updates: JsonValue, beginning: boolean) => {
      const text =
        options.format === "json" ? stringifyJson(updates) : updatesToText(watched, updates, beginning, options);
      if (text === "" || text === "{}") return;
      process.stdout.write(`${!first && options.format === "table" && options.headings ? "\n" : ""}${text}\n`);
      first = false;
    };
    print(initial, true);
    for (const updates of early) print(updates, false);
    show = (updates) => print(updates, false);
    await Promise.race([stopped, lost]);
  } finally {
    lost.catch(() => {});
    client.close();
  }
}

function everything(name: string, schema: DatabaseSchema): Watched[] {
  return chooseTables({ name, schema }, []).map((table) => ({ table, columns: [...table.columns.keys()].sort() }));
}

function parseTable(name: string, schema: DatabaseSchema, text: string): Watched {
  const [tableName = "", list] = text.split(":", 2);
  const [table] = chooseTables({ name, schema }, [tableName]);
  if (!table) throw new UserError("no table was named");
  const columns = list === undefined ? [...table.columns.keys()].sort() : list.split(",");
  const unknown = columns.find((column) => !findColumn(table, column));
  if (unknown !== undefined) throw new UserError(`${name}: table ${table.name} has no column '${unknown}'`);
  return { table, columns };
}

/** One table of text for each table in the updates: the row, what happened to it, and its columns. */
function updatesToText(
  watched: readonly Watched[],
  updates: JsonValue,
  initial: boolean,
  options: ReadOptions,
): string {
  const tables = watched.flatMap(({ table, columns }): TextTable[] => {
    const rows = isObject(updates) ? updates[table.name] : undefined;
    if (!isObject(rows)) return [];
    const lines = Object.entries(rows).flatMap(([uuid, update]) => {
      return isObject(update) ? rowLines(table, columns, uuid, update, initial) : [];
    });
    return [{ caption: `${table.name} table`, columns: ["row", "action", ...columns], lines }];
  });
  return formatTables(tables, options);
}

function rowLines(
  table: TableSchema,
  columns: readonly string[],
  uuid: string,
  { old, new: now }: JsonObject,
  initial: boolean,
): string[][] {
  const cells = (row: JsonObject) => columns.map((name) => valueText(table, name, row[name]));
  if (isObject(old) && isObject(now))
    return [
      [uuid, "old", ...cells(old)],
      ["", "new", ...cells(now)],
    ];
  if (isObject(now)) return [[uuid, initial ? "initial" : "insert", ...cells(now)]];
  return isObject(old) ? [[uuid, "delete", ...cells(old)]] : [];
}

function valueText(table: TableSchema, name: string, json: JsonValue | undefined): string {
  if (json === undefined) return "";
  return cellText(table, name, datumFromJson(findColumn(table, name) as ColumnSchema, json));
}
