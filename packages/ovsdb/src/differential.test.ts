/** The same random transactions on this engine and on Open vSwitch's: results, contents and files must agree. */

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { VirtualClock } from "@opensync-ts/base/clock";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import { readDatabase } from "./database-reader.ts";
import {
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  stringifyJson,
  stringifySorted,
} from "./json.ts";
import { MessageCutter } from "./json-stream.ts";
import { rowToJson } from "./result-json.ts";
import { schemaFromJson } from "./schema.ts";
import { DatabaseFile } from "./storage.ts";
import { Dice, RandomTransactions, randomSchema } from "./test-random.ts";
import { schemaJson, temporaryDirectory, transact, without } from "./test-support.ts";

const reference = (refTable: string, more: JsonObject = {}) => ({ type: "uuid", refTable, ...more });
const many = { min: 0, max: "unlimited" };

// Weak references are optional columns here: of a set, the peer (3.1) leaves some dangling when several of their rows go in one
// transaction.
const schema = schemaJson({
  Root: {
    columns: {
      name: { type: "string" },
      i: { type: { key: { type: "integer", minInteger: -100, maxInteger: 1000 } } },
      r: { type: "real" },
      opt: { type: { key: "integer", min: 0 } },
      set: { type: { key: "integer", min: 0, max: 6 } },
      some: { type: { key: { type: "string", enum: ["set", ["", "a", "b", "c"]] }, max: 2 } },
      map: { type: { key: "string", value: "integer", ...many } },
      kids: { type: { key: reference("Kid"), ...many } },
      kid: { type: { key: reference("Kid"), min: 0 } },
      friend: { type: { key: reference("Root", { refType: "weak" }), min: 0 } },
      eph: { type: "integer", ephemeral: true },
    },
    isRoot: true,
    maxRows: 40,
  },
  Kid: {
    columns: {
      name: { type: "string" },
      next: { type: { key: reference("Kid"), min: 0 } },
      byName: { type: { key: "string", value: reference("Kid"), min: 0, max: 3 } },
      lover: { type: { key: reference("Root", { refType: "weak" }), min: 0 } },
    },
  },
  Pair: {
    columns: { a: { type: "integer" }, b: { type: { key: "string", min: 0, max: 2 } }, c: { type: "integer" } },
    isRoot: true,
    indexes: [["a"], ["b", "c"]],
  },
  Needy: {
    columns: { n: { type: "integer" }, root: { type: { key: reference("Root", { refType: "weak" }), max: 2 } } },
    isRoot: true,
  },
});

/** Writes random transactions: mostly sensible, sometimes refused. */
class Generator {
  readonly #random: SeededRandom;
  readonly #uuids: Record<string, string[]> = { Root: [], Kid: [], Pair: [], Needy: [] };
  #names = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  transaction(): JsonValue[] {
    const operations: JsonValue[] = [];
    const count = 1 + this.#random.integer(5);
    while (operations.length < count) operations.push(...this.#operation());
    return operations;
  }

