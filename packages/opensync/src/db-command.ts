/** `opensync db`: the tool `ovsdb` on the database of a node that runs here, without looking for its socket. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "@opensync-ts/base/errors";

export interface DbOptions {
  /** Of a node, or of a home. */
  readonly dir?: string;
  /** Which node of a home. */
  readonly node: string;
}

/** The commands of `ovsdb` that work on a server. */
export const dbCommands: readonly string[] = ["dump", "query", "transact", "monitor", "diff"];

/** Resolves with the exit code of `ovsdb COMMAND SOCKET ARG…`. Rejects with a `UserError` where no node runs. */
export async function db(command: string, args: readonly string[], options: DbOptions): Promise<number> {
  if (!dbCommands.includes(command)) {
    throw new UserError(`db: '${command}' is none of ${dbCommands.join(", ")}; 'ovsdb --help' lists commands on files`);
  }
  const asksForHelp = args.includes("--help") || args.includes("-h");
  const { runTool } = await import("@opensync-ts/ovsdb/tool");
  return runTool(asksForHelp ? [command, "--help"] : [command, socketOf(options, process.env), ...args]);
}

/** The socket of a node: in its own directory, or of a home's node. `OPENSYNC_DIR` stands in for `--dir`. */
export function socketOf(options: DbOptions, environment: { readonly [name: string]: string | undefined }): string {
  const directory = options.dir ?? (environment.OPENSYNC_DIR || ".opensync");
  const own = join(directory, "run/db.sock");
  if (existsSync(own)) return `unix:${own}`;
  const nodes = join(directory, "nodes");
  const socket = join(nodes, options.node, "run/db.sock");
  if (existsSync(socket)) return `unix:${socket}`;
  const others = existsSync(nodes)
    ? readdirSync(nodes).filter((name) => existsSync(join(nodes, name, "run/db.sock")))
    : [];
  if (others.length > 0)
    throw new UserError(`${directory}: no node '${options.node}' runs; running: ${others.sort().join(", ")}`);
  throw new UserError(
    `${directory}: no node runs there; start one with 'opensync up' or 'opensync node', or give --dir`,
  );
}
