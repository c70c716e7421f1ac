/** Where a node that runs here has its sockets: in its own directory, or in that of a home's node. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";

export interface NodeChoice {
  /** Of a node, or of a home. */
  readonly dir?: string;
  /** Which node of a home. */
  readonly node: string;
}

export type NodeSocket = "db.sock" | "control.sock";

/**
 * The remote of a node's socket. `OPENSYNC_DIR` stands in for `--dir`. Throws a `UserError` that says which nodes run, or
 * how to start one.
 */
export function nodeSocket(
  socket: NodeSocket,
  choice: NodeChoice,
  environment: { readonly [name: string]: string | undefined },
): string {
  const directory = choice.dir ?? (environment.OPENSYNC_DIR || ".opensync");
  const own = join(directory, "run", socket);
  if (existsSync(own)) return `unix:${own}`;
  const nodes = join(directory, "nodes");
  const path = join(nodes, choice.node, "run", socket);
  if (existsSync(path)) return `unix:${path}`;
  if (existsSync(join(nodes, choice.node, "run"))) {
    throw new UserError(`${directory}: node '${choice.node}' is off, or about to boot; try again in a moment`);
  }
  const others = existsSync(nodes)
    ? readdirSync(nodes).filter((name) => existsSync(join(nodes, name, "run", socket)))
    : [];
  if (others.length > 0)
    throw new UserError(`${directory}: no node '${choice.node}' runs; running: ${others.sort().join(", ")}`);
  throw new UserError(
    `${directory}: no node runs there; start one with 'opensync up' or 'opensync node', or give --dir`,
  );
}
