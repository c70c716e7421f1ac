/** Why a store on PostgreSQL cannot be opened: one line of what, where and what to do, without password. Pure. */

import { UserError } from "@opensync-ts/base/errors";
import * as limits from "../limits.ts";
import { StoreRefusal, StoreUnavailable, sqlState, storeError } from "./errors.ts";

/** `name`: as `storeName` gives it. What passes by itself is a `StoreUnavailable`, what somebody has to set right a `UserError`. */
export function openingError(name: string, thrown: unknown): unknown {
  // The line is whole already.
  if (thrown instanceof UserError && !(thrown instanceof StoreRefusal)) return thrown;
  const error = innermost(thrown);
  const said = textOf(error);
  const code = sqlState(error) ?? "";
  const wrong = (what: string, fix: string) => new UserError(`store ${name}: ${what}; ${fix}`, { cause: thrown });
  const passing = (what: string, fix: string) =>
    new StoreUnavailable(`store ${name}: ${what}; ${fix}`, { cause: thrown });
  switch (code) {
    case "28P01":
      return wrong(`the password is not that of its user (${said})`, "correct the URL");
    case "28000":
      return wrong(`its user may not connect (${said})`, "correct the URL, or let the user in with pg_hba.conf");
    case "3D000":
      return wrong(`there is no such database (${said})`, "correct the URL, or make it with createdb");
    case "42501":
      return wrong(`its user may not use it (${said})`, "make the user the owner of the database");
    case "25006":
      return wrong(`it is read-only (${said})`, "give the URL of the server that takes changes");
    case "42P07":
    case "42710":
    case "42P06":
      return wrong(`it has tables of something else (${said})`, "give the cloud a database of its own");
    case "57P03":
      return passing(`it is about to start or to stop (${said})`, "try again in a moment");
    case "53300":
      return passing(`it has no connection left (${said})`, "close others, or raise max_connections");
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return passing(`its host is not known (${said})`, "correct the URL, or look at the name server");
  }
  if (/client password must be a string|no password supplied/i.test(said)) {
    return wrong("it wants a password, and the URL has none", "write it as postgres://USER:PASSWORD@HOST/DATABASE");
  }
  if (/does not support SSL/i.test(said)) return wrong("it does not do TLS", "leave sslmode out of the URL");
  if (/CERT|UNABLE_TO_VERIFY|SELF_SIGNED|ALTNAME/.test(code)) {
    return wrong(`its certificate is not trusted (${said})`, "name its authority with sslrootcert=FILE in the URL");
  }
  if (/time(d )?out|ETIMEDOUT|no answer within/i.test(`${said} ${code}`)) {
    return passing(`no answer within ${limits.storeConnectMs / 1000} s (${said})`, "look at host, port and firewall");
  }
  if (/^(ECONN|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES)/.test(code) || /terminated|ended/i.test(said)) {
    return passing(`it cannot be reached (${said})`, "start PostgreSQL there, or correct the URL");
  }
  const other = storeError("be opened", error);
  if (other instanceof StoreUnavailable) return passing(`it cannot be opened (${said})`, "try again in a moment");
  return wrong(`it cannot be opened (${said})`, "look at the server's log");
}

/** Of a host with several addresses, and of what wraps another, the first that says something. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors[0];
  if (error instanceof StoreUnavailable && error.cause !== undefined) return innermost(error.cause);
  return error;
}

/** One line, of no more than fits. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, " ").trim().slice(0, limits.toldDetailLength) || "no reason given";
}
