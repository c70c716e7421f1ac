/** For tests: commands of this machine and ours, run as processes. */

import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

const launcher = fileURLToPath(new URL("../bin/ovsdb.mjs", import.meta.url));

/** A reason to skip a test that needs `command`, or false. */
export function without(command: string): string | false {
  return spawnSync(command, ["--version"]).error ? `${command} is not installed` : false;
}

export function run(command: string, ...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 20_000, maxBuffer: 1 << 26 }, (error, out, errorText) => {
      const code = error?.code;
      resolve({ status: error ? (typeof code === "number" ? code : null) : 0, out, error: errorText });
    });
  });
}

export function ovsdb(...args: readonly string[]): Promise<Outcome> {
  return run(launcher, ...args);
}

/** `ovsdb serve` as a process; resolves when it serves all its remotes. */
export function serveProcess(path: string, ...args: readonly string[]): Promise<ChildProcess> {
  const remotes = args.filter((arg) => arg === "--remote").length;
  const child = spawn(launcher, ["serve", path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let out = "";
    let error = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
      if (out.split("\n").length > remotes) resolve(child);
    });
    child.stderr.on("data", (chunk) => {
      error += chunk;
    });
    child.once("exit", (code) => reject(new Error(`ovsdb serve ended with ${code}: ${error}`)));
  });
}

/** Ends a process with `signal`; resolves with its exit code when it is gone. */
export function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
    child.once("exit", (code) => resolve(code));
    child.kill(signal);
  });
}
