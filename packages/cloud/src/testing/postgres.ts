/** For tests: Debian's PostgreSQL on a free port of the loopback, in a directory of its own, for as long as the test needs it. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealClock } from "@opensync-ts/base/clock";
import pg from "pg";

const clock = new RealClock();

/** Where the server's programs are; Debian keeps those of each version apart, and not on the path. */
function programs(): string | undefined {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** Why there is no server to test with; false: there is. For `skip`. */
export const postgresAbsent: string | false = programs() ? false : "PostgreSQL is not installed";

/** The variable that has the port of the server which all files of a run share; there is none when a file is run by itself. */
export const sharedServer = "OPENSYNC_TEST_POSTGRES";

/** Makes databases that nobody has used, on the server of the run, else on one of its own. */
export class Databases {
  #own: Promise<PostgresServer> | undefined;
  #count = 0;

  /** URL of a new one. */
  async create(): Promise<string> {
    const name = `d${process.pid}_${++this.#count}`;
    const port = Number(process.env[sharedServer]);
    if (port) return createDatabase(binaries(), port, name);
    this.#own ??= PostgresServer.start();
    return (await this.#own).database(name);
  }

  async remove(): Promise<void> {
    await (await this.#own)?.remove();
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export class PostgresServer {
  readonly directory: string;
  readonly port: number;
  readonly #bin: string;
  readonly #owner: Owner | undefined;
  #process: ChildProcess | undefined;

  private constructor(directory: string, port: number, bin: string, owner: Owner | undefined) {
    this.directory = directory;
    this.port = port;
    this.#bin = bin;
    this.#owner = owner;
  }

  static async start(): Promise<PostgresServer> {
    const bin = binaries();
    const directory = mkdtempSync(join(tmpdir(), "opensync-postgres-"));
    // The server refuses to run as root.
    const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
    if (owner) chownSync(directory, owner.uid, owner.gid);
    const server = new PostgresServer(directory, await freePort(), bin, owner);
    const options = ["--auth=trust", "--username=opensync", "--encoding=UTF8", "--locale=C", "--no-sync"];
    execFileSync(join(bin, "initdb"), ["--pgdata", join(directory, "data"), ...options], {
      ...owner,
      cwd: directory,
      stdio: "pipe",
    });
    await server.up();
    return server;
  }

  get url(): string {
    return `postgres://opensync@127.0.0.1:${this.port}/postgres`;
  }

  /** A database that nobody has used. */
  database(name: string): string {
    return createDatabase(this.#bin, this.port, name);
  }

  /** Whom it lets in, from now on: lines of `pg_hba.conf`, before those that let everybody in. */
  async admit(...lines: readonly string[]): Promise<void> {
    const everybody = "host all all 127.0.0.1/32 trust";
    writeFileSync(join(this.directory, "data", "pg_hba.conf"), `${[...lines, everybody].join("\n")}\n`);
    await this.query("postgres", "select pg_reload_conf()");
  }

  /** As its superuser; the rows. */
  async query(database: string, text: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: `postgres://opensync@127.0.0.1:${this.port}/${database}` });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  async up(): Promise<void> {
    const settings = [
      ...["listen_addresses=127.0.0.1", "unix_socket_directories="],
      // Nothing of it outlives the tests, but what was committed outlives the server (`down`); and stores of several files have their connections at once.
      ...["fsync=off", "full_page_writes=off", "max_connections=300"],
    ];
    const flags = settings.flatMap((setting) => ["-c", setting]);
    this.#process = spawn(
      join(this.#bin, "postgres"),
      ["-D", join(this.directory, "data"), "-p", `${this.port}`, ...flags],
      {
        ...this.#owner,
        cwd: this.directory,
        stdio: "ignore",
      },
    );
    for (let attempt = 0; attempt < 300; attempt++) {
      const arguments_ = ["--host=127.0.0.1", `--port=${this.port}`, "--quiet"];
      if (spawnSync(join(this.#bin, "pg_isready"), arguments_).status === 0) return;
      await clock.sleep(100);
    }
    throw new Error("PostgreSQL did not start");
  }

  /** As a machine that fails: connections break at once. */
  async down(): Promise<void> {
    const server = this.#process;
    if (!server || server.exitCode !== null) return;
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGQUIT");
    await gone;
  }

  async remove(): Promise<void> {
    await this.down();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function binaries(): string {
  const bin = programs();
  if (!bin) throw new Error("PostgreSQL is not installed");
  return bin;
}

function createDatabase(bin: string, port: number, name: string): string {
  const arguments_ = ["--host=127.0.0.1", `--port=${port}`, "--username=opensync", name];
  execFileSync(join(bin, "createdb"), arguments_, { stdio: "pipe" });
  return `postgres://opensync@127.0.0.1:${port}/${name}`;
}

function unprivilegedUser(): Owner {
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
