/** For tests: a server that is killed under load, and whether its file then holds all that it has acknowledged. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { RealClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { readDatabase } from "./database-reader.ts";
import { isObject, type JsonValue } from "./json.ts";
import { connectRpc, type RpcClient } from "./rpc-client.ts";
import { DatabaseFile } from "./storage.ts";
import { schemaJson } from "./test-support.ts";

export interface CrashResult {
  /** Transactions whose success a client was told, and how many of them the file did not hold. */
  acknowledged: number;
  lost: number;
  /** Files that could not be read after the crash, with the reason. */
  unopened: string[];
  /** Files whose last record was incomplete. */
  torn: number;
}

const clients = 4;
const inFlight = 16;
const serverScript = fileURLToPath(new URL("./test-crash-server.ts", import.meta.url));

const schema = schemaJson({
  Row: { columns: { name: { type: "string" }, owner: { type: "string" }, text: { type: "string" } } },
  Counter: { columns: { name: { type: "string" }, n: { type: "integer" } }, indexes: [["name"]] },
});

/** Kills a server `rounds` times, all on one file in `directory`. `told`, after each round, gets the result so far. */
export async function crash(
  directory: string,
  rounds: number,
  seed: number,
  told: (result: CrashResult) => void = () => {},
): Promise<CrashResult> {
  const random = new SeededRandom(seed);
  const path = join(directory, "crash.db");
  DatabaseFile.create(path, schema);
  const result: CrashResult = { acknowledged: 0, lost: 0, unopened: [], torn: 0 };
  for (let round = 0; round < rounds; round++) {
    const server = await start(path, join(directory, "crash.sock"));
    const loads = await Promise.all(
      Array.from({ length: clients }, (_, i) => Load.start(join(directory, "crash.sock"), i)),
    );
    await sleep(5 + random.integer(150));
    server.kill("SIGKILL");
    await once(server, "exit");
    await Promise.all(loads.map((load) => load.ended));
    try {
      const { database, torn } = readDatabase(path, random);
      if (torn) result.torn++;
      const rows = new Set([...database.rows("Row").values()].map(({ name }) => name));
      const counters = new Map([...database.rows("Counter").values()].map(({ name, n }) => [name, n as number]));
      for (const load of loads) {
        result.acknowledged += load.acknowledged;
        result.lost += load.lost(rows, counters);
      }
    } catch (error) {
      result.unopened.push(`round ${round}: ${error}`);
      return result;
    }
    told(result);
  }
  return result;
}

async function start(path: string, socket: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [serverScript, path, socket], { stdio: ["ignore", "pipe", "inherit"] });
  const [first] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  if (!String(first).startsWith("ready")) throw new Error(`the server ended with ${first} before it was ready`);
  return child;
}

/** One client that transacts without pause, and keeps account of what it was told. */
class Load {
  readonly ended: Promise<unknown>;
  acknowledged = 0;
  readonly #client: RpcClient;
  readonly #name: string;
  readonly #rows: string[] = [];
  #counter = 0;
  #sent = 0;

  private constructor(client: RpcClient, name: string) {
    this.#client = client;
    this.#name = name;
    this.ended = Promise.all(Array.from({ length: inFlight }, () => this.#run()));
  }

  static async start(socket: string, index: number): Promise<Load> {
    const client = await connectRpc(`unix:${socket}`, { clock: new RealClock(), timeoutMs: 30_000 });
    const name = `client ${index}`;
    const own = ["name", "==", name];
    await client.request("transact", [
      "Test",
      { op: "delete", table: "Row", where: [["owner", "==", name]] },
      { op: "delete", table: "Counter", where: [own] },
      { op: "insert", table: "Counter", row: { name, n: 0 } },
    ]);
    return new Load(client, name);
  }

  /** How many of the acknowledged transactions left no trace. */
  lost(rows: ReadonlySet<unknown>, counters: ReadonlyMap<unknown, number>): number {
    const missing = this.#rows.filter((name) => !rows.has(name)).length;
    return missing + Math.max(0, this.#counter - (counters.get(this.#name) ?? 0));
  }

  async #run(): Promise<void> {
    try {
      for (;;) await this.#transact(this.#sent++);
    } catch {
      // The server is dead, as intended.
    }
  }

  async #transact(index: number): Promise<void> {
    const durable = index % 7 === 0 ? [{ op: "commit", durable: true }] : [];
    if (index % 3 === 0) {
      const where = [["name", "==", this.#name]];
      await this.#send({ op: "mutate", table: "Counter", where, mutations: [["n", "+=", 1]] }, ...durable);
      this.#counter++;
    } else {
      const name = `${this.#name}.${index}`;
      await this.#send(
        { op: "insert", table: "Row", row: { name, owner: this.#name, text: "x".repeat(index % 500) } },
        ...durable,
      );
      this.#rows.push(name);
    }
    this.acknowledged++;
  }

  async #send(...operations: JsonValue[]): Promise<void> {
    const results = (await this.#client.request("transact", ["Test", ...operations])) as JsonValue[];
    const failed = results.find((result) => isObject(result) && "error" in result);
    if (failed) throw new Error(`refused: ${JSON.stringify(failed)}`);
  }
}
