/** Rows as JSON text, written straight: monitors send many. The same JSON as `datumToJson` makes. */

import type { Atom, AtomicType, Datum, Row } from "./datum.ts";
import type { ColumnSchema } from "./schema.ts";

/** `{"column":value,…}` of the given columns. */
export function rowText(row: Row, columns: readonly ColumnSchema[]): string {
  let text = "";
  for (const column of columns) text += memberText(column, row[column.name] as Datum);
  return `{${text.slice(1)}}`;
}

/** `,"column":value` */
export function memberText(column: ColumnSchema, datum: Datum): string {
  return `,"${column.name}":${datumText(column, datum)}`;
}

function datumText(column: ColumnSchema, datum: Datum): string {
  const { type } = column.key;
  switch (column.shape) {
    case "scalar":
      return atomText(type, datum as Atom);
    case "optional":
      return datum === null ? '["set",[]]' : atomText(type, datum as Atom);
    case "set": {
      const atoms = datum as readonly Atom[];
      if (atoms.length === 1) return atomText(type, atoms[0] as Atom);
      return `["set",[${atoms.map((atom) => atomText(type, atom)).join(",")}]]`;
    }
    case "map": {
      const valueType = column.value?.type ?? type;
      let pairs = "";
      for (const [key, value] of datum as ReadonlyMap<Atom, Atom>) {
        pairs += `,[${atomText(type, key)},${atomText(valueType, value)}]`;
      }
      return `["map",[${pairs.slice(1)}]]`;
    }
  }
}

function atomText(type: AtomicType, atom: Atom): string {
  if (typeof atom !== "string") return String(atom);
  return type === "uuid" ? `["uuid","${atom}"]` : JSON.stringify(atom);
}
