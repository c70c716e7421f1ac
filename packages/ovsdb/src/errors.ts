/** Errors with the words of RFC 7047 §3.1: a short tag, details for people, and the JSON that is to blame. */

import { type JsonValue, stringifySorted } from "./json.ts";
import { engineLimits } from "./limits.ts";
import type { OvsdbErrorObject } from "./operations.ts";

/** An operation, value or schema is refused. `error` is the tag that goes onto the wire. */
export class OvsdbError extends Error {
  override readonly name = "OvsdbError";
  readonly error: string;
  readonly details: string;
  readonly syntax: string | undefined;

  constructor(error: string, details: string, culprit?: JsonValue) {
    const syntax = culprit === undefined ? undefined : excerpt(culprit);
    super(`${error}${details === "" ? "" : `: ${details}`}${syntax === undefined ? "" : ` in ${syntax}`}`);
    this.error = error;
    this.details = details;
    this.syntax = syntax;
  }

  /** The error that an error object of a reply stands for. */
  static fromObject({ error, details = "", syntax }: OvsdbErrorObject): OvsdbError {
    const made = new OvsdbError(error, details);
    return syntax === undefined ? made : Object.assign(made, { syntax, message: `${made.message} in ${syntax}` });
  }

  /** The same error, its details prefixed with the place where it was found. */
  at(place: string): OvsdbError {
    return OvsdbError.fromObject({ ...this.toObject(), details: `${place}: ${this.details}` });
  }

  /** The same error, with the place where it was found in its message only: replies say no more than `ovsdb-server` does. */
  foundAt(place: string): OvsdbError {
    const made = OvsdbError.fromObject(this.toObject());
    return Object.assign(made, { message: `${place}: ${this.message}` });
  }

  /** The object that stands for this error in a reply. */
  toObject(): OvsdbErrorObject {
    return {
      error: this.error,
      ...(this.details === "" ? {} : { details: this.details }),
      ...(this.syntax === undefined ? {} : { syntax: this.syntax }),
    };
  }
}

/** `error` as "syntax error", the tag for JSON of the wrong form. */
export function syntaxError(details: string, culprit?: JsonValue): OvsdbError {
  return new OvsdbError("syntax error", details, culprit);
}

export function constraintViolation(details: string): OvsdbError {
  return new OvsdbError("constraint violation", details);
}

/**
 * An error about a value of a column: where its details say only what was expected, as `ovsdb-server` does, table and column are added
 * at their end.
 */
export function inColumn(error: unknown, table: string, column: string): unknown {
  if (!(error instanceof OvsdbError) || !error.details.startsWith("expected ")) return error;
  return OvsdbError.fromObject({ ...error.toObject(), details: `${error.details} (table ${table}, column ${column})` });
}

function excerpt(culprit: JsonValue): string {
  const limit = engineLimits.maxErrorSyntax;
  try {
    const text = stringifySorted(culprit);
    return text.length > limit ? `${text.slice(0, limit)}…` : text;
  } catch {
    // Nested deeper than the stack allows.
    return "…";
  }
}
