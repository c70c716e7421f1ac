/** `ovsdb serve`: database files behind any number of remotes, until a signal or the control socket says stop. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { RealClock } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { SystemRandom } from "@opensync-ts/base/random";
import { type ControlSocket, openControlSocket } from "./control-socket.ts";
import { reportFailure, reportReady, startDetached, writePidFile } from "./daemon.ts";
import { controlSocketBeside, logDestinations, logFile, runFile } from "./open-vswitch-options.ts";
import { parseRemote } from "./remote.ts";
import { schemaFromJson } from "./schema.ts";
import { controlCommands } from "./serve-control.ts";
import { ServedFiles } from "./served-files.ts";
import { ServerLog } from "./server-log.ts";
import type { TlsSources } from "./tls-sources.ts";
import { parseResumption, tellWatcher, watch } from "./watchdog.ts";

export interface ServeOptions {
  readonly schema?: string;
  readonly remote?: readonly string[];
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly caCert?: string;
  readonly sslProtocols?: string;
  readonly sslCiphers?: string;
  readonly bootstrapCaCert?: string;
  /** A command of the shell: when it ends, so does the server. */
  readonly run?: string;
  /** False: serves no database at first. */
  readonly dbs?: boolean;
  /** Empty: the name and place that ovsdb-server gives it. */
  readonly pidfile?: string;
  readonly overwritePidfile?: boolean;
  readonly logFile?: string;
  readonly unixctl?: string;
  readonly logLevel?: readonly string[];
  readonly detach?: boolean;
  /** This is the process that `--detach` has started. */
  readonly detached?: boolean;
  readonly monitor?: boolean;
  /** This is the process that `--monitor` has started; empty: for the first time, else a `Resumption`. */
  readonly watched?: string;
  readonly verbose: boolean;
}

/**
 * Resolves after a signal or the command `exit`, when all is closed; with `detach`, when a process in the background serves.
 * Rejects with a `UserError` when it cannot serve as asked; nothing then runs. `args` are those that led here.
 */
export async function serve(paths: readonly string[], options: ServeOptions, args: readonly string[]): Promise<void> {
  if (options.detach) {
    await startDetached(args.map((arg) => (arg === "--detach" ? "--detached" : arg)));
    return;
  }
  try {
    if (options.monitor && options.watched === undefined) {
      await watch(args, new RealClock(), () => {
        if (options.detached) reportReady();
      });
    } else {
      await serveHere(paths, options);
    }
  } catch (error) {
    if (options.watched !== undefined) tellWatcher({ error: messageOf(error) });
    else if (options.detached) reportFailure(messageOf(error));
    // To whoever started it in the first place the error is told by the process that watches.
    if (options.watched === undefined) throw error;
    process.exitCode = 1;
  }
}

async function serveHere(paths: readonly string[], options: ServeOptions): Promise<void> {
  const resumption = parseResumption(options.watched ?? "");
  const databases = resumption?.databases ?? databasePaths(paths, options);
  const remotes = (resumption?.remotes ?? options.remote ?? []).map((remote) => [remote, parseRemote(remote)] as const);
  const tls = tlsSources(options);
  const clock = new RealClock();
  const level = options.verbose ? "DEBUG" : "INFO";
  const serverLog = new ServerLog(
    clock,
    logDestinations(options.logLevel ?? [], { console: level, file: level }),
    options.logFile === undefined ? undefined : logFile(options.logFile, process.env),
  );
  const { log } = serverLog;
  if (resumption) log.warning(`the server before this one was ended by ${resumption.reason}; started again`);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop(signal));
  // At a limit on the size of files, writing shall fail as on a full disk, not end the process.
  process.on("SIGXFSZ", () => {});

  const served = new ServedFiles({ clock, random: new SystemRandom(), log, tls });
  let control: ControlSocket | undefined;
  let removePidFile: (() => void) | undefined;
  try {
    await openFiles(served, databases, options.schema);
    for (const [text, remote] of remotes) {
      const actual = await served.addRemote(text, remote);
      if (options.run === undefined) process.stdout.write(`serving ${served.databases.join(", ")} on ${actual}\n`);
    }
    const pidFile =
      options.pidfile === undefined ? undefined : runFile(options.pidfile || "ovsdb-server.pid", process.env);
    const socket = controlPath(options.unixctl, pidFile);
    if (socket !== undefined) {
      control = await openControlSocket(socket, controlCommands(served, serverLog, stop), { clock, log });
    }
    saveMemory();
    if (pidFile !== undefined) removePidFile = writePidFile(pidFile, { overwrite: options.overwritePidfile });
    if (options.watched !== undefined) {
      tellWatcher({ served: served.state });
      served.onChange(() => tellWatcher({ served: served.state }));
      if (!resumption) tellWatcher({ ready: true });
    } else if (options.detached) {
      reportReady();
    }
    const command = options.run === undefined ? undefined : runInShell(options.run);
    command?.ended.then(() => stop("the command of --run has ended"));
    log.info(`${await stopped}: stopping`);
    command?.stop();
    const failure = await command?.ended;
    if (failure !== undefined) throw new UserError(failure);
  } finally {
    removePidFile?.();
    await control?.close();
    await served.close();
    serverLog.close();
  }
}

