/** A schema from and to its JSON (RFC 7047 §3.2), with every rule checked; errors name the table and the column. */

import { atomToJson, bareAtomFromJson, isId } from "./atom.ts";
import { compareAtoms } from "./atom-order.ts";
import { findColumn, shapeOf } from "./columns.ts";
import type { Atom, AtomicType } from "./datum.ts";
import type { BaseType } from "./declare.ts";
import { OvsdbError, syntaxError } from "./errors.ts";
import { isArray, type JsonObject, type JsonValue } from "./json.ts";
import { JsonMembers } from "./json-members.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema-types.ts";

const atomicTypes: readonly AtomicType[] = ["integer", "real", "boolean", "string", "uuid"];
/** Of strings, sets and maps: ovsdb-server counts in 32 bits. */
const maxSize = 0xffff_ffff;
const versionPattern = /^[0-9]+\.[0-9]+\.[0-9]+$/;

/** Throws an `OvsdbError` that names the table and column at fault. */
export function schemaFromJson(json: JsonValue): DatabaseSchema {
  const members = new JsonMembers(json, "database schema");
  const name = members.required("name", "id");
  const version = members.optional("version", "string") ?? "";
  const cksum = members.optional("cksum", "string");
  const tablesJson = members.required("tables", "object");
  members.finish();
  if (version !== "" && !versionPattern.test(version)) {
    throw syntaxError(`schema version "${version}" not in format x.y.z`, json);
  }
  const rows = Object.entries(tablesJson).map(([table, value]) => {
    return located(`table ${table}`, () => {
      checkName(table, json);
      return tableFromJson(table, value);
    });
  });
  // A schema without any root table is older than garbage collection: nothing is collected.
  const anyRoot = rows.some((table) => table.isRoot);
  const tables = new Map(rows.map((table) => [table.name, anyRoot ? table : { ...table, isRoot: true }]));
  checkReferences(tables);
  return { name, version, tables, ...(cksum === undefined ? {} : { cksum }) };
}

function tableFromJson(name: string, json: JsonValue): TableSchema {
  const members = new JsonMembers(json, `table schema for table ${name}`);
  const columnsJson = members.required("columns", "object");
  const maxRows = members.optional("maxRows", "integer");
  const isRoot = members.optional("isRoot", "boolean") ?? false;
  const indexesJson = members.optional("indexes", "array") ?? [];
  members.finish();
  if (maxRows !== undefined && maxRows < 1) throw syntaxError("maxRows must be at least 1", json);
  const columns = new Map<string, ColumnSchema>();
  for (const [column, value] of Object.entries(columnsJson)) {
    const schema = located(`column ${column}`, () => {
      checkName(column, json);
      return columnFromJson(column, value);
    });
    columns.set(column, schema);
  }
  if (columns.size === 0) throw syntaxError("table must have at least one column", json);
  const table = { name, columns, isRoot, maxRows: maxRows ?? Number.POSITIVE_INFINITY, indexes: [] };
  return { ...table, indexes: indexesJson.map((index) => indexFromJson(table, index, json)) };
}

function indexFromJson(table: TableSchema, json: JsonValue, tableJson: JsonValue): readonly string[] {
  const distinct = isArray(json) && new Set(json).size === json.length;
  if (!distinct || !json.every((name) => typeof name === "string")) {
    throw syntaxError("array of distinct column names expected", json);
  }
  if (json.length === 0) throw syntaxError("index must have at least one column", tableJson);
  for (const name of json) {
    const column = findColumn(table, name);
    if (!column) throw syntaxError(`${name} is not a valid column name`, json);
    if (column.ephemeral) throw syntaxError(`ephemeral columns (such as ${name}) may not be indexed`, tableJson);
  }
  return json;
}

function columnFromJson(name: string, json: JsonValue): ColumnSchema {
  const members = new JsonMembers(json, `schema for column ${name}`);
  const typeJson = members.required("type", "string", "object");
  const ephemeral = members.optional("ephemeral", "boolean") ?? false;
  const mutable = members.optional("mutable", "boolean") ?? true;
  members.finish();
  const type = typeFromJson(typeJson);
  // The end of a row changes those that refer to it weakly, so they are never immutable (RFC 7047 §3.2).
  const weak = type.key.refType === "weak" || type.value?.refType === "weak";
  return { name, shape: shapeOf(type), ...type, ephemeral, mutable: mutable || weak };
}

