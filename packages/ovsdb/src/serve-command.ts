/** `ovsdb serve`: database files behind any number of remotes, until a signal or the control socket says stop. */

import { existsSync } from "node:fs";
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

export interface ServeOptions {
  readonly schema?: string;
  readonly remote: readonly string[];
  readonly privateKey?: string;
  readonly certificate?: string;
  readonly caCert?: string;
  readonly bootstrapCaCert?: string;
  /** Empty: the name and place that ovsdb-server gives it. */
  readonly pidfile?: string;
  readonly logFile?: string;
  readonly unixctl?: string;
  readonly logLevel?: readonly string[];
  readonly detach?: boolean;
  /** This is the process that `--detach` has started. */
  readonly detached?: boolean;
  readonly monitor?: boolean;
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
    await serveHere(paths, options);
  } catch (error) {
    if (options.detached) reportFailure(messageOf(error));
    throw error;
  }
}

async function serveHere(paths: readonly string[], options: ServeOptions): Promise<void> {
  const remotes = options.remote.map((remote) => [remote, parseRemote(remote)] as const);
  const tls = tlsSources(options);
  const clock = new RealClock();
  const level = options.verbose ? "DEBUG" : "INFO";
  const serverLog = new ServerLog(
    clock,
    logDestinations(options.logLevel ?? [], { console: level, file: level }),
    options.logFile === undefined ? undefined : logFile(options.logFile, process.env),
  );
  const { log } = serverLog;
  if (options.monitor)
    log.notice("--monitor: a server that dies is not started again by us, but by the service manager");
  const { promise: stopped, resolve: stop } = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop(signal));
  // At a limit on the size of files, writing shall fail as on a full disk, not end the process.
  process.on("SIGXFSZ", () => {});

  const served = new ServedFiles({ clock, random: new SystemRandom(), log, tls });
  let control: ControlSocket | undefined;
  let removePidFile: (() => void) | undefined;
  try {
    await openFiles(served, paths, options.schema);
    for (const [text, remote] of remotes) {
      const actual = await served.addRemote(text, remote);
      process.stdout.write(`serving ${served.databases.join(", ")} on ${actual}\n`);
    }
    const pidFile =
      options.pidfile === undefined ? undefined : runFile(options.pidfile || "ovsdb-server.pid", process.env);
    const socket = controlPath(options.unixctl, pidFile);
    if (socket !== undefined) {
      control = await openControlSocket(socket, controlCommands(served, serverLog, stop), { clock, log });
    }
    if (pidFile !== undefined) removePidFile = writePidFile(pidFile);
    if (options.detached) reportReady();
    log.info(`${await stopped}: stopping`);
  } finally {
    removePidFile?.();
    await control?.close();
    await served.close();
    serverLog.close();
  }
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

/** Where asked for; else, with a pid file, where `ovs-appctl --target=PIDFILE` looks. */
function controlPath(unixctl: string | undefined, pidFile: string | undefined): string | undefined {
  if (unixctl === "none") return undefined;
  if (unixctl !== undefined) return runFile(unixctl, process.env);
  return pidFile === undefined ? undefined : controlSocketBeside(pidFile, process.pid);
}

function tlsSources({ privateKey, certificate, caCert, bootstrapCaCert }: ServeOptions): TlsSources | undefined {
  if (bootstrapCaCert !== undefined) {
    throw new UserError(
      "--bootstrap-ca-cert trusts whoever connects first, and is not offered; copy the CA's certificate here and name it with --ca-cert",
    );
  }
  if (privateKey === undefined && certificate === undefined && caCert === undefined) return undefined;
  if (privateKey === undefined || certificate === undefined || caCert === undefined) {
    throw new UserError("TLS needs all three of --private-key, --certificate and --ca-cert");
  }
  return { privateKey, certificate, caCert };
}