/**
 * Keeps memory near what is in use (docs/performance.md). Not by a flag of the launcher: V8 would not take the compiled code of
 * Node.js's own modules then, which costs a start 15 ms.
 */
function saveMemory(): void {
  setFlagsFromString("--heap-growing-percent=40");
}

function databasePaths(paths: readonly string[], { dbs }: ServeOptions): readonly string[] {
  if (paths.length > 0 || dbs === false) return paths;
  return [join(process.env.OVS_DBDIR || "/etc/openvswitch", "conf.db")];
}

interface ShellCommand {
  /** What became of it where it did not succeed. */
  readonly ended: Promise<string | undefined>;
  /** Ends it, if it still runs. */
  stop(): void;
}

function runInShell(command: string): ShellCommand {
  const child = spawn("/bin/sh", ["-c", command], { stdio: "inherit" });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once("error", ({ message }) => resolve(`--run: ${message}`));
    child.once("exit", (code, signal) => {
      resolve(code === 0 ? undefined : `--run: ${command}: ended with ${signal ?? `status ${code}`}`);
    });
  });
  return { ended, stop: () => child.kill() };
}

async function openFiles(served: ServedFiles, paths: readonly string[], schemaPath: string | undefined): Promise<void> {
  if (schemaPath !== undefined && paths.length > 1) {
    throw new UserError("--schema can be given with one database file only; convert the others with 'ovsdb convert'");
  }
  const schemaJson = schemaPath === undefined ? undefined : (await import("./file-commands.ts")).readSchema(schemaPath);
  for (const path of paths) {
    if (schemaJson !== undefined && !existsSync(path)) served.create(path, schemaJson);
    await served.open(path, schemaJson === undefined ? undefined : schemaFromJson(schemaJson));
  }
}

/** Where asked for; else where `ovs-appctl` looks: beside the pid file, or in the directory that `OVS_RUNDIR` names. */
function controlPath(unixctl: string | undefined, pidFile: string | undefined): string | undefined {
  if (unixctl === "none") return undefined;
  if (unixctl !== undefined) return runFile(unixctl, process.env);
  if (pidFile === undefined && !process.env.OVS_RUNDIR) return undefined;
  return controlSocketBeside(pidFile ?? runFile("ovsdb-server.pid", process.env), process.pid);
}

function tlsSources(options: ServeOptions): TlsSources | undefined {
  const { privateKey, certificate, caCert, bootstrapCaCert, sslProtocols, sslCiphers } = options;
  if (bootstrapCaCert !== undefined) {
    throw new UserError(
      "--bootstrap-ca-cert trusts whoever connects first, and is not offered; copy the CA's certificate here and name it with --ca-cert",
    );
  }
  if (privateKey === undefined && certificate === undefined && caCert === undefined) return undefined;
  if (privateKey === undefined || certificate === undefined || caCert === undefined) {
    throw new UserError("TLS needs all three of --private-key, --certificate and --ca-cert");
  }
  return { privateKey, certificate, caCert, protocols: sslProtocols, ciphers: sslCiphers };
}
