/** Collects the operations of one transaction of a typed caller, in the form in which the database executes them. */

import {
  type ContainerColumn,
  type Elements,
  type MapColumn,
  type Mutations,
  type TransactionBuilder,
  TransactionError,
  type TransactionResult,
  type TransactOptions,
  type Where,
} from "./client.ts";
import { findColumn } from "./columns.ts";
import type { Uuid } from "./datum.ts";
import { type DatabaseDeclaration, NamedUuid, type TableName, type WriteOf } from "./declare.ts";
import { OvsdbError } from "./errors.ts";
import type { Condition, ConditionFunction, DatumInput, Mutation, Mutator, Operation } from "./operations.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";
import { datumFromValue, elementsFromValue } from "./values.ts";

export interface BuilderOptions {
  /** Check constraints of written values here; else the peer does. */
  readonly check: boolean;
  /** Whether the peer knows the column; what it does not know is left out of written rows. */
  readonly knows?: (table: string, column: string) => boolean;
}

/** A `TransactionError` at the operation being built; the transaction is then void. */
export class OperationList<D extends DatabaseDeclaration> implements TransactionBuilder<D> {
  readonly operations: Operation[] = [];
  /** Operations put in front of the caller's own (a comment). */
  readonly offset: number;
  readonly #inserted = new Map<NamedUuid, number>();
  readonly #schema: DatabaseSchema;
  readonly #options: BuilderOptions;

  constructor(schema: DatabaseSchema, options: BuilderOptions, transact: TransactOptions = {}) {
    this.#schema = schema;
    this.#options = options;
    if (transact.comment !== undefined) this.operations.push({ op: "comment", comment: transact.comment });
    this.offset = this.operations.length;
  }

