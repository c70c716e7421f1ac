/**
 * Executes the operations of one transaction (RFC 7047 §5.2) over the committed tables, which it only reads. What comes of it is a
 * set of changes for `commit.ts`, or an error, or a `wait` that does not hold yet.
 */

import type { Random } from "@opensync-ts/base/random";
import { ChangeSet } from "./change-set.ts";
import { findColumn } from "./columns.ts";
import type { ResolvedCondition } from "./condition.ts";
import type { Atom, Datum, Row, Uuid } from "./datum.ts";
import { sortedMap, sortedSet } from "./datum-json.ts";
import { compareDatums, datumKey } from "./datum-ops.ts";
import { NamedUuid } from "./declare.ts";
import type { ExecuteContext } from "./engine.ts";
import { OvsdbError } from "./errors.ts";
import { mutate } from "./mutation.ts";
import type { Condition, DatumInput, Operation, OperationResult } from "./operations.ts";
import type { ColumnSchema } from "./schema.ts";
import type { TableChanges } from "./table-changes.ts";
import type { TableStore } from "./table-store.ts";

type Operations = { [Op in Operation["op"]]: Extract<Operation, { op: Op }> };

/** Thrown by a `wait` whose condition does not hold (yet). */
export class Unmet extends Error {
  override readonly name = "Unmet";
  /** How long it may be tried again, in ms; undefined: for ever. */
  readonly timeout: number | undefined;

  constructor(timeout: number | undefined) {
    super("wait does not hold");
    this.timeout = timeout;
  }
}

export class Transaction {
  readonly changes: ChangeSet;
  /** A `commit` operation asked for durability. */
  durable = false;
  readonly #comments: string[] = [];
  readonly #context: ExecuteContext;
  readonly #random: Random;
  /** Rows named by the transaction. A name may be used before the insert that gives it. */
  readonly #named = new Map<string, { readonly uuid: Uuid; inserted: boolean }>();

  constructor(stores: ReadonlyMap<string, TableStore>, random: Random, context: ExecuteContext) {
    this.changes = new ChangeSet(stores);
    this.#random = random;
    this.#context = context;
  }

  /** The texts of all `comment` operations, one per line. */
  get comment(): string {
    return this.#comments.join("\n");
  }

  /** Executes one operation. Throws an `OvsdbError`, or `Unmet` for a wait that may hold later. */
  execute(operation: Operation): OperationResult {
    switch (operation.op) {
      case "insert":
        return this.#insert(this.#writable(operation));
      case "select":
        return this.#select(operation);
      case "update":
        return this.#update(this.#writable(operation));
      case "mutate":
        return this.#mutate(this.#writable(operation));
      case "delete":
        return this.#delete(this.#writable(operation));
      case "wait":
        return this.#wait(operation);
      case "commit":
        if (this.#writable(operation).durable) this.durable = true;
        return {};
      case "abort":
        throw new OvsdbError("aborted", "aborted by request");
      case "comment":
        this.#comments.push(operation.comment);
        return {};
      case "assert":
        if (this.#context.ownsLock?.(operation.lock) === true) return {};
        throw new OvsdbError("not owner", `Asserted lock ${operation.lock} not held.`);
      case "invalid":
        throw OvsdbError.fromObject(operation.error);
    }
  }

  #writable<O extends Operation>(operation: O): O {
    const { readOnly, reserved } = this.#context;
    if (readOnly !== true && reserved === undefined) return operation;
    const why = readOnly ? "when database server is in read only mode" : `on table in reserved database ${reserved}`;
    throw new OvsdbError("not allowed", `${operation.op} operation not allowed ${why}`);
  }

  #insert(operation: Operations["insert"]): OperationResult {
    const table = this.changes.table(operation.table);
    const uuid = this.#newUuid(table, operation);
    const { blank, mandatory } = table.store.layout;
    const row: Record<string, Datum> = { ...blank };
    for (const name of Object.keys(operation.row)) row[name] = this.#resolve(operation.row[name] as DatumInput);
    for (const [name, error] of mandatory) if (!Object.hasOwn(operation.row, name)) throw error;
    row._uuid = uuid;
    row._version = this.#random.uuid();
    this.#context.authorize?.({ op: "insert", table: operation.table, rows: [row as Row], columns: [] });
    table.insert(row as Row);
    return { uuid };
  }

