/** The URL of a store on PostgreSQL as it may be shown: without password. */

import { UserError } from "@opensync-ts/base/errors";

/** `postgres://cloud@db.example:5432/opensync`. Throws a `UserError` that shows nothing of what cannot be read. */
export function storeName(text: string): string {
  const form = "write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE, special characters of the password as %XX";
  if (!/^postgres(ql)?:\/\//.test(text)) throw new UserError(`the store's URL is not one of PostgreSQL; ${form}`);
  // With a directory of sockets as its host it is no URL of the standard.
  const url = URL.parse(text) ?? URL.parse(text.replace("@/", "@localhost/"));
  // A password with a slash in it would pass for host and path.
  if (!url || url.pathname.includes("@") || url.hash !== "") {
    throw new UserError(`the store's URL cannot be read; ${form}`);
  }
  const { username, host, pathname, searchParams } = url;
  const socket = searchParams.get("host");
  const user = username === "" ? "" : `${username}@`;
  return `postgres://${user}${socket ?? host}${pathname === "/" ? "" : pathname}`;
}
