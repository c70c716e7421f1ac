/** Asks a running node to do something, at its control socket. */

import { UserError } from "@opensync-ts/base/errors";
import { JsonRpcError } from "@opensync-ts/ovsdb/pending-requests";
import { connectRpc } from "@opensync-ts/ovsdb/rpc-client";
import { type NodeChoice, nodeSocket } from "./node-files.ts";
import { clock } from "./run.ts";

/** A node that does not answer within this time is stuck, in ms. */
const answerLimit = 10_000;

/** The node's answer. Rejects with a `UserError` that is the node's own word where it refuses. */
export async function askNode(choice: NodeChoice, command: string, args: readonly string[]): Promise<string> {
  const remote = nodeSocket("control.sock", choice, process.env);
  const client = await connectRpc(remote, { clock, timeoutMs: answerLimit });
  try {
    return String(await client.request(command, args));
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
    const words = String(error.error).trimEnd();
    throw new UserError(
      /is not a valid command/.test(words) ? `${remote}: this node has no command '${command}'` : words,
    );
  } finally {
    client.close();
  }
}