function typeFromJson(json: string | JsonObject): Pick<ColumnSchema, "key" | "value" | "min" | "max"> {
  if (typeof json === "string") return { key: { type: atomicType(json) }, value: null, min: 1, max: 1 };
  const members = new JsonMembers(json, "ovsdb type");
  const key = baseFromJson(members.required("key", "string", "object"));
  const valueJson = members.optional("value", "string", "object");
  const min = members.optional("min", "integer") ?? 1;
  const max = members.optional("max", "integer", "string") ?? 1;
  members.finish();
  for (const size of [min, max]) {
    const known = typeof size === "number" ? size >= 0 && size <= maxSize : size === "unlimited";
    if (!known) throw syntaxError("bad min or max value", size);
  }
  const limit = max === "unlimited" ? Number.POSITIVE_INFINITY : (max as number);
  if ((min !== 0 && min !== 1) || limit < 1) {
    throw syntaxError("ovsdb type fails constraint checks", json).foundAt("min must be 0 or 1, max at least 1");
  }
  return { key, value: valueJson === undefined ? null : baseFromJson(valueJson), min, max: limit };
}

function baseFromJson(json: string | JsonObject): BaseType<unknown> {
  if (typeof json === "string") return { type: atomicType(json) };
  const members = new JsonMembers(json, "ovsdb type");
  const type = atomicType(members.required("type", "string"));
  const enumJson = members.optional("enum", "any");
  let base: BaseType<unknown> = { type };
  if (enumJson !== undefined) {
    base = { type, enum: enumFromJson(type, enumJson) };
  } else if (type === "integer") {
    base = { type, ...boundsFromJson(members, json, "integer", "minInteger", "maxInteger") };
  } else if (type === "real") {
    base = { type, ...boundsFromJson(members, json, "real", "minReal", "maxReal") };
  } else if (type === "string") {
    base = { type, ...boundsFromJson(members, json, "length", "minLength", "maxLength") };
  } else if (type === "uuid") {
    base = { type, ...referenceFromJson(members, json) };
  }
  members.finish();
  return base;
}

function enumFromJson(type: AtomicType, json: JsonValue): NonNullable<BaseType<unknown>["enum"]> {
  const list = isArray(json) && json[0] === "set" ? json[1] : [json];
  if (!isArray(list)) throw syntaxError("enum must be a value or a set of values", json);
  if (list.length === 0) {
    throw syntaxError(`set must have 1 to ${maxSize} members but ${list.length} are present`, json);
  }
  const atoms = list.map((member) => bareAtomFromJson(type, member));
  if (atoms.some((atom) => typeof atom === "object")) throw syntaxError("enum: values expected, no names", json);
  if (new Set(atoms).size !== atoms.length) throw new OvsdbError("ovsdb error", "set contains duplicate");
  return (atoms as Atom[]).sort(compareAtoms);
}

function boundsFromJson<Min extends string, Max extends string>(
  members: JsonMembers,
  json: JsonObject,
  type: "integer" | "real" | "length",
  min: Min,
  max: Max,
): { [name in Min | Max]?: number } {
  const bounds: { [name: string]: number } = {};
  for (const name of [min, max]) {
    const bound = members.optional(name, "any");
    if (bound === undefined) continue;
    const fits = typeof bound === "bigint" || (type === "real" ? typeof bound === "number" : Number.isInteger(bound));
    if (!fits) throw members.error(`Type mismatch for member '${name}'.`);
    if (type === "length" && !((bound as number | bigint) >= 0 && (bound as number | bigint) <= maxSize)) {
      throw syntaxError(`${name} out of valid range 0 to ${maxSize}`, bound);
    }
    bounds[name] = bareAtomFromJson(type === "real" ? "real" : "integer", bound) as number;
  }
  const { [min]: low, [max]: high } = bounds;
  if (low !== undefined && high !== undefined && low > high) throw syntaxError(`${min} exceeds ${max}`, json);
  return bounds as { [name in Min | Max]?: number };
}

