/**
 * A socket on which a running server takes commands, as Open vSwitch's daemons have it: JSON-RPC 1.0 where the method is the command
 * and the parameters are its arguments, all strings (ovs-appctl(8), `unixctl`).
 */

import type { Clock } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { JsonValue } from "./json.ts";
import { JsonRpcPeer } from "./jsonrpc.ts";
import { wireLimits } from "./limits.ts";
import { listen } from "./listener.ts";
import type { Transport } from "./transport.ts";

export interface ControlCommand {
  /** Its arguments, for `list-commands`. */
  readonly usage: string;
  readonly minArguments: number;
  readonly maxArguments: number;
  /** The text to show; what it throws is shown as its failure. */
  run(args: readonly string[]): string | Promise<string>;
}

export interface ControlSocket {
  /** Takes no more commands; replies on their way still leave. */
  close(): Promise<void>;
}

/** Rejects with a `UserError` when the socket cannot be made. */
export async function openControlSocket(
  path: string,
  commands: ReadonlyMap<string, ControlCommand>,
  options: { readonly clock: Clock; readonly log: Log },
): Promise<ControlSocket> {
  const peers = new Set<JsonRpcPeer>();
  const accept = (transport: Transport) => {
    if (peers.size >= wireLimits.maxControlConnections) {
      transport.destroy();
      return;
    }
    const peer: JsonRpcPeer = new JsonRpcPeer(transport, {
      clock: options.clock,
      handlers: {
        request: (method, params, id) => void answer(peer, commands, method, params, id),
        notification() {},
        closed: () => peers.delete(peer),
      },
    });
    peers.add(peer);
  };
  const listener = await listen({ kind: "punix", path }, { log: options.log, accept });
  return {
    async close() {
      await listener.close();
      for (const peer of peers) peer.close("the server stops");
    },
  };
}

/** The text of `list-commands`. */
export function listCommands(commands: ReadonlyMap<string, ControlCommand>): string {
  const names = [...commands.keys()].sort();
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)} ${commands.get(name)?.usage ?? ""}`.trimEnd());
  return ["The available commands are:", ...lines, ""].join("\n");
}

async function answer(
  peer: JsonRpcPeer,
  commands: ReadonlyMap<string, ControlCommand>,
  method: string,
  params: readonly JsonValue[],
  id: JsonValue,
): Promise<void> {
  try {
    const args = params.filter((param) => typeof param === "string");
    const command = commands.get(method);
    if (!command) {
      throw new Error(`"${method}" is not a valid command (use "list-commands" to see a list of valid commands)`);
    }
    const { minArguments: min, maxArguments: max } = command;
    if (args.length < min) throw new Error(`"${method}" command requires at least ${min} arguments`);
    if (args.length > max) throw new Error(`"${method}" command takes at most ${max} arguments`);
    peer.reply(id, await command.run(args));
  } catch (error) {
    peer.replyError(id, `${messageOf(error)}\n`);
  }
}
