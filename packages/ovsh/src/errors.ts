/** Why a command fails, and with which exit code. */

import type { JsonObject } from "@opensync-ts/ovsdb/json";

export const exitCodes = { ok: 0, failure: 1, usage: 255 } as const;

/** The command line cannot be understood; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command was understood and could not be carried out. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The database refused an operation (RFC 7047 §3.1 `<error>`). */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly object: JsonObject;

  constructor(object: JsonObject) {
    super(String(object.error));
    this.object = object;
  }
}
