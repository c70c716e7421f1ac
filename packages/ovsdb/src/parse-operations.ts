/** The operations of a `transact` request (RFC 7047 §5.2), from JSON. */

import { parseUuid } from "./atom.ts";
import { findColumn } from "./columns.ts";
import { conditionsFromJson, unknownColumn } from "./condition.ts";
import { datumFromJson } from "./datum-json.ts";
import { inColumn, OvsdbError, syntaxError } from "./errors.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { JsonMembers } from "./json-members.ts";
import { engineLimits } from "./limits.ts";
import { mutationsFromJson } from "./mutation.ts";
import type { DatumInput, Operation } from "./operations.ts";
import type { DatabaseSchema, TableSchema } from "./schema.ts";

/**
 * Parses what follows the database's name in the parameters of `transact`. An operation at fault becomes an `invalid` one, so that
 * the operations before it are executed first and its error stands at its place in the reply; what follows is not parsed.
 * Throws an `OvsdbError` when there are more operations than the limit.
 */
export function parseOperations(schema: DatabaseSchema, json: readonly JsonValue[]): Operation[] {
  if (json.length > engineLimits.maxOperations) {
    throw new OvsdbError(
      "resources exhausted",
      `${json.length} operations in one transaction; at most ${engineLimits.maxOperations} are accepted`,
    );
  }
  const operations: Operation[] = [];
  for (const [index, operation] of json.entries()) {
    try {
      operations.push(parseOperation(schema, operation, `ovsdb operation ${index + 1} of ${json.length}`));
    } catch (error) {
      if (!(error instanceof OvsdbError)) throw error;
      operations.push({ op: "invalid", error: error.toObject() });
      const rest = json.length - operations.length;
      return rest === 0 ? operations : operations.concat(new Array<Operation>(rest).fill(unreached));
    }
  }
  return operations;
}

/** Stands for operations after one that ends the transaction. */
const unreached: Operation = { op: "abort" };

function parseOperation(schema: DatabaseSchema, json: JsonValue, what: string): Operation {
  const members = new JsonMembers(json, what);
  const op = members.required("op", "id");
  switch (op) {
    case "insert":
      return parseInsert(schema, members);
    case "select":
      return parseSelect(schema, members);
    case "update":
      return parseUpdate(schema, members, json);
    case "mutate":
      return parseMutate(schema, members);
    case "delete":
      return parseDelete(schema, members);
    case "wait":
      return parseWait(schema, members);
    case "commit": {
      const durable = members.required("durable", "boolean");
      members.finish();
      return { op, durable };
    }
    case "abort":
      members.finish();
      return { op };
    case "comment": {
      const comment = members.required("comment", "string");
      members.finish();
      return { op, comment };
    }
    case "assert": {
      const lock = members.required("lock", "id");
      members.finish();
      return { op, lock };
    }
    default:
      throw members.error(`No operation "${op}"`);
  }
}

function parseInsert(schema: DatabaseSchema, members: JsonMembers): Operation {
  const table = parseTable(schema, members);
  const uuidText = members.optional("uuid", "string");
  const uuidName = members.optional("uuid-name", "id");
  const rowJson = members.required("row", "object");
  members.finish();
  const uuid = uuidText === undefined ? undefined : parseUuid(uuidText);
  if (uuidText !== undefined && uuid === undefined) throw syntaxError("bad uuid", uuidText);
  return {
    op: "insert",
    table: table.name,
    row: parseRow(table, rowJson),
    ...(uuidName === undefined ? {} : { uuidName }),
    ...(uuid === undefined ? {} : { uuid }),
  };
}