  #newUuid(table: TableChanges, operation: Operations["insert"]): Uuid {
    const { uuid, uuidName } = operation;
    if (uuid !== undefined && (table.changes.has(uuid) || table.store.rows.has(uuid))) {
      throw new OvsdbError(
        "duplicate uuid",
        "This UUID would duplicate a UUID already present within the table or deleted within the same transaction.",
        uuid,
      );
    }
    if (uuidName === undefined) return uuid ?? (this.#random.uuid() as Uuid);
    const named = this.#named.get(uuidName);
    if (named?.inserted) {
      const details = 'This "uuid-name" appeared on an earlier "insert" operation.';
      throw new OvsdbError("duplicate uuid-name", details, uuidName);
    }
    const chosen = uuid ?? named?.uuid ?? (this.#random.uuid() as Uuid);
    this.#named.set(uuidName, { uuid: chosen, inserted: true });
    return chosen;
  }

  #select(operation: Operations["select"]): OperationResult {
    const table = this.changes.table(operation.table);
    const rows = table.find(this.#where(operation.where));
    const { sort, columns } = operation;
    if (sort) rows.sort((a, b) => compareBy(sort, a, b));
    return { rows: columns ? project(rows, columns) : rows };
  }

  #update(operation: Operations["update"]): OperationResult {
    const table = this.changes.table(operation.table);
    const values: [string, Datum][] = [];
    for (const name of Object.keys(operation.row)) {
      mutableColumn(table, name, "update");
      values.push([name, this.#resolve(operation.row[name] as DatumInput)]);
    }
    const rows = table.find(this.#where(operation.where));
    this.#context.authorize?.({ op: "update", table: operation.table, rows, columns: Object.keys(operation.row) });
    for (const row of rows) table.update(row, values);
    return { count: rows.length };
  }

  #mutate(operation: Operations["mutate"]): OperationResult {
    const table = this.changes.table(operation.table);
    const mutations = operation.mutations.map(({ column, mutator, value }) => {
      return { column: mutableColumn(table, column, "mutate"), mutator, value: this.#resolve(value) };
    });
    const rows = table.find(this.#where(operation.where));
    this.#context.authorize?.({
      op: "mutate",
      table: operation.table,
      rows,
      columns: mutations.map(({ column }) => column.name),
    });
    for (const row of rows) {
      const values = new Map<string, Datum>();
      for (const { column, mutator, value } of mutations) {
        const { name } = column;
        const datum = (values.has(name) ? values.get(name) : row[name]) as Datum;
        values.set(name, mutate(column, datum, mutator, value));
      }
      table.update(row, values);
    }
    return { count: rows.length };
  }

  #delete(operation: Operations["delete"]): OperationResult {
    const table = this.changes.table(operation.table);
    const rows = table.find(this.#where(operation.where));
    this.#context.authorize?.({ op: "delete", table: operation.table, rows, columns: [] });
    for (const row of rows) table.delete(row);
    return { count: rows.length };
  }

  #wait(operation: Operations["wait"]): OperationResult {
    const table = this.changes.table(operation.table);
    const { columns, until, timeout } = operation;
    const rows = table.find(this.#where(operation.where));
    const { blank } = table.store.layout;
    const expected = operation.rows.map((row) => {
      const resolved = Object.entries(row).map(([name, value]) => [name, this.#resolve(value)]);
      return { ...blank, ...Object.fromEntries(resolved) } as Row;
    });
    const equal = sameRows(columns, rows, expected);
    if (equal === (until === "==")) return {};
    if (timeout === 0) throw new OvsdbError("timed out", '"where" clause test failed');
    throw new Unmet(timeout);
  }

  /** The clauses with names of rows replaced by identities. A clause that is never true means no row, one always true none. */
  #where(conditions: readonly Condition[]): readonly ResolvedCondition[] {
    const clauses: ResolvedCondition[] = [];
    for (const condition of conditions) {
      if (condition === true) continue;
      if (condition === false) return never;
      clauses.push({
        column: condition.column,
        function: condition.function,
        value: this.#resolve(condition.value),
      });
    }
    return clauses;
  }

  /** The datum that an input stands for, names of rows replaced by identities. */
  #resolve(input: DatumInput): Datum {
    if (typeof input !== "object" || input === null) return input;
    if (input instanceof NamedUuid) return this.#uuidOf(input);
    if (input instanceof Map) {
      const entries = [...input] as [Atom | NamedUuid, Atom | NamedUuid][];
      if (!entries.some((pair) => pair.some(isNamed))) return input;
      return sortedMap(entries.map(([key, value]) => [this.#resolveAtom(key), this.#resolveAtom(value)]));
    }
    const atoms = input as readonly (Atom | NamedUuid)[];
    return atoms.some(isNamed) ? sortedSet(atoms.map((atom) => this.#resolveAtom(atom))) : (atoms as readonly Atom[]);
  }

  #resolveAtom(atom: Atom | NamedUuid): Atom {
    return isNamed(atom) ? this.#uuidOf(atom) : atom;
  }

  #uuidOf({ name }: NamedUuid): Uuid {
    let named = this.#named.get(name);
    if (!named) {
      named = { uuid: this.#random.uuid() as Uuid, inserted: false };
      this.#named.set(name, named);
    }
    return named.uuid;
  }
}

/** Matches no row: none has an identity that is not a UUID. */
const never: readonly ResolvedCondition[] = [{ column: "_uuid", function: "==", value: "" }];

function isNamed(atom: Atom | NamedUuid): atom is NamedUuid {
  return atom instanceof NamedUuid;
}

/** The column of that name. Throws where it does not exist or may be set on insert only. */
function mutableColumn(table: TableChanges, name: string, verb: "update" | "mutate"): ColumnSchema {
  const { schema } = table.store.layout;
  const column = findColumn(schema, name);
  if (!column) throw new OvsdbError("unknown column", `No column ${name} in table ${schema.name}.`);
  if (column.mutable) return column;
  throw new OvsdbError("constraint violation", `Cannot ${verb} immutable column ${name} in table ${schema.name}.`);
}

function compareBy(columns: readonly string[], a: Row, b: Row): number {
  for (const column of columns) {
    const order = compareDatums(a[column] as Datum, b[column] as Datum);
    if (order !== 0) return order;
  }
  return 0;
}

/** The chosen columns of the rows; rows that then look alike are given once. */
function project(rows: readonly Row[], columns: readonly string[]): readonly Partial<Row>[] {
  const seen = new Set<string>();
  const projected: Partial<Row>[] = [];
  const distinct = columns.includes("_uuid") || rows.length < 2;
  for (const row of rows) {
    if (!distinct) {
      const key = rowKey(columns, row);
      if (seen.has(key)) continue;
      seen.add(key);
    }
    const part: Record<string, Datum> = {};
    for (const column of columns) part[column] = row[column] as Datum;
    projected.push(part as Partial<Row>);
  }
  return projected;
}

/** Whether both lists hold the same rows as far as `columns` go, in whatever order and number. */
function sameRows(columns: readonly string[], a: readonly Row[], b: readonly Row[]): boolean {
  const keysA = new Set(a.map((row) => rowKey(columns, row)));
  const keysB = new Set(b.map((row) => rowKey(columns, row)));
  return keysA.size === keysB.size && [...keysA].every((key) => keysB.has(key));
}

function rowKey(columns: readonly string[], row: Row): string {
  return columns.map((column) => datumKey(row[column] as Datum)).join();
}
