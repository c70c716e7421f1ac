/** The commands that `ovs-appctl` gives to a running server (ovsdb-server(8), "Runtime Management Commands"). */

import packageJson from "../package.json" with { type: "json" };
import { type ControlCommand, listCommands } from "./control-socket.ts";
import { logDestinations } from "./open-vswitch-options.ts";
import type { ServedFiles } from "./served-files.ts";
import type { ServerLog } from "./server-log.ts";

/** `stop` is called with the reason. */
export function controlCommands(
  served: ServedFiles,
  log: ServerLog,
  stop: (reason: string) => void,
): ReadonlyMap<string, ControlCommand> {
  const commands = new Map<string, ControlCommand>();
  const command = (name: string, usage: string, run: (...args: readonly string[]) => string | Promise<string>) => {
    const words = usage === "" ? [] : usage.split(" ");
    const minArguments = words.filter((word) => !word.startsWith("[")).length;
    commands.set(name, { usage, minArguments, maxArguments: words.length, run: (args) => run(...args) });
  };
  /** For what has nothing to show. */
  const quietly = async (done: void | Promise<void>) => {
    await done;
    return "";
  };

  command("exit", "", () => {
    // The reply leaves before the socket is closed.
    queueMicrotask(() => stop("exit by the control socket"));
    return "";
  });
  command("version", "", () => `ovsdb-server (opensync-ts) ${packageJson.version}\n`);
  command("list-commands", "", () => listCommands(commands));
  command("ovsdb-server/add-db", "FILE", (path = "") => quietly(served.open(path)));
  command("ovsdb-server/remove-db", "DB", (name = "") => quietly(served.remove(name)));
  command("ovsdb-server/list-dbs", "", () => lines([...served.databases, "_Server"]));
  command("ovsdb-server/compact", "[DB]", (name) => quietly(served.compact(name)));
  command("ovsdb-server/add-remote", "REMOTE", (remote = "") => quietly(served.addRemote(remote).then(() => {})));
  command("ovsdb-server/remove-remote", "REMOTE", (remote = "") => quietly(served.removeRemote(remote)));
  command("ovsdb-server/list-remotes", "", () => lines(served.remotes));
  // Of replication, which is not offered: this server takes no other's place.
  command("ovsdb-server/sync-status", "", () => "state: active\n");
  command("vlog/reopen", "", () => quietly(log.reopen()));
  command("vlog/set", "SPEC", (spec = "") => quietly(log.setDestinations(logDestinations([spec], log.destinations))));
  return commands;
}

function lines(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => `${name}\n`)
    .join("");
}