function parseSelect(schema: DatabaseSchema, members: JsonMembers): Operation {
  const table = parseTable(schema, members);
  const whereJson = members.required("where", "array");
  const columnsJson = members.optional("columns", "array");
  const sortJson = members.optional("sort", "array");
  members.finish();
  const where = conditionsFromJson(table, whereJson);
  const columns = parseColumns(table, columnsJson);
  const sort = parseColumns(table, sortJson);
  return {
    op: "select",
    table: table.name,
    where,
    ...(columns === undefined ? {} : { columns }),
    ...(sort === undefined ? {} : { sort }),
  };
}

function parseUpdate(schema: DatabaseSchema, members: JsonMembers, json: JsonValue): Operation {
  const table = parseTable(schema, members);
  const whereJson = members.required("where", "array");
  const rowJson = members.required("row", "object");
  members.finish();
  const row = parseRow(table, rowJson);
  for (const name of Object.keys(row)) {
    if (findColumn(table, name)?.mutable) continue;
    const details = `Cannot update immutable column ${name} in table ${table.name}.`;
    throw new OvsdbError("constraint violation", details, json);
  }
  return { op: "update", table: table.name, where: conditionsFromJson(table, whereJson), row };
}

function parseMutate(schema: DatabaseSchema, members: JsonMembers): Operation {
  const table = parseTable(schema, members);
  const whereJson = members.required("where", "array");
  const mutationsJson = members.required("mutations", "array");
  members.finish();
  const mutations = mutationsFromJson(table, mutationsJson);
  return { op: "mutate", table: table.name, where: conditionsFromJson(table, whereJson), mutations };
}

function parseDelete(schema: DatabaseSchema, members: JsonMembers): Operation {
  const table = parseTable(schema, members);
  const whereJson = members.required("where", "array");
  members.finish();
  return { op: "delete", table: table.name, where: conditionsFromJson(table, whereJson) };
}

function parseWait(schema: DatabaseSchema, members: JsonMembers): Operation {
  const timeout = members.optional("timeout", "integer");
  const whereJson = members.required("where", "array");
  const columnsJson = members.optional("columns", "array");
  const until = members.required("until", "string");
  const rowsJson = members.required("rows", "array");
  const table = parseTable(schema, members);
  members.finish();
  const where = conditionsFromJson(table, whereJson);
  const columns = parseColumns(table, columnsJson) ?? ["_uuid", "_version", ...table.columns.keys()];
  if (until !== "==" && until !== "!=") throw syntaxError('"until" must be "==" or "!="', until);
  const rows = rowsJson.map((row) => {
    if (!isObject(row)) throw syntaxError("row must be JSON object", row);
    return parseRow(table, row);
  });
  if (timeout !== undefined && timeout < 0) throw syntaxError("timeout must be nonnegative", timeout);
  return {
    op: "wait",
    table: table.name,
    where,
    columns,
    until,
    rows,
    ...(timeout === undefined ? {} : { timeout }),
  };
}

function parseTable(schema: DatabaseSchema, members: JsonMembers): TableSchema {
  const name = members.required("table", "id");
  const table = schema.tables.get(name);
  if (!table) throw members.error(`No table named ${name}.`);
  return table;
}

/** The columns that `json` gives a value. */
function parseRow(table: TableSchema, json: JsonObject): { [column: string]: DatumInput } {
  const row: { [column: string]: DatumInput } = {};
  for (const name of Object.keys(json)) {
    const column = findColumn(table, name);
    if (!column) throw unknownColumn(table, name, json);
    try {
      row[name] = datumFromJson(column, json[name] as JsonValue, "named");
    } catch (error) {
      throw inColumn(error, table.name, name);
    }
  }
  return row;
}

function parseColumns(table: TableSchema, json: readonly JsonValue[] | undefined): readonly string[] | undefined {
  if (json === undefined) return undefined;
  if (!json.every((name) => typeof name === "string") || new Set(json).size !== json.length) {
    throw syntaxError("array of distinct column names expected", json);
  }
  const unknown = json.find((name) => !findColumn(table, name));
  if (unknown !== undefined) throw syntaxError(`${unknown} is not a valid column name`, json);
  return json;
}
