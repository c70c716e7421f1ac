/** What the engine works out of a table's schema once, so that transactions need not. */

import { zeroUuid } from "./atom.ts";
import type { ColumnPart } from "./column-index.ts";
import { systemColumns } from "./columns.ts";
import type { Datum, Row, Uuid } from "./datum.ts";
import { checkDatum, defaultDatum } from "./datum-json.ts";
import { countOf } from "./datum-ops.ts";
import { OvsdbError } from "./errors.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";

/** A column (or the keys or values of a map column) that refers to rows of a table. */
export interface ReferenceColumn {
  readonly table: string;
  readonly column: ColumnSchema;
  readonly part: ColumnPart;
  readonly target: string;
}

export interface TableLayout {
  readonly schema: TableSchema;
  /** A row with every column at its default. Rows are made by `{ ...blank }`, so all rows of a table share one hidden class. */
  readonly blank: Row;
  /** Every column but `_version` and `_uuid`: what is "changed" by an insert or a delete. */
  readonly columnNames: ReadonlySet<string>;
  /** Columns that an insert must name, because their default breaks their own constraints; with the error. */
  readonly mandatory: ReadonlyMap<string, OvsdbError>;
  readonly strong: readonly ReferenceColumn[];
  readonly weak: readonly ReferenceColumn[];
  /** Weak references of any table into this one. */
  readonly weakIncoming: readonly ReferenceColumn[];
}

/** Databases of the same schema object share its layouts. */
export function tableLayouts(schema: DatabaseSchema): ReadonlyMap<string, TableLayout> {
  const layouts = knownLayouts.get(schema) ?? computeLayouts(schema);
  knownLayouts.set(schema, layouts);
  return layouts;
}

const knownLayouts = new WeakMap<DatabaseSchema, ReadonlyMap<string, TableLayout>>();

function computeLayouts(schema: DatabaseSchema): ReadonlyMap<string, TableLayout> {
  const references = [...schema.tables.values()].flatMap(referencesOf);
  const weak = references.filter((reference) => baseOf(reference)?.refType === "weak");
  const strong = references.filter((reference) => baseOf(reference)?.refType !== "weak");
  const strongOf = Map.groupBy(strong, ({ table }) => table);
  const weakOf = Map.groupBy(weak, ({ table }) => table);
  const weakInto = Map.groupBy(weak, ({ target }) => target);
  return new Map(
    [...schema.tables.values()].map((table) => {
      const { name } = table;
      return [name, new LazyLayout(table, strongOf.get(name), weakOf.get(name), weakInto.get(name))];
    }),
  );
}

/** Most tables of a large schema are empty for long: what only their rows need is worked out for the first of them. */
class LazyLayout implements TableLayout {
  readonly schema: TableSchema;
  readonly columnNames: ReadonlySet<string>;
  readonly strong: readonly ReferenceColumn[];
  readonly weak: readonly ReferenceColumn[];
  readonly weakIncoming: readonly ReferenceColumn[];
  #blank: Row | undefined;
  #mandatory: ReadonlyMap<string, OvsdbError> | undefined;

  constructor(
    schema: TableSchema,
    strong: readonly ReferenceColumn[] = [],
    weak: readonly ReferenceColumn[] = [],
    weakIncoming: readonly ReferenceColumn[] = [],
  ) {
    this.schema = schema;
    this.columnNames = new Set(schema.columns.keys());
    this.strong = strong;
    this.weak = weak;
    this.weakIncoming = weakIncoming;
  }

  get blank(): Row {
    this.#blank ??= blankRow(this.schema.columns);
    return this.#blank;
  }

  get mandatory(): ReadonlyMap<string, OvsdbError> {
    this.#mandatory ??= mandatoryColumns(this.schema);
    return this.#mandatory;
  }
}

/** A row with the given values, and defaults for the other columns. */
export function newRow(layout: TableLayout, uuid: Uuid, values: Iterable<readonly [string, Datum]>): Row {
  const row: Record<string, Datum> = { ...layout.blank };
  row._uuid = uuid;
  for (const [column, datum] of values) row[column] = datum;
  return row as Row;
}

function referencesOf(table: TableSchema): ReferenceColumn[] {
  return [...table.columns.values()].flatMap((column) =>
    (["key", "value"] as const).flatMap((part): ReferenceColumn[] => {
      const target = column[part]?.refTable;
      return target === undefined ? [] : [{ table: table.name, column, part, target }];
    }),
  );
}

function baseOf(reference: ReferenceColumn): ColumnSchema["value"] {
  return reference.column[reference.part];
}

/**
 * A row of these columns, each at its default. Parsed, because V8 keeps a parsed object's members in the object itself, and `{ ...row }` copies that form; an object that got its
 * members one by one becomes a hash table beyond some 20, several times as large and as slow to copy.
 */
export function blankRow(columns: ReadonlyMap<string, ColumnSchema>): Row {
  const names = [...systemColumns.keys(), ...columns.keys()];
  const row: Record<string, Datum> = JSON.parse(`{${names.map((name) => `"${name}":""`).join()}}`);
  for (const name of systemColumns.keys()) row[name] = zeroUuid;
  for (const [name, column] of columns) row[name] = defaultDatum(column);
  return row as Row;
}

function mandatoryColumns(table: TableSchema): ReadonlyMap<string, OvsdbError> {
  const mandatory = new Map<string, OvsdbError>();
  for (const [name, column] of table.columns) {
    const datum = defaultDatum(column);
    if (countOf(datum) === 0) continue;
    try {
      checkDatum(column, datum);
    } catch (error) {
      if (!(error instanceof OvsdbError)) throw error;
      mandatory.set(name, error);
    }
  }
  return mandatory;
}
