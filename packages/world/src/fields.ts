/** Reads plain JSON member by member; the first member that cannot be is named in one line: where, what it must be, what it is. */

import { UserError } from "@opensync-ts/base/errors";

export class Fields {
  readonly #where: string;
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #read = new Set<string>();

  /** `where`: whose it is, for the error. */
  constructor(value: unknown, where: string, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UserError(`${where}: ${path || "it"} must be an object, not ${shown(value)}`);
    }
    this.#where = where;
    this.#path = path;
    this.#members = value as Readonly<Record<string, unknown>>;
  }

  /** A number from `least` to `most`. */
  number(name: string, least: number, most: number): number {
    const value = this.#take(name);
    if (typeof value === "number" && value >= least && value <= most) return value;
    return this.#refuse(name, `a number from ${least} to ${most}`, value);
  }

  integer(name: string, least: number, most: number): number {
    const value = this.number(name, least, most);
    return Number.isInteger(value) ? value : this.#refuse(name, `a whole number from ${least} to ${most}`, value);
  }

  boolean(name: string): boolean {
    const value = this.#take(name);
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false", value);
  }

  text(name: string): string {
    const value = this.#take(name);
    return typeof value === "string" && value !== "" ? value : this.#refuse(name, "a text", value);
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.#take(name);
    const found = choices.find((choice) => choice === value);
    return found ?? this.#refuse(name, `one of ${choices.join(", ")}`, value);
  }

  /** One or more of the choices, each at most once. */
  choices<T extends string>(name: string, choices: readonly T[]): readonly T[] {
    const value = this.#take(name);
    const found = Array.isArray(value) ? value.filter((each): each is T => choices.includes(each as T)) : [];
    const complete = Array.isArray(value) && found.length === value.length && new Set(found).size === found.length;
    return complete && found.length > 0 ? found : this.#refuse(name, `a list of some of ${choices.join(", ")}`, value);
  }

  /** Least and most, in this order. */
  range(name: string, least: number, most: number): readonly [number, number] {
    const value = this.#take(name);
    if (Array.isArray(value) && value.length === 2) {
      const [from, to] = value as unknown[];
      if (typeof from === "number" && typeof to === "number" && least <= from && from <= to && to <= most) {
        return [from, to];
      }
    }
    return this.#refuse(name, `two ascending numbers from ${least} to ${most}`, value);
  }

  /** `read` is called with what is inside; `null` stays what it is. */
  orNull<T>(name: string, read: (fields: Fields) => T): T | null {
    return this.#members[name] === null ? this.#none(name) : this.object(name, read);
  }

  object<T>(name: string, read: (fields: Fields) => T): T {
    const inside = new Fields(this.#take(name), this.#where, this.#pathOf(name));
    const value = read(inside);
    inside.done();
    return value;
  }

  numberOrNull(name: string, least: number, most: number): number | null {
    return this.#members[name] === null ? this.#none(name) : this.number(name, least, most);
  }

  /** Numbers from 0 to `most` by name; each name is one of `names`. */
  numbers(name: string, names: readonly string[], most: number): Readonly<Record<string, number>> {
    return this.object(name, (inside) => {
      const given = names.filter((each) => inside.has(each));
      return Object.fromEntries(given.map((each) => [each, inside.number(each, 0, most)]));
    });
  }

  has(name: string): boolean {
    this.#read.add(name);
    return this.#members[name] !== undefined;
  }

  isText(name: string): boolean {
    return typeof this.#members[name] === "string";
  }

  /** Refuses members that nobody has read. */
  done(): void {
    const unknown = Object.keys(this.#members).find((name) => !this.#read.has(name));
    if (unknown === undefined) return;
    const known = [...this.#read].join(", ");
    throw new UserError(`${this.#where}: there is no '${this.#pathOf(unknown)}' (members: ${known})`);
  }

  #none(name: string): null {
    this.#read.add(name);
    return null;
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return this.#members[name];
  }

  #refuse(name: string, wanted: string, value: unknown): never {
    throw new UserError(`${this.#where}: ${this.#pathOf(name)} must be ${wanted}, not ${shown(value)}`);
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
