/** Carries out one command: transactions to the database, results to the user. */

import { isArray, isObject, type JsonObject, type JsonValue } from "@opensync-ts/ovsdb/json";
import type { Change, Command, Parent, Settings, Where } from "./arguments.ts";
import { CommandError, exitCodes, RefusedError } from "./errors.ts";
import { formatRows } from "./format.ts";
import { formatResult } from "./format-json.ts";
import { limits } from "./limits.ts";
import {
  deleteRows,
  insertRow,
  mutateRows,
  selectRows,
  type Transaction,
  updateAdopted,
  updateRows,
  upsertedColumns,
  waitForRows,
} from "./transaction.ts";
import type { Row } from "./value.ts";

export interface Database {
  /** The results of the operations, as the server gives them (RFC 7047 §4.1.3). */
  transact(operations: readonly JsonValue[], timeoutMs: number): Promise<readonly JsonValue[]>;
}

export interface Output {
  out(text: string): void;
  error(text: string): void;
  /** Characters in a line of the terminal. */
  readonly width: number;
}

/** Returns the exit code; throws a `CommandError` or `RefusedError`. */
export async function execute(
  command: Command,
  settings: Settings,
  database: Database,
  output: Output,
): Promise<number> {
  const run = new Run(settings, database, output);
  switch (command.kind) {
    case "select":
      return run.select(command);
    case "insert":
      await run.insert(command.table, command.change, command.parents);
      return exitCodes.ok;
    case "update":
      await run.count(updateRows(command.table, command.where, command.change));
      await run.mutate(command.table, command.where, command.change);
      return exitCodes.ok;
    case "upsert":
      return run.upsert(command);
    case "delete":
      await run.count(deleteRows(command.table, command.where));
      return exitCodes.ok;
    case "wait": {
      const { table, where, change, until, timeoutMs } = command;
      await run.transact(waitForRows(table, where, change, until, timeoutMs), [], timeoutMs + limits.waitGraceMs);
      return exitCodes.ok;
    }
  }
}

type CommandOf<K extends Command["kind"]> = Extract<Command, { kind: K }>;

class Run {
  readonly #settings: Settings;
  readonly #database: Database;
  readonly #output: Output;

  constructor(settings: Settings, database: Database, output: Output) {
    this.#settings = settings;
    this.#database = database;
    this.#output = output;
  }

  /** Finding nothing is a failure only where no columns were named. */
  async select({ table, where, columns }: CommandOf<"select">): Promise<number> {
    const rows = rowsOf(await this.transact(selectRows(table, where, columns)));
    this.#output.out(await formatRows(rows, columns, this.#settings, this.#output.width));
    if (rows.length > 0 || columns.length > 0) return exitCodes.ok;
    const nothing = where.length === 0 ? `${table} has no rows` : `no row of ${table} meets the conditions`;
    if (!this.#settings.quiet) this.#output.error(`${nothing}\n`);
    return exitCodes.failure;
  }

  async insert(table: string, change: Change, parents: readonly Parent[]): Promise<void> {
    const result = await this.transact(insertRow(table, change, parents), parents);
    const { uuid } = result;
    if (!isArray(uuid) || typeof uuid[1] !== "string") throw unexpected(result);
    this.#say(`${uuid[1]}\n`, result);
    await this.mutate(table, [["_uuid", "==", uuid]], change);
  }

  /** Of the rows that meet its conditions, an upsert updates the only one, or inserts the first one. */
  async upsert({ table, where, change, parents }: CommandOf<"upsert">): Promise<number> {
    if (where.some(([, operator]) => operator !== "==")) {
      this.#output.error("Error: Upsert: only == conditions say what to insert; the others are used to find the row\n");
    }
    const [row, ...others] = rowsOf(await this.transact(selectRows(table, where, ["_uuid"])));
    if (others.length > 0) {
      this.#output.error(`ERROR: Upsert: more than one row matched (${others.length + 1})\n`);
      return exitCodes.failure;
    }
    if (!row) {
      this.#note("Upsert: insert\n");
      await this.insert(table, upsertedColumns(where, change), parents);
      return exitCodes.ok;
    }
    this.#note("Upsert: update\n");
    const uuid = row._uuid ?? null;
    const itself: Where = [["_uuid", "==", uuid]];
    await this.count(updateAdopted(table, itself, change, parents, uuid), parents);
    await this.mutate(table, itself, change);
    return exitCodes.ok;
  }

  /** Tells how many rows the first operation changed. */
  async count(transaction: Transaction, parents: readonly Parent[] = []): Promise<void> {
    const result = await this.transact(transaction, parents);
    this.#say(`${countOf(result)}\n`, result);
  }

  async mutate(table: string, where: Where, change: Change): Promise<void> {
    const transaction = mutateRows(table, where, change);
    if (transaction) this.#note(`Mutated: ${countOf(await this.transact(transaction))}\n`);
  }

  /** The first result. Throws the first error among all results, those found at commit included. */
  async transact(
    transaction: Transaction,
    parents: readonly Parent[] = [],
    timeoutMs: number = limits.replyTimeoutMs,
  ): Promise<JsonObject> {
    const results = await this.#database.transact(transaction, timeoutMs);
    for (const [at, result] of results.entries()) {
      if (!isObject(result) || typeof result.error !== "string") continue;
      // Each parent has a `wait` and a `mutate`, after the operation proper.
      const parent = parents[(at - 1) / 2];
      if (parent && result.error === "timed out") {
        throw new CommandError(`--parent ${parent.text}: there is no such row; nothing was written`);
      }
      throw new RefusedError(result);
    }
    const [first] = results;
    if (!isObject(first)) throw unexpected(first ?? null);
    return first;
  }

  #say(text: string, result: JsonObject): void {
    if (this.#settings.quiet) return;
    this.#output.out(this.#settings.output.kind === "json" ? formatResult(result) : text);
  }

  #note(text: string): void {
    if (!this.#settings.quiet) this.#output.out(text);
  }
}

function rowsOf(result: JsonObject): readonly Row[] {
  const { rows } = result;
  if (!isArray(rows) || !rows.every(isObject)) throw unexpected(result);
  return rows;
}

function countOf(result: JsonObject): number {
  if (typeof result.count !== "number") throw unexpected(result);
  return result.count;
}

function unexpected(result: JsonValue): CommandError {
  return new CommandError(`the server answered what is no result of this operation: ${JSON.stringify(result)}`);
}
