/** Runs the project's own commands as a user does: as processes, watched through their output. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/**
 * The commands of the workspace first, so that `ovsh` and the pinned `node` are found; no node that runs here for
 * whoever runs the tests; and a cloud's store starts quickly.
 */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
  NODE_OPTIONS: `--require=${JSON.stringify(join(root, "scripts/quick-wasm.cjs"))}`,
  OPENSYNC_DIR: undefined,
  PLUME_OVSDB_SOCK_PATH: undefined,
  NO_COLOR: "1",
};

export interface Finished {
  /** Exit code; `null` when killed by a signal or by the deadline. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly deadlineMs?: number;
  readonly input?: string;
  /** In a process group of its own, as in a terminal of its own. */
  readonly detached?: boolean;
}

/** Runs to the end and collects the output; kills it at the deadline (20 s unless given). */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd ?? root, env: { ...environment, ...options.env } });
    const deadline = setTimeout(() => child.kill("SIGKILL"), options.deadlineMs ?? 20_000);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(deadline);
      resolve({ code, stdout, stderr });
    });
    // A command that wants no input may have ended before it is given any.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** A command that goes on running until stopped. */
export class Service {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  output = "";
  #waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: RunOptions = {}) {
    this.child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...environment, ...options.env },
      detached: options.detached ?? false,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
        for (const check of this.#waiting) check();
      });
    }
    this.exited = new Promise((resolve) =>
      this.child.on("close", (code) => {
        resolve(code);
        for (const check of this.#waiting) check();
      }),
    );
  }

  /** Resolves with the match once the output has it; rejects, with the output, at the deadline or the process's end. */
  until(pattern: RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(deadline);
        this.#waiting.delete(check);
        act();
      };
      const check = () => {
        const match = pattern.exec(this.output);
        if (match) settle(() => resolve(match));
        else if (this.child.exitCode !== null)
          settle(() => reject(new Error(`ended without ${pattern}:\n${this.output}`)));
      };
      const deadline = setTimeout(
        () => settle(() => reject(new Error(`no ${pattern} within ${deadlineMs} ms:\n${this.output}`))),
        deadlineMs,
      );
      this.#waiting.add(check);
      check();
    });
  }

  /** Sends a signal and waits for the end; SIGKILL after five seconds. */
  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    const deadline = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    const code = await this.exited;
    clearTimeout(deadline);
    return code;
  }
}

export interface TemporaryDirectory extends Disposable {
  readonly path: string;
}

export function temporaryDirectory(name: string): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), `${name}-`));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
