/** What can go wrong with the store, told apart by type: it is gone for now, or it says no. */

import { messageOf, UserError } from "@opensync-ts/base/errors";

/** The store cannot be reached or is too slow, now. Nothing is wrong with what was asked; whether a write was done is not known. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

export type RefusalCode =
  /** There is no such thing. */
  | "not-found"
  /** Somebody else was faster, or it is not in the state for that. */
  | "conflict"
  /** It belongs to another location. */
  | "claimed"
  /** It is not usable as it is. */
  | "invalid"
  /** There are as many as there may be. */
  | "limit"
  /** Whoever asks may not do that. */
  | "forbidden";

/** The store is there and says no; the message says why and what to do. */
export class StoreRefusal extends UserError {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** SQLSTATE, of what the drivers throw. */
export function sqlState(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Two rows would be alike that must not. */
export function isDuplicate(error: unknown): boolean {
  return sqlState(error) === "23505";
}

/**
 * Connection trouble (08), resources (53), an operator's intervention (57), a statement beyond its deadline (57014) and the errors of
 * the network, of the driver and of its pool. Two operations in each other's way (40) may be tried again, too.
 */
const passing = /^(08|40|53|57|58)/;
const network = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_|ENOENT)/;
const spoken =
  /terminated|timeout|timed out|connection (ended|closed)|not queryable|has been discarded|cannot use a pool/i;

/** What the caller is to see instead of `error`; `what`: `read a version`. */
export function storeError(what: string, error: unknown): unknown {
  if (error instanceof StoreUnavailable || error instanceof UserError) return error;
  const code = sqlState(error);
  const message = messageOf(error);
  // U+0000 is text in JSON and none in PostgreSQL.
  if (code === "22P05" || code === "22021") {
    return new StoreRefusal("invalid", "it has a character that cannot be stored (U+0000); leave it out");
  }
  const isPassing = code === undefined ? spoken.test(message) : passing.test(code) || network.test(code);
  return isPassing ? new StoreUnavailable(`the store cannot ${what} now: ${message}`, { cause: error }) : error;
}