function referenceFromJson(members: JsonMembers, json: JsonObject): Pick<BaseType<unknown>, "refTable" | "refType"> {
  const refTable = members.optional("refTable", "id");
  if (refTable === undefined) return {};
  const refType = members.optional("refType", "string") ?? "strong";
  if (refType !== "strong" && refType !== "weak") {
    throw syntaxError(`refType must be "strong" or "weak" (not "${refType}")`, json);
  }
  return { refTable, refType };
}

function atomicType(text: string): AtomicType {
  const type = atomicTypes.find((candidate) => candidate === text);
  if (!type) throw syntaxError(`"${text}" is not an atomic-type`, text);
  return type;
}

function checkReferences(tables: ReadonlyMap<string, TableSchema>): void {
  for (const table of tables.values()) {
    for (const column of table.columns.values()) {
      for (const [role, base] of [["key", column.key] as const, ["value", column.value] as const]) {
        if (base?.refTable === undefined || tables.has(base.refTable)) continue;
        const details = `column ${column.name} ${role} refers to undefined table ${base.refTable}`;
        throw syntaxError(details).foundAt(`table ${table.name}`);
      }
    }
  }
}

function checkName(name: string, holder: JsonValue): void {
  if (!isId(name)) throw syntaxError("name must be a valid id", holder);
  if (name.startsWith("_")) throw syntaxError('names beginning with "_" are reserved', holder);
}

/** Puts the place that it concerns in front of the message of an error that `parse` throws. */
function located<T>(place: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof OvsdbError) throw error.foundAt(place);
    throw error;
  }
}

/** The JSON of a schema in its shortest form: what equals a default is left out. */
export function schemaToJson(schema: DatabaseSchema): JsonObject {
  const tables = [...schema.tables.values()];
  const allRoot = tables.every((table) => table.isRoot);
  return {
    name: schema.name,
    ...(schema.version === "" ? {} : { version: schema.version }),
    ...(schema.cksum === undefined ? {} : { cksum: schema.cksum }),
    tables: Object.fromEntries(tables.map((table) => [table.name, tableToJson(table, allRoot)])),
  };
}

function tableToJson(table: TableSchema, allRoot: boolean): JsonObject {
  const columns = [...table.columns.values()].map((column) => [column.name, columnToJson(column)] as const);
  return {
    columns: Object.fromEntries(columns),
    ...(table.maxRows === Number.POSITIVE_INFINITY ? {} : { maxRows: table.maxRows }),
    ...(table.isRoot && !allRoot ? { isRoot: true } : {}),
    ...(table.indexes.length === 0 ? {} : { indexes: table.indexes }),
  };
}

function columnToJson(column: ColumnSchema): JsonObject {
  return {
    type: typeToJson(column),
    ...(column.ephemeral ? { ephemeral: true } : {}),
    ...(column.mutable ? {} : { mutable: false }),
  };
}

function typeToJson(column: ColumnSchema): JsonValue {
  const key = baseToJson(column.key);
  if (column.shape === "scalar" && typeof key === "string") return key;
  return {
    key,
    ...(column.value === null ? {} : { value: baseToJson(column.value) }),
    ...(column.min === 1 ? {} : { min: column.min }),
    ...(column.max === 1 ? {} : { max: column.max === Number.POSITIVE_INFINITY ? "unlimited" : column.max }),
  };
}

function baseToJson(base: BaseType<unknown>): JsonValue {
  const { type, enum: members, refTable, refType, ...bounds } = base;
  const rest: JsonObject = {
    ...(members === undefined ? {} : { enum: enumToJson(type, members as readonly Atom[]) }),
    ...bounds,
    ...(refTable === undefined ? {} : { refTable }),
    ...(refType === "weak" ? { refType } : {}),
  } as JsonObject;
  return Object.keys(rest).length === 0 ? type : { type, ...rest };
}

function enumToJson(type: AtomicType, members: readonly Atom[]): JsonValue {
  const json = members.map((member) => atomToJson(type, member));
  return json.length === 1 ? (json[0] as JsonValue) : ["set", json];
}
