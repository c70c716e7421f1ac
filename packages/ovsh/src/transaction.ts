/** What a command asks of the database: operations as they go onto the wire (RFC 7047 §5.2). */

import type { JsonObject, JsonValue } from "@opensync-ts/ovsdb/json";
import type { Change, Parent, Where } from "./arguments.ts";
import type { ColumnExpression } from "./expression.ts";

export type Operation = JsonObject;

/** The result of the first operation is the one that counts, in every transaction built here. */
export type Transaction = readonly [Operation, ...Operation[]];

/** Without columns: all of them, `_uuid` and `_version` included. */
export function selectRows(table: string, where: Where, columns: readonly string[]): Transaction {
  return [{ op: "select", table, where, ...(columns.length === 0 ? {} : { columns }) }];
}

export function insertRow(table: string, change: Change, parents: readonly Parent[]): Transaction {
  const name = "inserted_row";
  const row = { op: "insert", table, row: setColumns(change) };
  if (parents.length === 0) return [row];
  return [{ ...row, "uuid-name": name }, ...parents.flatMap((parent) => adoption(parent, ["named-uuid", name]))];
}

export function updateRows(table: string, where: Where, change: Change): Transaction {
  return [{ op: "update", table, where, row: setColumns(change) }];
}

/** `uuid` is the one row that meets `where`; its parents get it too where they lack it. */
export function updateAdopted(
  table: string,
  where: Where,
  change: Change,
  parents: readonly Parent[],
  uuid: JsonValue,
): Transaction {
  const [update] = updateRows(table, where, change);
  return [update, ...parents.flatMap((parent) => adoption(parent, uuid))];
}

export function deleteRows(table: string, where: Where): Transaction {
  return [{ op: "delete", table, where }];
}

/** The mutations among `change`, a transaction of their own; undefined where there are none. */
export function mutateRows(table: string, where: Where, change: Change): Transaction | undefined {
  const mutations = change
    .filter((expression) => expression.kind === "mutate")
    .map(({ column, mutator, value }) => [column, mutator, value]);
  return mutations.length === 0 ? undefined : [{ op: "mutate", table, where, mutations }];
}

export function waitForRows(
  table: string,
  where: Where,
  change: Change,
  until: "==" | "!=",
  timeoutMs: number,
): Transaction {
  const row = setColumns(change);
  return [{ op: "wait", table, where, columns: Object.keys(row), until, rows: [row], timeout: timeoutMs }];
}

/** What an upsert that finds no row inserts: its conditions hold for the new row, as far as they can be set. */
export function upsertedColumns(where: Where, change: Change): Change {
  const conditions = where
    .filter(([, operator]) => operator === "==")
    .map(([column, , value]): ColumnExpression => ({ kind: "set", column, value }));
  return [...conditions, ...change];
}

/**
 * Puts a row into its parents' column. The `wait` refuses the whole transaction where there is no such parent: the row
 * would be left without anybody to keep it alive.
 */
function adoption(parent: Parent, uuid: JsonValue): Operation[] {
  const { table, column, where } = parent;
  return [
    { op: "wait", table, where, columns: ["_uuid"], until: "!=", rows: [], timeout: 0 },
    { op: "mutate", table, where, mutations: [[column, "insert", ["set", [uuid]]]] },
  ];
}

function setColumns(change: Change): { readonly [column: string]: JsonValue } {
  const set = change.filter((expression) => expression.kind === "set");
  return Object.fromEntries(set.map(({ column, value }) => [column, value]));
}
