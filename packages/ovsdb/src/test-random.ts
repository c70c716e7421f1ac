/** For tests: random schemas, and random transactions that mostly make sense in them. */

import type { SeededRandom } from "@opensync-ts/base/random";
import type { AtomicType } from "./datum.ts";
import type { BaseType } from "./declare.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { ColumnSchema, DatabaseSchema, TableSchema } from "./schema.ts";

/** Some of what a test says of its random choices. */
export class Dice {
  readonly random: SeededRandom;

  constructor(random: SeededRandom) {
    this.random = random;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.random.integer(times) === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.random.integer(choices.length)] as T;
  }

  /** From `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.random.integer(max - min + 1);
  }

  times<T>(min: number, max: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.between(min, max) }, (_, index) => make(index));
  }
}

const words = ["", "a", "b", "c", "é", "long word", "x y"];
const atomicTypes: readonly AtomicType[] = ["integer", "integer", "real", "boolean", "string", "string", "uuid"];

/** The JSON of a schema with a few small tables that refer to each other. */
export function randomSchema(dice: Dice, name: string): JsonValue {
  const names = dice.times(2, 4, (index) => `T${index}`);
  const rooted = dice.between(0, names.length - 1);
  const tables = names.map((table, index) => {
    const columns = dice.times(2, 6, (column) => [`c${column}`, randomColumn(dice, names)] as const);
    const indexable = columns.filter(([, { ephemeral }]) => ephemeral !== true).map(([column]) => column);
    const indexes =
      dice.once(3) && indexable.length > 0 ? [[...new Set(dice.times(1, 2, () => dice.pick(indexable)))]] : [];
    const json: JsonObject = {
      columns: Object.fromEntries(columns),
      isRoot: index === rooted || !dice.once(3),
      ...(dice.once(5) ? { maxRows: dice.between(2, 12) } : {}),
      ...(indexes.length > 0 ? { indexes } : {}),
    };
    return [table, json] as const;
  });
  return { name, version: "1.0.0", tables: Object.fromEntries(tables) };
}

function randomColumn(dice: Dice, tables: readonly string[]): JsonObject {
  return {
    type: randomType(dice, tables),
    ...(dice.once(8) ? { ephemeral: true } : {}),
    ...(dice.once(10) ? { mutable: false } : {}),
  };
}

function randomType(dice: Dice, tables: readonly string[]): JsonValue {
  // Weak references are optional columns here: of a set, the peer (3.1) leaves some dangling when several of their rows go in one
  // transaction.
  if (dice.once(8)) return { key: { type: "uuid", refTable: dice.pick(tables), refType: "weak" }, min: 0 };
  const key = randomBase(dice, tables);
  switch (dice.between(0, 4)) {
    case 0:
    case 1:
      return { key };
    case 2:
      return { key, min: 0 };
    case 3:
      return { key, min: dice.pick([0, 0, 1]), max: dice.pick([2, 3, "unlimited"]) };
    default:
      return { key, value: randomBase(dice, tables), min: 0, max: dice.pick([2, "unlimited"]) };
  }
}

function randomBase(dice: Dice, tables: readonly string[]): JsonValue {
  const type = dice.pick(atomicTypes);
  switch (type) {
    case "integer":
      return dice.pick<() => JsonObject>([
        () => ({ type }),
        () => ({ type, minInteger: -5, maxInteger: dice.between(0, 30) }),
        () => ({ type, enum: ["set", [0, 1, 2, 7]] }),
      ])();
    case "real":
      return dice.once(3) ? { type, minReal: -1.5, maxReal: 20.5 } : { type };
    case "string":
      return dice.pick<JsonObject>([{ type }, { type, maxLength: 3 }, { type, enum: ["set", ["", "a", "b", "c"]] }]);
    case "uuid":
      return dice.once(4) ? { type } : { type, refTable: dice.pick(tables) };
    default:
      return { type };
  }
}

/** Writes random transactions: mostly sensible, sometimes refused. Rows are given their identities, so that two databases agree. */
export class RandomTransactions {
  readonly #dice: Dice;
  readonly #tables: readonly TableSchema[];
  readonly #uuids: ReadonlyMap<string, string[]>;

  #mistaken = false;

  constructor(schema: DatabaseSchema, dice: Dice) {
    this.#dice = dice;
    this.#tables = [...schema.tables.values()];
    this.#uuids = new Map(this.#tables.map(({ name }) => [name, []]));
  }

  next(): JsonValue[] {
    this.#mistaken = false;
    return this.#dice.times(1, 4, () => this.#operations()).flat();
  }

  /** At most one in a transaction: which of several is told of is up to chance. */
  #mistake(oneIn: number): boolean {
    if (this.#mistaken) return false;
    this.#mistaken = this.#dice.once(oneIn);
    return this.#mistaken;
  }

