/** Database servers to try the command on, each with an empty OpenSync database: our own, and Open vSwitch's. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealClock } from "@opensync-ts/base/clock";
import { Log, nullSink } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "@opensync-ts/ovsdb/database";
import { schemaFromJson } from "@opensync-ts/ovsdb/schema";
import { OvsdbServer } from "@opensync-ts/ovsdb/server";
import { openSyncSchemaJson } from "@opensync-ts/schema/schema-json";

export interface TestServer {
  /** Path of its socket. */
  readonly socket: string;
  stop(): Promise<void>;
}

export async function startOurs(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), "ovsh-"));
  const socket = join(directory, "db.sock");
  const clock = new RealClock();
  const random = new SeededRandom(1);
  const engine = new Database(schemaFromJson(openSyncSchemaJson()), { random });
  const log = Log.create({ name: "TEST", sink: nullSink, wallTime: () => clock.wallTime() });
  const server = new OvsdbServer({ databases: [{ engine }], clock, random, log });
  await server.listen(`punix:${socket}`);
  return {
    socket,
    async stop() {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Whether Open vSwitch's server is installed. */
export function haveTheirs(): boolean {
  const path = process.env.PATH ?? "";
  return ["ovsdb-server", "ovsdb-tool"].every((tool) => {
    return `${path}:/usr/sbin`.split(":").some((directory) => existsSync(join(directory, tool)));
  });
}

export async function startTheirs(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), "ovsh-"));
  const [socket, schema, database] = ["db.sock", "schema.json", "conf.db"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(schema, JSON.stringify(openSyncSchemaJson()));
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
  execFileSync("ovsdb-tool", ["create", database, schema], { env });
  const child = spawn("ovsdb-server", [database, `--remote=punix:${socket}`, `--unixctl=${join(directory, "ctl")}`], {
    env,
    stdio: "ignore",
  });
  await appeared(socket, child);
  return {
    socket,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

async function appeared(path: string, child: ChildProcess): Promise<void> {
  const clock = new RealClock();
  const limit = clock.now() + 10_000;
  while (!existsSync(path)) {
    if (child.exitCode !== null || clock.now() > limit) throw new Error("ovsdb-server did not start");
    await clock.sleep(10);
  }
}