  #operation(): JsonValue[] {
    const table = this.#pick(["Root", "Root", "Kid", "Pair", "Needy"]);
    switch (this.#random.integer(8)) {
      case 0:
      case 1:
      case 2:
        return this.#insert(table);
      case 3:
        return [{ op: "update", table, where: this.#where(table), row: this.#row(table) }];
      case 4:
      case 5:
        return [{ op: "mutate", table: "Root", where: this.#where("Root"), mutations: [this.#mutation()] }];
      case 6:
        return [{ op: "delete", table, where: this.#where(table) }];
      default:
        return [
          { op: "select", table, where: this.#where(table), columns: ["_uuid", ...Object.keys(this.#row(table))] },
        ];
    }
  }

  #insert(table: string): JsonValue[] {
    const uuid = this.#random.uuid();
    this.#uuids[table]?.push(uuid);
    const insert = { op: "insert", table, uuid, row: this.#row(table) };
    if (table !== "Kid" || this.#random.integer(4) === 0) return [insert];
    // A parent for it, as clients do.
    const name = `row${this.#names++}`;
    const mutation = ["kids", "insert", ["set", [["named-uuid", name]]]];
    return [
      { ...insert, "uuid-name": name },
      { op: "mutate", table: "Root", where: this.#where("Root"), mutations: [mutation] },
    ];
  }

  #row(table: string): JsonObject {
    const columns: Record<string, () => JsonValue> = {
      Root: {
        name: () => this.#word(),
        i: () => this.#random.integer(20),
        r: () => this.#random.integer(100) / 8,
        opt: () => this.#set(1, () => this.#random.integer(5)),
        set: () => this.#set(4, () => this.#random.integer(8)),
        some: () => this.#pick(["a", "b", ["set", ["a", "c"]]]),
        map: () => this.#map(() => this.#random.integer(4)),
        kids: () => this.#set(2, () => this.#reference("Kid")),
        kid: () => this.#set(1, () => this.#reference("Kid")),
        friend: () => this.#set(1, () => this.#reference("Root")),
        eph: () => this.#random.integer(9),
      },
      Kid: {
        name: () => this.#word(),
        next: () => this.#set(1, () => this.#reference("Kid")),
        byName: () => this.#map(() => this.#reference("Kid")),
        lover: () => this.#set(1, () => this.#reference("Root")),
      },
      Pair: {
        a: () => this.#random.integer(12),
        b: () => this.#set(2, () => this.#word()),
        c: () => this.#random.integer(3),
      },
      Needy: { n: () => this.#random.integer(9), root: () => this.#reference("Root") },
    }[table] as Record<string, () => JsonValue>;
    const chosen = Object.entries(columns).filter(([name]) => name === "root" || this.#random.integer(3) === 0);
    return Object.fromEntries(chosen.map(([name, value]) => [name, value()]));
  }

  #where(table: string): JsonValue {
    const uuid: JsonValue = ["_uuid", "==", this.#reference(table)];
    const number = table === "Pair" ? "a" : table === "Needy" ? "n" : "name";
    const value = number === "name" ? this.#word() : this.#random.integer(9);
    const clauses = [[uuid], [uuid], [[number, "==", value]], [[number, "!=", value]]];
    if (table === "Root") {
      clauses.push(
        [["i", this.#pick(["<", ">=", "=="]), this.#random.integer(20)]],
        [["opt", this.#pick(["<", ">"]), this.#random.integer(5)]],
        [["set", this.#pick(["includes", "excludes"]), this.#set(2, () => this.#random.integer(8))]],
        [["map", this.#pick(["includes", "excludes"]), this.#map(() => this.#random.integer(4))]],
        [["friend", "==", this.#reference("Root")]],
      );
    }
    return this.#pick(clauses);
  }

  #mutation(): JsonValue {
    return this.#pick<() => JsonValue>([
      () => ["i", this.#pick(["+=", "-=", "/=", "%="]), this.#random.integer(6)],
      // Not by zero: the peer (3.1) dies of multiplying a negative number with it.
      () => ["i", "*=", 1 + this.#random.integer(5)],
      // Only what 15 digits hold: the peer writes no more of a real.
      () => ["r", this.#pick(["+=", "-="]), this.#random.integer(4) / 2],
      () => ["r", "/=", 0],
      () => ["set", this.#pick(["+=", "*="]), 1 + this.#random.integer(3)],
      () => ["opt", this.#pick(["insert", "delete", "+="]), this.#random.integer(5)],
      () => ["set", this.#pick(["insert", "delete"]), this.#set(3, () => this.#random.integer(8))],
      () => ["some", this.#pick(["insert", "delete"]), this.#pick(["a", "b", "c"])],
      () => ["map", "insert", this.#map(() => this.#random.integer(4))],
      () => ["map", "delete", this.#map(() => this.#random.integer(4))],
      () => ["map", "delete", this.#set(2, () => this.#word())],
      () => ["kids", "delete", this.#set(2, () => this.#reference("Kid"))],
    ])();
  }

  #reference(table: string): JsonValue {
    // Recent rows more often than old ones, which may be gone.
    const recent = (this.#uuids[table] ?? []).slice(-20);
    if (recent.length === 0 || this.#random.integer(25) === 0) return ["uuid", this.#random.uuid()];
    return ["uuid", this.#pick(recent)];
  }

  #set(max: number, member: () => JsonValue): JsonValue {
    const members = new Map(Array.from({ length: this.#random.integer(max + 1) }, member).map((m) => [String(m), m]));
    return ["set", [...members.values()]];
  }

  #map(value: () => JsonValue): JsonValue {
    const keys = new Set(Array.from({ length: this.#random.integer(3) }, () => this.#word()));
    return ["map", [...keys].map((key) => [key, value()])];
  }

  #word(): string {
    return this.#pick(["a", "b", "c", "é", "long word"]);
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#random.integer(choices.length)] as T;
  }
}

/** A client of `ovsdb-server` as simple as can be. */
class Peer {
  readonly #socket: Socket;
  readonly #cutter = new MessageCutter();
  readonly #replies: PromiseWithResolvers<readonly JsonValue[]>[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#cutter.push(chunk);
      for (let text = this.#cutter.next(); text !== undefined; text = this.#cutter.next()) {
        const message = parseJson(text) as JsonObject;
        if (message.method === "echo")
          socket.write(stringifyJson({ id: message.id as JsonValue, result: [], error: null }));
        else this.#replies.shift()?.resolve(message.result as JsonValue[]);
      }
    });
    socket.on("close", () => {
      for (const reply of this.#replies) reply.reject(new Error("ovsdb-server has closed the connection"));
    });
  }

  transact(database: string, operations: readonly JsonValue[]): Promise<readonly JsonValue[]> {
    this.#socket.write(stringifyJson({ id: 0, method: "transact", params: [database, ...operations] }));
    const reply = Promise.withResolvers<readonly JsonValue[]>();
    this.#replies.push(reply);
    return reply.promise;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** The server needs a moment until it listens. */
async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function startPeer(
  t: TestContext,
  ...files: readonly string[]
): Promise<{ peer: Peer; stop: () => Promise<void> }> {
  const socket = join(files[0] ?? "", "..", "peer.sock");
  const server = spawn("ovsdb-server", [`--remote=punix:${socket}`, "--no-chdir", "--unixctl=none", ...files], {
    stdio: "ignore",
  });
  const exited = once(server, "exit");
  t.after(() => server.kill("SIGKILL"));
  const peer = new Peer(await connected(socket));
  const stop = async () => {
    peer.close();
    server.kill("SIGTERM");
    await exited;
  };
  return { peer, stop };
}

/** Results without what may rightly differ: the order of rows, and which of several faults is told in which words. */
function comparable(results: readonly JsonValue[]): string[] {
  return results.map((result) => {
    if (!isObject(result)) return stringifyJson(result);
    if (isArray(result.rows)) return result.rows.map(stringifySorted).sort().join("\n");
    if (typeof result.error !== "string") return stringifySorted(result);
    return `${result.error}: ${withoutChance(String(result.details))}`;
  });
}

/** Where several tables, rows or columns are at fault, chance decides which of them an error tells. */
function withoutChance(details: string): string {
  if (/references nonexistent row|cannot delete/.test(details)) return "reference";
  if (/weak reference/i.test(details)) return "weak reference";
  if (/is not in the valid|is not one of|allowed (value|length)|^Attempted to store|contains duplicates/.test(details))
    return "value";
  if (/immutable column/.test(details)) return "immutable";
  if (/identical values/.test(details)) return "index";
  if (/greater than the schema-defined limit/.test(details)) return "rows";
  // Ours says where a value of the wrong type stands.
  return details.replace(/ \(table \w+, column \w+\)$/, "");
}

/** Every row but its version, in a form that compares. */
function dump(database: Database, ephemeral: boolean): string {
  const lines: string[] = [];
  for (const table of database.schema.tables.values()) {
    const columns = [...table.columns.values()]
      .filter((column) => ephemeral || !column.ephemeral)
      .map(({ name }) => name);
    for (const row of database.rows(table.name).values()) {
      lines.push(`${table.name} ${stringifySorted(rowToJson(table, row, ["_uuid", ...columns]))}`);
    }
  }
  return lines.sort().join("\n");
}

async function dumpOf(peer: Peer, database: Database, ephemeral = true): Promise<string> {
  const lines: string[] = [];
  for (const table of database.schema.tables.values()) {
    const kept = [...table.columns.values()].filter((column) => ephemeral || !column.ephemeral);
    const columns = ["_uuid", ...kept.map(({ name }) => name)];
    const [result] = await peer.transact(database.name, [{ op: "select", table: table.name, where: [], columns }]);
    for (const row of (result as { rows: JsonObject[] }).rows) lines.push(`${table.name} ${stringifySorted(row)}`);
  }
  return lines.sort().join("\n");
}

/** What `ovsdb-client dump` says of the columns that are kept in files. */
function clientDump(directory: string, { name, schema: { tables } }: Database): string {
  const dumps = [...tables.values()].map((table) => {
    const columns = [...table.columns.values()].filter(({ ephemeral }) => !ephemeral).map((column) => column.name);
    const args = ["dump", "-f", "csv", `unix:${join(directory, "peer.sock")}`, name, table.name, "_uuid", ...columns];
    return execFileSync("ovsdb-client", args, { encoding: "utf8" });
  });
  return dumps.map((text) => text.split("\n").sort().join("\n")).join("\n\n");
}

const skip = without("ovsdb-server") || without("ovsdb-tool");
/** In all: half of them on one schema, half on many. */
const transactions = Number(process.env.OVSDB_DIFFERENTIAL_TRANSACTIONS ?? 20_000);
const seed = Number(process.env.OVSDB_DIFFERENTIAL_SEED ?? 7);
const transactionsPerSchema = 250;
/** Transactions on their way to the peer at a time. */
const batch = 100;

/** The same transactions on both, which must have the same results; gives how many were committed. */
async function compare(
  peer: Peer,
  database: Database,
  count: number,
  next: () => JsonValue[],
  ephemeral: boolean,
): Promise<number> {
  let committed = 0;
  for (let done = 0; done < count; done += batch) {
    const some = Array.from({ length: Math.min(batch, count - done) }, next);
    const replies = some.map((operations) => peer.transact(database.name, operations));
    for (const reply of replies) reply.catch(() => {});
    for (const [i, operations] of some.entries()) {
      const expected = (await replies[i]) as readonly JsonValue[];
      const actual = transact(database, operations);
      assert.deepEqual(
        comparable(actual),
        comparable(expected),
        `${database.name}, seed ${seed}, ${done + i}: ${stringifyJson(operations)}`,
      );
      if (expected.length === operations.length && !expected.includes(null)) committed++;
    }
    assert.equal(
      dump(database, ephemeral),
      await dumpOf(peer, database),
      `${database.name} after ${done + some.length}`,
    );
  }
  return committed;
}

describe("against ovsdb-server", { skip }, () => {
  const onOne = Math.ceil(transactions / 2);
  const schemas = Math.ceil((transactions - onOne) / transactionsPerSchema);

  it(`${onOne} random transactions have the same results, and leave the same rows and files that either opens`, async (t) => {
    const directory = temporaryDirectory(t);
    const [ours, theirs] = [join(directory, "ours.db"), join(directory, "theirs.db")];
    DatabaseFile.create(ours, schema);
    DatabaseFile.create(theirs, schema);
    const services = { clock: new VirtualClock(), random: new SeededRandom(1) };
    const file = await DatabaseFile.open(ours, services);
    t.after(() => file.close());
    const { peer, stop } = await startPeer(t, theirs);
    const generator = new Generator(seed);
    const committed = await compare(peer, file.database, onOne, () => generator.transaction(), true);
    t.diagnostic(`${committed} of ${onOne} committed, ${file.database.rows("Root").size} root rows in the end`);
    assert.ok(committed > onOne / 4);
    const rows = dump(file.database, false);
    const theirDump = clientDump(directory, file.database);
    await stop();
    await file.close();
    // Either opens the other's file.
    assert.equal(dump(readDatabase(theirs, new SeededRandom(1)).database, false), rows);
    const crossed = await startPeer(t, ours);
    assert.equal(await dumpOf(crossed.peer, file.database, false), rows);
    assert.equal(clientDump(directory, file.database), theirDump);
    const insert = { op: "insert", table: "Pair", row: { a: 1000, c: 1 } };
    await crossed.peer.transact("Test", [insert]);
    const withInsert = await dumpOf(crossed.peer, file.database, false);
    await crossed.stop();
    const again = await DatabaseFile.open(ours, services);
    assert.equal(dump(again.database, false), withInsert);
    await again.compact();
    await again.close();
    const tool = join(directory, "tool.db");
    execFileSync("ovsdb-tool", ["compact", ours, tool]);
    assert.equal(dump(readDatabase(tool, new SeededRandom(1)).database, false), withInsert);
    execFileSync("ovsdb-tool", ["show-log", "-mm", ours], { stdio: "ignore" });
  });

  it(`${transactionsPerSchema} random transactions on each of ${schemas} random schemas have the same results`, async (t) => {
    const directory = temporaryDirectory(t);
    const random = new SeededRandom(seed);
    const jsons = Array.from({ length: schemas }, (_, i) =>
      randomSchema(new Dice(random.fork(`schema ${i}`)), `Random${i}`),
    );
    const files = jsons.map((json, i) => {
      const path = join(directory, `${i}.db`);
      DatabaseFile.create(path, json);
      return path;
    });
    const { peer, stop } = await startPeer(t, ...files);
    let committed = 0;
    for (const [i, json] of jsons.entries()) {
      const database = new Database(schemaFromJson(json), { random: new SeededRandom(1) });
      const generator = new RandomTransactions(database.schema, new Dice(random.fork(`transactions ${i}`)));
      committed += await compare(peer, database, transactionsPerSchema, () => generator.next(), true);
    }
    t.diagnostic(`${committed} of ${schemas * transactionsPerSchema} committed`);
    assert.ok(committed > (schemas * transactionsPerSchema) / 4);
    await stop();
  });
});
