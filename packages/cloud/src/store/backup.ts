/**
 * All that is in a store as lines of JSON, from one moment; the way from the embedded engine to PostgreSQL, too. Secrets stay sealed: a
 * backup is worth something only together with the key's file.
 */

import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import * as limits from "../limits.ts";
import { StoreRefusal, sqlState } from "./errors.ts";
import type { Store, StoreTransaction } from "./store.ts";
import { backedUp, jsonColumns, type StoreTables } from "./tables.ts";

type Row = Record<string, unknown>;
type TableName = keyof StoreTables;

const header = z.object({
  format: z.literal("opensync-store"),
  version: z.literal(1),
  /** The step that its tables had gone through last. */
  migration: z.string(),
  key: z.string(),
  at: z.string(),
});
const rowLine = z.strictObject({
  table: z.enum(Object.keys(backedUp) as [TableName]),
  row: z.record(z.string(), z.unknown()),
});
const lastLine = z.strictObject({ rows: z.int() });

const tables = Object.keys(backedUp) as TableName[];

/** Gives each line to `write`, which may take its time within the bound of a backup; how many rows. */
export async function backup(store: Store, write: (line: string) => Promise<void>): Promise<number> {
  const lines = async (transaction: StoreTransaction) => {
    const first = { format: "opensync-store", version: 1, migration: store.migrations.at(-1), key: store.key.id };
    await write(JSON.stringify({ ...first, at: store.now().toISOString() }));
    let rows = 0;
    for (const table of tables) {
      for await (const row of rowsOf(transaction, table)) {
        await write(JSON.stringify({ table, row }));
        rows++;
      }
    }
    await write(JSON.stringify({ rows }));
    return rows;
  };
  return store.run("make a backup", lines, { limitMs: limits.storeBackupMs, snapshot: true });
}

/** To a file that is there as a whole, or not at all. */
export async function backupToFile(store: Store, file: string): Promise<number> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, "w", 0o600);
    let rows: number;
    try {
      rows = await backup(store, async (line) => void (await handle.write(`${line}\n`)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return rows;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Into an empty store; all of it or nothing. How many rows. */
export async function restore(store: Store, lines: AsyncIterable<string>): Promise<number> {
  const read = async (transaction: StoreTransaction) => {
    await checkEmpty(transaction);
    let number = 0;
    let rows = 0;
    let end: number | undefined;
    let batch: Row[] = [];
    let table: TableName | undefined;
    const flush = async () => {
      if (table && batch.length > 0) await insert(transaction, table, batch);
      batch = [];
    };
    for await (const line of lines) {
      number++;
      if (line.length > limits.storeBackupLineBytes)
        throw damaged(number, `longer than ${limits.storeBackupLineBytes} bytes`);
      if (end !== undefined) throw damaged(number, "after the last line");
      const value = parseLine(line, number);
      if (number === 1) {
        checkHeader(store, value);
        continue;
      }
      const last = lastLine.safeParse(value);
      if (last.success) {
        end = last.data.rows;
        continue;
      }
      const entry = rowLine.safeParse(value);
      if (!entry.success) throw damaged(number, "neither a row nor the last line");
      if (entry.data.table !== table || batch.length >= limits.storeBackupRows) await flush();
      table = entry.data.table;
      rows++;
      batch.push(entry.data.row);
    }
    await flush();
    if (end !== rows)
      throw damaged(number, end === undefined ? "the end is missing" : `${rows} rows instead of ${end}`);
    await sql`select setval(pg_get_serial_sequence('audit', 'id'), (select coalesce(max(id), 0) + 1 from audit), false)`.execute(
      transaction,
    );
    return rows;
  };
  return store.run("restore a backup", read, { limitMs: limits.storeBackupMs });
}

export async function restoreFromFile(store: Store, file: string): Promise<number> {
  try {
    return await restore(store, linesOf(file));
  } catch (error) {
    if (error instanceof StoreRefusal) throw new StoreRefusal(error.code, `${file}: ${error.message}`);
    throw error;
  }
}

/** An error of the file ends them, with a message for people. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of createReadStream(file, "utf8")) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      // Whoever asked will say what is wrong with a line of that length.
      if (rest.length > limits.storeBackupLineBytes) break;
    }
  } catch (error) {
    throw new UserError(`${file}: cannot be read (${messageOf(error)})`);
  }
  if (rest !== "") yield rest;
}

async function* rowsOf(transaction: StoreTransaction, table: TableName): AsyncGenerator<Row> {
  const columns = backedUp[table];
  const key = sql.join(columns.map((column) => sql.ref(column)));
  let after: RawBuilder<unknown> = sql``;
  for (;;) {
    const query = sql<Row>`select * from ${sql.table(table)} ${after} order by ${key} limit ${sql.lit(limits.storeBackupRows)}`;
    const { rows } = await query.execute(transaction);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < limits.storeBackupRows) return;
    after = sql`where (${key}) > (${sql.join(columns.map((column) => last[column]))})`;
  }
}

async function insert(transaction: StoreTransaction, table: TableName, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const json: readonly string[] = jsonColumns[table] ?? [];
  const values = rows.map(
    (row) =>
      sql`(${sql.join(columns.map((column) => (json.includes(column) ? JSON.stringify(row[column]) : row[column])))})`,
  );
  const into = sql.join(columns.map((column) => sql.ref(column)));
  // What the store has made at its start it has made before.
  const statement = sql`insert into ${sql.table(table)} (${into}) values ${sql.join(values)} on conflict do nothing`;
  try {
    await statement.execute(transaction);
  } catch (error) {
    // Of a wrong form, without what they refer to, or of columns there are not.
    if (!/^(22|23|42)/.test(sqlState(error) ?? "")) throw error;
    throw new StoreRefusal("invalid", `rows of ${table} do not fit (${messageOf(error)}); this is no whole backup`);
  }
}

async function checkEmpty(transaction: StoreTransaction): Promise<void> {
  for (const table of ["tenants", "nodes", "audit"] as const) {
    const row = await transaction.selectFrom(table).select("id").limit(1).executeTakeFirst();
    if (row) throw new StoreRefusal("conflict", `the store is not empty (${table}); restore into a new one`);
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged(number, "not JSON");
  }
}

function checkHeader(store: Store, value: unknown): void {
  const { success, data } = header.safeParse(value);
  if (!success) throw damaged(1, "not the beginning of a backup");
  const latest = store.migrations.at(-1);
  if (data.migration !== latest) {
    throw new StoreRefusal(
      "invalid",
      `it is of tables of step ${data.migration}, and these are of ${latest}; restore it with the program that made it`,
    );
  }
  if (data.key !== store.key.id) {
    throw new StoreRefusal(
      "invalid",
      `its secrets are sealed with key ${data.key}, and this is ${store.key.id}; put that key's file (store.key) here first`,
    );
  }
}

function damaged(line: number, what: string): StoreRefusal {
  return new StoreRefusal("invalid", `line ${line}: ${what}; this is no whole backup`);
}
