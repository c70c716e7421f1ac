/** Columns and rows of a node as answers have them, secrets masked. Pure. */

import type { ColumnSchema } from "@opensync-ts/ovsdb/schema-types";
import { isSecretColumn } from "@opensync-ts/schema/secrets";
import type { NodeRow } from "./node-database.ts";
import { type Plain, shown, typeText } from "./plain.ts";

export function columnView(column: ColumnSchema) {
  const { name, shape, key, mutable } = column;
  const choices = key.enum?.map((each) => (typeof each === "bigint" ? String(each) : each)) ?? null;
  return { name, shape, type: key.type, takes: typeText(column), choices, mutable, secret: isSecretColumn(name) };
}

export function rowView({ uuid, cells }: NodeRow) {
  const row = Object.fromEntries(cells);
  const masked: string[] = [];
  const values: Record<string, Plain> = {};
  for (const [name, datum] of cells) {
    const { value, isMasked } = shown(name, datum, row);
    values[name] = value;
    if (isMasked) masked.push(name);
  }
  return { uuid: uuid as string, cells: values, masked };
}
