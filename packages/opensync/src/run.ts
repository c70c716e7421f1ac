/** What every long-running command shares: the machine's clock, a log on stderr when asked for, and a clean end. */

import { every, RealClock, withDeadline } from "@opensync-ts/base/clock";
import { messageOf, UserError } from "@opensync-ts/base/errors";
import { formatRecord, type LogSink, nullSink, type Severity } from "@opensync-ts/base/log";
import { guardProcess } from "@opensync-ts/node/process-guard";
import * as limits from "./limits.ts";
import { printable } from "./table.ts";

export const clock = new RealClock();

/** The log on stderr with `--verbose`, else nowhere. */
export function stderrSink(verbose: boolean): LogSink {
  return verbose ? (record) => process.stderr.write(`${formatRecord(record)}\n`) : nullSink;
}

/** Like `stderrSink`, but what an operator has to know is shown always. */
export function operatorSink(verbose: boolean): LogSink {
  const everything = stderrSink(true);
  const grave = new Set<Severity>(["EMERG", "ALERT", "CRIT", "ERR", "WARNING"]);
  return verbose ? everything : (record) => grave.has(record.severity) && everything(record);
}

/**
 * Charges errors that nobody caught to the managers on whose behalf the code ran, which DM restarts; rejects with one that is no
 * manager's.
 */
export function guarded(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  guardProcess(reject);
  return promise;
}

/** Who started this process. */
const parent = process.ppid;

/**
 * Settles after Ctrl-C (SIGINT), SIGTERM or SIGHUP, when the shell is gone in which npx has started this, and as any of `ends` does. A
 * second Ctrl-C ends the process at once.
 */
export function untilStopped(...ends: readonly Promise<unknown>[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let askedAt: number | undefined;
  const ask = () => {
    // npm hands on the Ctrl-C that all have got from the terminal: that is no second one.
    if (askedAt !== undefined && clock.now() - askedAt > limits.sameStopMs) process.exit(130);
    askedAt ??= clock.now();
    resolve();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  for (const end of ends) end.then(() => resolve(), reject);
  // That shell dies of a signal without handing it on; only its end tells.
  if (process.env.npm_lifecycle_event !== "npx") return promise;
  const watch = every(clock, limits.parentLookMs, () => {
    if (process.ppid !== parent) resolve();
  });
  return promise.finally(() => watch.cancel());
}

/** Stops everything, last started first. What does not end in time is named on stderr and left behind. */
export async function stopAll(parts: readonly { readonly name: string; stop(): Promise<void> }[]): Promise<void> {
  const end = clock.now() + limits.stopMs;
  for (const part of parts.toReversed()) {
    try {
      await withDeadline(clock, part.stop(), Math.max(1, end - clock.now()), `stop of ${part.name}`);
    } catch (error) {
      process.stderr.write(`opensync: ${messageOf(error)}\n`);
    }
  }
}

/** Says something to the person who started the command. */
export function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** The home file to use: the one named, else the demo home that comes with the project. */
export async function homeFile(named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { existsSync } = await import("node:fs");
  const { fileURLToPath } = await import("node:url");
  // In the repository the homes stand at its root, in the published package beside the sources.
  const candidates = ["../../../homes/demo.json", "../homes/demo.json"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new UserError("the demo home is not installed; name a home file with --home");
  return found;
}