  #operations(): JsonValue[] {
    const table = this.#dice.pick(this.#tables);
    const { name } = table;
    const where = () => this.#where(table);
    switch (this.#dice.between(0, 9)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return [this.#insert(table)];
      case 4:
      case 5:
        return [
          {
            op: "update",
            table: name,
            where: where(),
            row: this.#row(table, (column) => column.mutable || this.#mistake(20)),
          },
        ];
      case 6:
      case 7: {
        // Several only of one row: of several rows, chance decides which one fails first.
        const one = this.#dice.once(2);
        const mutations = this.#dice.times(1, one ? 2 : 1, () => this.#mutation(table));
        const some = mutations.filter((mutation) => mutation !== null);
        return [{ op: "mutate", table: name, where: one ? [this.#byUuid(table)] : where(), mutations: some }];
      }
      case 8:
        return [{ op: "delete", table: name, where: this.#dice.once(3) ? where() : [this.#byUuid(table)] }];
      default: {
        const columns = ["_uuid", ...[...table.columns.keys()].filter(() => this.#dice.once(2))];
        return [{ op: "select", table: name, where: where(), columns }];
      }
    }
  }

  #insert(table: TableSchema): JsonValue {
    const uuid = this.#dice.random.uuid();
    this.#uuids.get(table.name)?.push(uuid);
    // A column that cannot be left out, because its default refers to nothing.
    const needed = ({ key, min, value }: ColumnSchema) =>
      min === 1 && (key.refTable !== undefined || value?.refTable !== undefined);
    return {
      op: "insert",
      table: table.name,
      uuid,
      row: this.#row(table, (column) => needed(column) || this.#dice.once(2)),
    };
  }

  #row(table: TableSchema, wanted: (column: ColumnSchema) => boolean): JsonObject {
    const columns = [...table.columns.values()].filter(wanted);
    return Object.fromEntries(columns.map((column) => [column.name, this.#value(column)]));
  }

  #where(table: TableSchema): JsonValue {
    return this.#dice.once(2) ? [this.#byUuid(table)] : this.#dice.times(0, 2, () => this.#clause(table));
  }

  #byUuid({ name }: TableSchema): JsonValue {
    return ["_uuid", "==", this.#reference(name)];
  }

  #clause(table: TableSchema): JsonValue {
    const column = this.#dice.pick([...table.columns.values()]);
    const { shape, key } = column;
    const numeric = (key.type === "integer" || key.type === "real") && (shape === "scalar" || shape === "optional");
    if (numeric && this.#dice.once(2)) {
      return [column.name, this.#dice.pick(["<", "<=", ">=", ">"]), this.#atom(key)];
    }
    const word = this.#dice.pick(["==", "!=", "includes", "excludes"]);
    return [column.name, word, this.#value(column)];
  }

  #mutation(table: TableSchema): JsonValue {
    const columns = [...table.columns.values()].filter(({ mutable }) => mutable || this.#mistake(20));
    if (columns.length === 0) return null;
    const column = this.#dice.pick(columns);
    const { name, shape, key } = column;
    const number = shape !== "map" && (key.type === "integer" || key.type === "real");
    if (number && (shape === "scalar" || this.#dice.once(2))) return this.#arithmetic(name, key);
    if (shape === "scalar") return null;
    const mutator = this.#dice.pick(["insert", "delete"]);
    if (shape === "map" && mutator === "delete" && this.#dice.once(2)) {
      return [name, mutator, ["set", this.#distinct(this.#dice.times(0, 2, () => this.#atom(key)))]];
    }
    return [name, mutator, this.#value({ ...column, min: 0 })];
  }

  #arithmetic(name: string, { type }: BaseType<unknown>): JsonValue {
    const dice = this.#dice;
    // Only what 15 digits hold: the peer writes no more of a real.
    if (type === "real")
      return dice.once(8) ? [name, "/=", 0] : [name, dice.pick(["+=", "-="]), dice.between(-4, 4) / 2];
    // Not by zero: the peer (3.1) dies of multiplying a negative number with it.
    if (dice.once(4)) return [name, "*=", dice.between(1, 3)];
    return [name, dice.pick(["+=", "-=", "/=", "%="]), dice.between(0, 5)];
  }

  #value(column: ColumnSchema): JsonValue {
    const { shape, key, value, min, max } = column;
    const limit = Math.min(max, 4) + (this.#mistake(40) && max < 4 ? 1 : 0);
    switch (shape) {
      case "scalar":
        return this.#atom(key);
      case "optional":
        return this.#dice.once(3) ? ["set", []] : this.#atom(key);
      case "set":
        return ["set", this.#distinct(this.#dice.times(min, limit, () => this.#atom(key)))];
      case "map": {
        const keys = this.#distinct(this.#dice.times(min, limit, () => this.#atom(key)));
        return ["map", keys.map((each) => [each, this.#atom(value ?? key)])];
      }
    }
  }

  #distinct(atoms: readonly JsonValue[]): JsonValue[] {
    return [...new Map(atoms.map((atom) => [JSON.stringify(atom), atom])).values()];
  }

  #atom(base: BaseType<unknown>): JsonValue {
    const dice = this.#dice;
    if (base.enum && !this.#mistake(30)) return dice.pick(base.enum as readonly JsonValue[]);
    switch (base.type) {
      case "integer":
        return this.#mistake(30)
          ? dice.between(-100, 100)
          : dice.between(0, Math.min(12, Number(base.maxInteger ?? 12)));
      case "real":
        return dice.between(-4, 100) / 8;
      case "boolean":
        return dice.once(2);
      case "string": {
        const { maxLength = 100 } = base;
        return dice.pick(this.#mistake(30) ? words : words.filter((word) => [...word].length <= maxLength));
      }
      case "uuid":
        return base.refTable === undefined ? ["uuid", dice.pick(fixedUuids)] : this.#reference(base.refTable);
    }
  }

  /** Mostly a row that was inserted lately, and may be there. */
  #reference(table: string): JsonValue {
    const recent = (this.#uuids.get(table) ?? []).slice(-15);
    if (recent.length === 0 || this.#mistake(25)) return ["uuid", this.#dice.random.uuid()];
    return ["uuid", this.#dice.pick(recent)];
  }
}

const fixedUuids = ["1", "2", "3"].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
