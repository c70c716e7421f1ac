/** Where the database's server is looked for. */

import { join } from "node:path";

/** A remote to try, and what led there. */
export interface Place {
  readonly remote: string;
  readonly from: string;
}

/**
 * In order: what `--db` says; `PLUME_OVSDB_SOCK_PATH`, a path; `OPENSYNC_DIR`, the directory of a node or of a home
 * that `opensync up` runs; the home in `./.opensync`; the device's own socket. The first of these that says anything is
 * the only one that counts; the last two are both tried.
 */
export function placesToLook(
  socket: string | undefined,
  environment: { readonly [name: string]: string | undefined },
): readonly [Place, ...Place[]] {
  if (socket !== undefined) return [{ remote: asRemote(socket), from: "--db" }];
  const path = environment.PLUME_OVSDB_SOCK_PATH;
  if (path) return [{ remote: asRemote(path), from: "PLUME_OVSDB_SOCK_PATH" }];
  const directory = environment.OPENSYNC_DIR;
  if (directory) {
    return [
      { remote: `unix:${join(directory, "run/db.sock")}`, from: "OPENSYNC_DIR, a node" },
      { remote: `unix:${join(directory, gatewaySocket)}`, from: "OPENSYNC_DIR, a home" },
    ];
  }
  return [
    { remote: `unix:${join(".opensync", gatewaySocket)}`, from: "opensync up, started here" },
    { remote: "unix:/var/run/db.sock", from: "a device" },
  ];
}

/** The gateway's socket in a home's directory. */
const gatewaySocket = "nodes/gateway/run/db.sock";

function asRemote(socket: string): string {
  return /^(?:unix|tcp|ssl):/.test(socket) ? socket : `unix:${socket}`;
}
