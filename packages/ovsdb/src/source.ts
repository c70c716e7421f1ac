/** Where the tool reads from and writes to: a database file that nobody need serve, or a server. */

import { lstatSync } from "node:fs";
import { RealClock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { formatRecord, Log } from "@opensync-ts/base/log";
import { SystemRandom } from "@opensync-ts/base/random";
import { findColumn } from "./columns.ts";
import { readDatabase } from "./database-reader.ts";
import type { Datum, Row } from "./datum.ts";
import { datumFromJson } from "./datum-json.ts";
import type { Engine } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import { isArray, isObject, type JsonObject, type JsonValue, parseJson } from "./json.ts";
import { parseOperations } from "./parse-operations.ts";
import { JsonRpcError } from "./pending-requests.ts";
import { resultsToText } from "./result-json.ts";
import { connectRpc, type RpcClient } from "./rpc-client.ts";
import { type DatabaseSchema, schemaFromJson, type TableSchema } from "./schema.ts";
import { DatabaseFile } from "./storage.ts";

export interface SourceOptions {
  /** Which database of a server; needed where it has several. A file has one, whose name it must be. */
  readonly database?: string;
  /** How long a server may take for a reply (ms). */
  readonly timeoutMs: number;
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly caCert?: string;
}

export type Access = "read" | "write";

export interface Source {
  /** As it was named: a path or a remote. */
  readonly name: string;
  readonly kind: "file" | "server";
  readonly schema: DatabaseSchema;
  /** The rows of tables, all of one moment. */
  rows(tables: readonly TableSchema[]): Promise<ReadonlyMap<TableSchema, readonly Row[]>>;
  /** The results of a transaction (RFC 7047 §4.1.3), as JSON. What is written is on disk when it resolves. */
  transact(operations: readonly JsonValue[]): Promise<readonly JsonValue[]>;
  close(): Promise<void>;
}

const remotePattern = /^(?:unix|tcp|ssl):/;

/** Whether a command's argument names a server rather than a file. */
export function namesServer(name: string): boolean {
  return remotePattern.test(name) || isSocket(name);
}

/** Opens a file (for writing it is locked), or connects to a server. Rejects with a `UserError` or `ConnectionError`. */
export async function openSource(name: string, access: Access, options: SourceOptions): Promise<Source> {
  if (namesServer(name)) return openServer(name, access, options);
  const source = access === "read" ? readFile(name) : await openFile(name);
  const { database } = options;
  if (database === undefined || database === source.schema.name) return source;
  await source.close();
  throw new UserError(`${name}: holds database ${source.schema.name}, not '${database}'`);
}

/** A connection to a server, without a database. */
export function connectServer(
  name: string,
  options: SourceOptions,
  onNotification?: (method: string, params: readonly JsonValue[]) => void,
): Promise<RpcClient> {
  const { timeoutMs, privateKey, certificate, caCert } = options;
  const some = privateKey ?? certificate ?? caCert;
  if (some !== undefined && (privateKey === undefined || certificate === undefined || caCert === undefined)) {
    throw new UserError("TLS needs all three of --private-key, --certificate and --ca-cert");
  }
  return connectRpc(remotePattern.test(name) ? name : `unix:${name}`, {
    clock: new RealClock(),
    timeoutMs,
    ...(privateKey && certificate && caCert ? { tls: { privateKey, certificate, caCert } } : {}),
    ...(onNotification ? { onNotification } : {}),
  });
}

/** The database that was asked for, or the only one that a server has. Rejects with a `UserError`. */
export async function chooseDatabase(client: RpcClient, name: string, wanted: string | undefined): Promise<string> {
  const names = await client.request("list_dbs", []);
  const all = isArray(names) ? names.filter((each) => typeof each === "string") : [];
  const own = all.filter((each) => !each.startsWith("_"));
  if (wanted !== undefined) {
    if (all.includes(wanted)) return wanted;
    throw new UserError(`${name}: has no database '${wanted}'; it has ${own.join(", ")}`);
  }
  if (own.length === 1) return own[0] as string;
  throw new UserError(`${name}: has ${own.length} databases (${own.join(", ")}); say which with --database`);
}

export async function schemaOf(client: RpcClient, database: string): Promise<DatabaseSchema> {
  return schemaFromJson(await client.request("get_schema", [database]));
}

/** The tables of these names, or all in order of name. Throws a `UserError` for one that does not exist. */
export function chooseTables(source: Pick<Source, "name" | "schema">, names: readonly string[]): TableSchema[] {
  const { schema } = source;
  const chosen = names.length > 0 ? names : [...schema.tables.keys()].sort();
  return chosen.map((name) => {
    const table = schema.tables.get(name);
    if (!table) throw new UserError(`${source.name}: database ${schema.name} has no table '${name}'`);
    return table;
  });
}

/** The operations of a transaction that only reads; throws a `UserError` for any other. */
export function refuseWrites(operations: readonly JsonValue[]): void {
  const harmless = ["select", "wait", "comment", "abort", "assert"];
  for (const operation of operations) {
    const op = isObject(operation) ? operation.op : undefined;
    if (typeof op === "string" && !harmless.includes(op)) {
      throw new UserError(`a query only reads, and '${op}' does not; use 'ovsdb transact'`);
    }
  }
}

/**
 * What a command takes as a transaction: an array of operations, a single one, or, as `ovsdb-client` has it, an array that begins with
 * the database's name. Throws a `UserError`.
 */
export function parseTransaction(text: string): { database?: string; operations: readonly JsonValue[] } {
  let json: JsonValue;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new UserError(`the transaction is no JSON: ${messageOf(error)}`);
  }
  if (isObject(json)) return { operations: [json] };
  if (!isArray(json)) throw new UserError("the transaction must be an array of operations, or one operation");
  const [database, ...operations] = json;
  return typeof database === "string" ? { database, operations } : { operations: json };
}

