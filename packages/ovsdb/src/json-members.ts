/** Takes the members of a JSON object one by one, so that the unknown ones are found in the end. */

import { isId } from "./atom.ts";
import { type OvsdbError, syntaxError } from "./errors.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "./json.ts";

interface MemberTypes {
  string: string;
  id: string;
  integer: number;
  boolean: boolean;
  array: readonly JsonValue[];
  object: JsonObject;
  any: JsonValue;
}

export type MemberType = keyof MemberTypes;

export class JsonMembers {
  readonly #what: string;
  readonly #json: JsonObject;
  readonly #known: string[] = [];
  #present = 0;

  /** `what` names the object in errors: "Parsing `what` failed: …". */
  constructor(json: JsonValue, what: string) {
    this.#what = what;
    if (!isObject(json)) throw syntaxError(`Parsing ${what} failed: Object expected.`);
    this.#json = json;
  }

  /** Of `type`, or of the `other` one. */
  required<T extends MemberType>(name: string, type: T, other: T = type): MemberTypes[T] {
    const value = this.optional(name, type, other);
    if (value === undefined) throw this.error(`Required '${name}' member is missing.`);
    return value;
  }

  optional<T extends MemberType>(name: string, type: T, other: T = type): MemberTypes[T] | undefined {
    this.#known.push(name);
    const value = Object.hasOwn(this.#json, name) ? this.#json[name] : undefined;
    if (value === undefined) return undefined;
    this.#present++;
    if (!isOfType(type, value) && !isOfType(other, value)) throw this.error(`Type mismatch for member '${name}'.`);
    return value as MemberTypes[T];
  }

  /** Throws unless every member has been asked for. */
  finish(): void {
    const names = Object.keys(this.#json);
    if (names.length === this.#present) return;
    const unknown = names.find((name) => !this.#known.includes(name));
    throw this.error(`Member '${unknown}' is present but not allowed here.`);
  }

  /** A syntax error about the object as a whole. */
  error(details: string): OvsdbError {
    return syntaxError(`Parsing ${this.#what} failed: ${details}`, this.#json);
  }
}

function isOfType(type: MemberType, value: JsonValue): boolean {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "id":
      return typeof value === "string" && isId(value);
    case "integer":
      return Number.isSafeInteger(value);
    case "array":
      return isArray(value);
    case "object":
      return isObject(value);
    case "any":
      return true;
  }
}