  insert<T extends TableName<D>>(table: T, row: WriteOf<D, T>): NamedUuid {
    const named = new NamedUuid(`row${this.operations.length}`);
    const schema = this.#table(table);
    this.#inserted.set(named, this.operations.length);
    this.operations.push({ op: "insert", table, row: this.#row(schema, row), uuidName: named.name });
    return named;
  }

  update<T extends TableName<D>>(table: T, where: Where<D, T>, row: WriteOf<D, T>): void {
    const schema = this.#table(table);
    this.operations.push({ op: "update", table, where: this.#where(schema, where), row: this.#row(schema, row) });
  }

  mutate<T extends TableName<D>>(table: T, where: Where<D, T>, mutations: Mutations<WriteOf<D, T>>): void {
    this.#mutate(table, where, mutations as readonly (readonly [string, Mutator, unknown])[]);
  }

  insertInto<T extends TableName<D>, C extends ContainerColumn<WriteOf<D, T>>>(
    table: T,
    where: Where<D, T>,
    column: C,
    elements: Elements<WriteOf<D, T>[C]>,
  ): void {
    this.#mutate(table, where, [[column, "insert", elements]]);
  }

  removeFrom<T extends TableName<D>, C extends ContainerColumn<WriteOf<D, T>>>(
    table: T,
    where: Where<D, T>,
    column: C,
    elements: unknown,
  ): void {
    this.#mutate(table, where, [[column, "delete", elements]]);
  }

  putInto<T extends TableName<D>, C extends MapColumn<WriteOf<D, T>>>(
    table: T,
    where: Where<D, T>,
    column: C,
    pairs: Exclude<WriteOf<D, T>[C], undefined>,
  ): void {
    // "insert" leaves a key that is there as it is, so it goes first.
    const given: unknown = pairs;
    const keys = given instanceof Map ? [...given.keys()] : Object.keys(given as object);
    this.#mutate(table, where, [
      [column, "delete", keys],
      [column, "insert", pairs],
    ]);
  }

  delete<T extends TableName<D>>(table: T, where: Where<D, T>): void {
    this.operations.push({ op: "delete", table, where: this.#where(this.#table(table), where) });
  }

  expect<T extends TableName<D>>(table: T, where: Where<D, T>, expected: readonly WriteOf<D, T>[]): void {
    const schema = this.#table(table);
    const rows = expected.map((row) => this.#row(schema, row));
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    this.operations.push({
      op: "wait",
      table,
      where: this.#where(schema, where),
      columns: columns.length === 0 ? ["_uuid"] : columns,
      until: "==",
      rows,
      timeout: 0,
    });
  }

  /** Takes columns that the peer turns out to lack out of what is written and expected. */
  leaveOut(lacking: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [index, operation] of this.operations.entries()) {
      const columns = "table" in operation ? lacking.get(operation.table) : undefined;
      if (!columns) continue;
      const keep = (row: { readonly [column: string]: DatumInput }) =>
        Object.fromEntries(Object.entries(row).filter(([column]) => !columns.has(column)));
      if (operation.op === "insert" || operation.op === "update") {
        this.operations[index] = { ...operation, row: keep(operation.row) };
      } else if (operation.op === "wait") {
        const left = operation.columns.filter((column) => !columns.has(column));
        const shown = left.length === 0 ? ["_uuid"] : left;
        this.operations[index] = { ...operation, columns: shown, rows: operation.rows.map(keep) };
      }
    }
  }

  /** Reads a committed transaction's results, one per operation; `uuidOf` and `countOf` read one of them. */
  result<R>(results: readonly R[], read: { uuid(result: R): Uuid; count(result: R): number }): TransactionResult {
    return {
      uuid: (row) => {
        const index = this.#inserted.get(row);
        if (index === undefined) throw new RangeError(`${row.name} was not inserted by this transaction`);
        return read.uuid(results[index] as R);
      },
      count: (operation) => {
        const kind = this.operations[operation + this.offset]?.op;
        if (kind === undefined) throw new RangeError(`the transaction has no operation ${operation}`);
        return kind === "insert" ? 1 : read.count(results[operation + this.offset] as R);
      },
    };
  }

  #mutate(table: string, where: readonly unknown[], mutations: readonly (readonly [string, Mutator, unknown])[]): void {
    const schema = this.#table(table);
    const list = mutations.map(
      ([name, mutator, value]): Mutation => ({
        column: name,
        mutator,
        value: this.#guard(() => mutationValue(this.#column(schema, name), mutator, value)),
      }),
    );
    this.operations.push({ op: "mutate", table, where: this.#where(schema, where), mutations: list });
  }

  #table(name: string): TableSchema {
    const table = this.#schema.tables.get(name);
    if (!table) throw new TransactionError("unknown table", `no table named ${name}`, this.#index());
    return table;
  }

  #column(table: TableSchema, name: string): ColumnSchema {
    const column = findColumn(table, name);
    if (column) return column;
    throw new TransactionError("unknown column", `no column ${name} in table ${table.name}`, this.#index());
  }

  #row(table: TableSchema, values: object): { [column: string]: DatumInput } {
    const row: { [column: string]: DatumInput } = {};
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue;
      const column = this.#column(table, name);
      if (this.#options.knows?.(table.name, name) === false) continue;
      row[name] = this.#guard(() => datumFromValue(column, value, this.#options.check));
    }
    return row;
  }

  #where(table: TableSchema, clauses: readonly unknown[]): readonly Condition[] {
    return (clauses as readonly (readonly [string, ConditionFunction, unknown])[]).map(([name, test, value]) => ({
      column: name,
      function: test,
      value: this.#guard(() => datumFromValue(this.#column(table, name), value, false)),
    }));
  }

  #guard<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (error instanceof OvsdbError) throw new TransactionError(error.error, error.details, this.#index());
      throw error;
    }
  }

  #index(): number {
    return this.operations.length - this.offset;
  }
}

function mutationValue(column: ColumnSchema, mutator: Mutator, value: unknown): DatumInput {
  if (mutator !== "insert" && mutator !== "delete") return elementsFromValue(column, value);
  if (mutator === "delete" && column.shape === "map" && Array.isArray(value)) return elementsFromValue(column, value);
  return datumFromValue(column, value, false);
}
