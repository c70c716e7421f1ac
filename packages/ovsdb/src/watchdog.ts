/** `--monitor`: a process that starts the server again when it crashes, with the databases and remotes that it served last. */

import { spawn } from "node:child_process";
import type { Clock } from "@opensync-ts/base/clock";
import { UserError } from "@opensync-ts/base/errors";
import { watchdogLimits } from "./limits.ts";

/** What a server serves, as the commands that came over its control socket have left it. */
export interface ServedState {
  readonly databases: readonly string[];
  readonly remotes: readonly string[];
}

/** What the server tells the process that watches it. */
export type WatchedReport = { readonly ready: true } | { readonly error: string } | { readonly served: ServedState };

/** How the server was started again: what it shall serve, and what became of the one before. */
export interface Resumption extends ServedState {
  readonly reason: string;
}

/** Those that tell of an error in the program, as `ovsdb-server --monitor` takes it; others are somebody's wish. */
const crashes: readonly NodeJS.Signals[] = [
  "SIGABRT",
  "SIGALRM",
  "SIGBUS",
  "SIGFPE",
  "SIGILL",
  "SIGPIPE",
  "SIGSEGV",
  "SIGTRAP",
  "SIGXCPU",
];

/**
 * Runs this program with `args` until it ends other than by a crash. `ready` is called when it serves for the first time. Rejects
 * with a `UserError` when it fails to start.
 */
export async function watch(args: readonly string[], clock: Clock, ready: () => void): Promise<void> {
  let served: ServedState | undefined;
  let reason: string | undefined;
  let restartedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const resumption = served && reason ? [`--watched=${JSON.stringify({ ...served, reason })}`] : ["--watched="];
    const end = await runServer([...args, ...resumption], (report) => {
      if ("ready" in report) ready();
      else if ("served" in report) served = report.served;
    });
    if (end.error !== undefined) throw new UserError(end.error);
    if (end.signal === null || !crashes.includes(end.signal)) {
      process.exitCode = end.code ?? 0;
      return;
    }
    if (!served) throw new UserError(`the server was ended by ${end.signal} before it was ready`);
    reason = end.signal;
    // One that crashes again and again shall not keep the machine busy.
    await clock.sleep(Math.max(0, restartedAt + watchdogLimits.restartIntervalMs - clock.now()));
    restartedAt = clock.now();
  }
}

interface ServerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: string | undefined;
}

function runServer(args: readonly string[], tell: (report: WatchedReport) => void): Promise<ServerEnd> {
  const program = [...process.execArgv, process.argv[1] ?? "", ...args];
  const child = spawn(process.execPath, program, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  let failure: string | undefined;
  child.on("message", (report: WatchedReport) => {
    if ("error" in report) failure = report.error;
    else tell(report);
  });
  return new Promise((resolve) => {
    const done = (end: ServerEnd) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(end);
    };
    child.once("error", ({ message }) => done({ code: 1, signal: null, error: `cannot be started: ${message}` }));
    child.once("exit", (code, signal) => done({ code, signal, error: failure }));
  });
}

/** The server's side of it: tells the process that watches. */
export function tellWatcher(report: WatchedReport): void {
  if (!process.connected) return;
  process.send?.(report);
  // A server that has nothing left to do shall end.
  process.channel?.unref();
}

export function parseResumption(text: string): Resumption | undefined {
  return text === "" ? undefined : (JSON.parse(text) as Resumption);
}
