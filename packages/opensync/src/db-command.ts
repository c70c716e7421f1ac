/** `opensync db`: the tool `ovsdb` on the database of a node that runs here, without looking for its socket. */

import { UserError } from "@opensync-ts/base/errors";
import { type NodeChoice, nodeSocket } from "./node-files.ts";

/** The commands of `ovsdb` that work on a server. */
export const dbCommands: readonly string[] = ["dump", "query", "transact", "monitor", "diff"];

/** Resolves with the exit code of `ovsdb COMMAND SOCKET ARG…`. Rejects with a `UserError` where no node runs. */
export async function db(command: string, args: readonly string[], options: NodeChoice): Promise<number> {
  if (!dbCommands.includes(command)) {
    throw new UserError(`db: '${command}' is none of ${dbCommands.join(", ")}; 'ovsdb --help' lists commands on files`);
  }
  const asksForHelp = args.includes("--help") || args.includes("-h");
  const { runTool } = await import("@opensync-ts/ovsdb/tool");
  return runTool(asksForHelp ? [command, "--help"] : [command, nodeSocket("db.sock", options, process.env), ...args]);
}
