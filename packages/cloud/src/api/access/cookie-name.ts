/** The name of the cookie that a session is. Pure. */

import { createHash } from "node:crypto";
import { resolve } from "node:path";

export interface CookieOf {
  /** Id of the store's key. */
  readonly store: string;
  /** Of the cloud. */
  readonly directory: string;
  /** It goes over TLS only. */
  readonly secure: boolean;
}

/**
 * The same after a restart, and another for each cloud: browsers do not tell ports apart, so that clouds of one machine get each
 * other's cookies. Short, as a request brings those of all of them.
 */
export function cookieName({ store, directory, secure }: CookieOf): string {
  // A copied directory has the same key; directories of containers have the same name.
  const cloud = createHash("sha256")
    .update(`cookie\0${store}\0${resolve(directory)}`)
    .digest("hex")
    .slice(0, 8);
  // Browsers take a cookie of this prefix from this very host and over TLS only.
  return `${secure ? "__Host-" : ""}opensync-${cloud}`;
}