async function openServer(name: string, access: Access, options: SourceOptions): Promise<Source> {
  const client = await connectServer(name, options);
  try {
    const database = await chooseDatabase(client, name, options.database);
    const schema = await schemaOf(client, database);
    const transact = async (operations: readonly JsonValue[]) => {
      const more = access === "write" ? [{ op: "commit", durable: true }] : [];
      const results = await client.request("transact", [database, ...operations, ...more]).catch(wordOf);
      if (!isArray(results)) throw new UserError(`${name}: the reply is no array of results`);
      return withoutCommit(results, operations.length);
    };
    return {
      name,
      kind: "server",
      schema,
      transact,
      async rows(tables) {
        const results = await transact(tables.map((table) => ({ op: "select", table: table.name, where: [] })));
        return new Map(tables.map((table, index) => [table, rowsFromJson(name, table, results[index])]));
      },
      close: async () => client.close(),
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** The results without that of the `commit` added to the operations. */
function withoutCommit(results: readonly JsonValue[], operations: number): readonly JsonValue[] {
  const commit = results[operations];
  const failed = isObject(commit) && commit.error !== undefined;
  return failed || results.length <= operations ? results : results.toSpliced(operations, 1);
}

/** A request as a whole was refused: the peer's own words. */
function wordOf(error: unknown): never {
  if (error instanceof JsonRpcError) throw new UserError(error.message);
  throw error;
}

function rowsFromJson(name: string, table: TableSchema, result: JsonValue | undefined): Row[] {
  if (!isObject(result) || !isArray(result.rows)) {
    const { error = "no rows", details = "" } = isObject(result) ? result : ({} as JsonObject);
    throw new UserError(`${name}: table ${table.name} cannot be read: ${error} ${details}`.trimEnd());
  }
  return result.rows.map((json) => {
    const row: { [column: string]: Datum } = {};
    for (const [column, value] of Object.entries(isObject(json) ? json : {})) {
      const schema = findColumn(table, column);
      if (schema) row[column] = datumFromJson(schema, value);
    }
    return row as Row;
  });
}

/** A file as it is at this moment, whoever serves it. */
function readFile(path: string): Source {
  const { database } = readDatabase(path, new SystemRandom());
  return fileSource(path, database, { readOnly: true }, async () => {});
}

async function openFile(path: string): Promise<Source> {
  const clock = new RealClock();
  const log = Log.create({
    name: "OVSDB",
    sink: (record) => process.stderr.write(`${formatRecord(record)}\n`),
    wallTime: () => clock.wallTime(),
    levels: { base: "WARNING", modules: new Map() },
  });
  const file = await DatabaseFile.open(path, { clock, random: new SystemRandom(), log });
  return fileSource(path, file.database, { readOnly: false, durable: file.durable }, () => file.close());
}

function fileSource(
  path: string,
  engine: Engine,
  access: { readonly readOnly: boolean; readonly durable?: () => Promise<void> },
  close: () => Promise<void>,
): Source {
  const { schema } = engine;
  return {
    name: path,
    kind: "file",
    schema,
    rows: async (tables) => new Map(tables.map((table) => [table, [...engine.rows(table.name).values()]])),
    async transact(json) {
      try {
        const operations = parseOperations(schema, json);
        const outcome = engine.execute(operations, { readOnly: access.readOnly });
        await access.durable?.();
        // Nobody else changes the file: what does not hold now never will.
        const results = outcome.kind === "blocked" ? outcome.timedOut : outcome.results;
        return parseJson(resultsToText(schema, operations, results)) as JsonValue[];
      } catch (error) {
        if (error instanceof OvsdbError) throw new UserError(error.message);
        throw error;
      }
    },
    close,
  };
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
}
