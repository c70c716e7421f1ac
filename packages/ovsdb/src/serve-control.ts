/** The commands that `ovs-appctl` gives to a running server (ovsdb-server(8), "Runtime Management Commands"). */

import { existsSync } from "node:fs";
import packageJson from "../package.json" with { type: "json" };
import { type ControlCommand, listCommands } from "./control-socket.ts";
import { type LogDestinations, levelWord, logDestinations } from "./open-vswitch-options.ts";
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
  const known = (name: string) => {
    if (!served.databases.includes(name)) throw new Error("Failed to find the database.");
    return name;
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
  command("ovsdb-server/add-db", "FILE", (path = "") => {
    if (!existsSync(path)) throw new Error(`I/O error: ${path}: open failed (No such file or directory)`);
    return quietly(served.open(path));
  });
  command("ovsdb-server/remove-db", "DB", (name = "") => {
    if (name === "_Server") throw new Error("Cannot remove reserved database.");
    return quietly(served.remove(known(name)));
  });
  command("ovsdb-server/list-dbs", "", () => lines([...served.databases, "_Server"]));
  command("ovsdb-server/compact", "[DB]", (name) => {
    if (name === "_Server") throw new Error("cannot compact built-in databases");
    if (name !== undefined && !served.databases.includes(name)) throw new Error("no database by that name");
    return quietly(served.compact(name));
  });
  command("ovsdb-server/add-remote", "REMOTE", (remote = "") => {
    if (/^db:[^,]*(,[^,]*)?$/.test(remote)) throw new Error(`"${remote}": invalid syntax`);
    return quietly(served.addRemote(remote).then(() => {}));
  });
  command("ovsdb-server/remove-remote", "REMOTE", (remote = "") => quietly(served.removeRemote(remote)));
  command("ovsdb-server/list-remotes", "", () => lines(served.remotes));
  // Of replication, which is not offered: this server takes no other's place.
  command("ovsdb-server/sync-status", "", () => "state: active\n");
  for (const name of ["get-active-ovsdb-server", "get-sync-exclude-tables"]) {
    command(`ovsdb-server/${name}`, "", () => "");
  }
  command("ovsdb-server/get-db-storage-status", "DB", (name = "") => {
    return `status: ${served.storageStatus(known(name))}\n`;
  });
  command("ovsdb-server/reconnect", "", () => quietly(served.reconnect()));
  // Memory goes back to the system as the garbage collector sees fit.
  command("ovsdb-server/memory-trim-on-compaction", "on|off", (word = "") => {
    if (word !== "on" && word !== "off") throw new Error("invalid argument");
    return "";
  });
  command("ovsdb-server/perf-counters-show", "", () => "no performance counters are kept\n");
  command("ovsdb-server/perf-counters-clear", "", () => "");
  command("memory/show", "", () => `${served.usage()}\n`);
  command("vlog/close", "", () => quietly(log.close()));
  command("vlog/list", "", () => vlogList(log.destinations));
  command("vlog/reopen", "", () => quietly(log.reopen()));
  command("vlog/set", "SPEC", (spec = "") => quietly(log.setDestinations(logDestinations([spec], log.destinations))));
  return commands;
}

function vlogList({ console, file }: LogDestinations): string {
  const row = (...words: readonly string[]) =>
    `${words
      .map((word) => word.padEnd(11))
      .join("")
      .trimEnd()}\n`;
  return `${row("", "console", "file")}${row("ANY", levelWord(console), levelWord(file))}`;
}

function lines(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => `${name}\n`)
    .join("");
}
