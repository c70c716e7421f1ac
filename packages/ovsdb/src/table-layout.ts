/** What the engine works out of a table's schema once, so that transactions need not. */

import { zeroUuid } from "./atom.ts";
import type { ColumnPart } from "./column-index.ts";
import { systemColumns } from "./columns.ts";
import type { Datum, Row } from "./datum.ts";
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
  /** A row with every column at its default. Rows are made by cloning it, so all rows of a table share one hidden class. */
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
  const layouts = [...schema.tables.values()].map((table): TableLayout => {
    return {
      schema: table,
      blank: blankRow(table),
      columnNames: new Set(table.columns.keys()),
      mandatory: mandatoryColumns(table),
      strong: strong.filter((reference) => reference.table === table.name),
      weak: weak.filter((reference) => reference.table === table.name),
      weakIncoming: weak.filter((reference) => reference.target === table.name),
    };
  });
  return new Map(layouts.map((layout) => [layout.schema.name, layout]));
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

function blankRow(table: TableSchema): Row {
  const row: Record<string, Datum> = {};
  for (const name of systemColumns.keys()) row[name] = zeroUuid;
  for (const [name, column] of table.columns) row[name] = defaultDatum(column);
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
