/** The servers to compare, as processes on a unix socket, each with a new file of the same schema. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** How a server is created and started. `create` makes the file; `serve` is the command that serves it. */
export interface ServerKind {
  readonly name: "ovsdb" | "ovsdb-server";
  create(file: string, schema: string): readonly string[];
  serve(file: string, socket: string): readonly string[];
}

const launcher = fileURLToPath(new URL("../bin/ovsdb.mjs", import.meta.url));

export const ours: ServerKind = {
  name: "ovsdb",
  create: (file, schema) => [launcher, "create", file, schema],
  serve: (file, socket) => [launcher, "serve", file, "--remote", `punix:${socket}`],
};

export const peer: ServerKind = {
  name: "ovsdb-server",
  create: (file, schema) => ["ovsdb-tool", "create", file, schema],
  serve: (file, socket) => [
    "ovsdb-server",
    file,
    `--remote=punix:${socket}`,
    `--unixctl=${socket}.ctl`,
    "-vconsole:off",
  ],
};

export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"]).error === undefined;
}

/** The OpenSync schema, as its own command prints it, in a file of `directory`. */
export function writeSchema(directory: string): string {
  const path = join(directory, "opensync.ovsschema");
  const command = fileURLToPath(new URL("../../schema/bin/opensync-schema.mjs", import.meta.url));
  execFileSync(command, ["--output", path]);
  return path;
}

export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "ovsdb-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const startDeadlineMs = 20_000;

/** A server process that answers. */
export class ServerProcess implements AsyncDisposable {
  readonly kind: ServerKind;
  readonly socket: string;
  readonly file: string;
  /** From the start of the process to its first reply. */
  readonly startMs: number;
  readonly #child: ChildProcess;

  private constructor(kind: ServerKind, file: string, socket: string, startMs: number, child: ChildProcess) {
    this.kind = kind;
    this.file = file;
    this.socket = socket;
    this.startMs = startMs;
    this.#child = child;
  }

  /** With a new file in `directory`. */
  static async start(kind: ServerKind, directory: string, schema: string): Promise<ServerProcess> {
    const file = join(directory, `${kind.name}.db`);
    rmSync(file, { force: true });
    const [command = "", ...args] = kind.create(file, schema);
    execFileSync(command, args);
    return ServerProcess.restart(kind, directory, file);
  }

  /** With a file that exists. */
  static async restart(kind: ServerKind, directory: string, file: string): Promise<ServerProcess> {
    const socket = join(directory, `${kind.name}.sock`);
    rmSync(socket, { force: true });
    const [command = "", ...args] = kind.serve(file, socket);
    const begin = performance.now();
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    while (!(await answers(socket))) {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
      if (performance.now() - begin > startDeadlineMs)
        throw new Error(`${command} did not answer in ${startDeadlineMs} ms`);
      await sleep(1);
    }
    return new ServerProcess(kind, file, socket, performance.now() - begin, child);
  }

  /** The memory that the process has now (resident set, MB). */
  get residentMb(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** Processor time used so far (s). */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  get fileBytes(): number {
    return statSync(this.file).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.exitCode !== null || !this.#child.kill("SIGTERM")) return;
    await gone;
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("error", () => resolve(false));
    connection.once("connect", () => connection.write('{"method":"list_dbs","params":[],"id":0}'));
    connection.once("data", () => {
      connection.destroy();
      resolve(true);
    });
  });
}
