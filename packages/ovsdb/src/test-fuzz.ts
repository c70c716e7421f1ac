/**
 * For tests: clients that send nonsense, and a witness that must not notice. Each round has its own seed and is one client: random bytes,
 * damaged messages, or valid JSON of random structure with the words of the protocol in it.
 */

import type { Clock } from "@opensync-ts/base/clock";
import { type Random, SeededRandom } from "@opensync-ts/base/random";
import { isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from "./json.ts";
import { MessageCutter } from "./json-stream.ts";
import type { DatabaseSchema } from "./schema.ts";
import type { Transport } from "./transport.ts";

export interface FuzzTarget {
  readonly schema: DatabaseSchema;
  readonly clock: Clock;
  connect(): Promise<Transport>;
}

export interface FuzzReport {
  readonly rounds: number;
  readonly messages: number;
  readonly replies: number;
  /** Connections that the server ended, since what came was no message. */
  readonly closed: number;
}

/** How long the witness waits for an answer: beyond it the server hangs. */
const patienceMs = 10_000;
/** Rows are removed so often, that the database does not grow. */
const roundsPerCleaning = 20;

/** Runs rounds from `seed` on until the time is over. Rejects with the round's seed when a promise of the server does not hold. */
export async function fuzz(target: FuzzTarget, seed: number, durationMs: number): Promise<FuzzReport> {
  const ends = target.clock.now() + durationMs;
  const witness = new Client(await target.connect(), target.clock);
  const total = { rounds: 0, messages: 0, replies: 0, closed: 0 };
  try {
    for (let round = seed; target.clock.now() < ends; round++) {
      const random = new SeededRandom(round);
      const client = new Client(await target.connect(), target.clock);
      const messages = new MessageMaker(random, target.schema);
      const count = 1 + random.integer(20);
      const kind = random.integer(4);
      for (let i = 0; i < count; i++) {
        const text = messages.request(i);
        client.write(kind === 0 ? randomBytes(random) : kind === 1 ? damaged(text, random) : Buffer.from(text), random);
      }
      await checked(round, witness, client, target.schema);
      total.rounds++;
      total.messages += count;
      total.replies += client.replies;
      total.closed += Number(client.closed);
      client.close();
      if (total.rounds % roundsPerCleaning === 0) await clean(witness, target.schema);
    }
  } finally {
    witness.close();
  }
  return total;
}

async function checked(round: number, witness: Client, client: Client, schema: DatabaseSchema): Promise<void> {
  try {
    const [table] = schema.tables.keys();
    await witness.ask("transact", [schema.name, { op: "select", table: table as string, where: [false] }]);
    // Whatever came before, a request on an open connection has been read by now, or is part of an unfinished message.
    await witness.ask("echo", [round]);
    const fault = client.faults[0];
    if (fault !== undefined) throw new Error(`a fault of the server: ${fault}`);
  } catch (error) {
    throw new Error(`seed ${round}: ${(error as Error).message}`, { cause: error });
  }
}

async function clean(witness: Client, schema: DatabaseSchema): Promise<void> {
  const operations = [...schema.tables.keys()].map((table) => ({ op: "delete", table, where: [] }));
  await witness.ask("transact", [schema.name, ...operations]);
}

class Client {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #cutter = new MessageCutter();
  readonly #waiting = new Map<string, (reply: JsonObject) => void>();
  /** Replies that say that the server did not know what happened. */
  readonly faults: string[] = [];
  replies = 0;
  closed = false;
  #nextId = 1;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
    transport.start({
      data: (chunk) => {
        this.#cutter.push(chunk);
        for (let text = this.#cutter.next(); text !== undefined; text = this.#cutter.next()) this.#take(text);
      },
      ended: () => {
        this.closed = true;
      },
      drained() {},
      closed: () => {
        this.closed = true;
      },
    });
  }

  ask(method: string, params: JsonValue): Promise<JsonObject> {
    const id = `witness ${this.#nextId++}`;
    this.#transport.write(stringifyJson({ id, method, params }));
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(patienceMs, () =>
        reject(new Error(`no reply to ${method}; the server hangs`)),
      );
      this.#waiting.set(id, (reply) => {
        timer.cancel();
        resolve(reply);
      });
    });
  }

  /** In one piece or several. */
  write(bytes: Buffer, random: Random): void {
    // The transport takes text; latin1 would change bytes beyond ASCII, which is as good as any other damage.
    const text = bytes.toString(random.integer(2) === 0 ? "utf8" : "latin1");
    const cut = random.integer(3) === 0 ? random.integer(text.length + 1) : 0;
    if (cut > 0) this.#transport.write(text.slice(0, cut));
    this.#transport.write(text.slice(cut));
  }

  close(): void {
    this.#transport.destroy();
  }

  #take(text: string): void {
    const message = parseJson(text);
    if (!isObject(message)) return;
    if (typeof message.method === "string") {
      if (message.method === "echo")
        this.#transport.write(stringifyJson({ id: message.id ?? null, result: [], error: null }));
      return;
    }
    this.replies++;
    if (text.includes('"internal error"')) this.faults.push(text.slice(0, 1000));
    const id = typeof message.id === "string" ? message.id : "";
    this.#waiting.get(id)?.(message);
    this.#waiting.delete(id);
  }
}

function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.integer(300) }, () => random.integer(256)));
}

/** Bytes changed, left out, doubled, or the end cut off. */
function damaged(text: string, random: Random): Buffer {
  const bytes = [...Buffer.from(text)];
  for (let i = 1 + random.integer(4); i > 0; i--) {
    const at = random.integer(bytes.length + 1);
    switch (random.integer(5)) {
      case 0:
        bytes[at] = random.integer(256);
        break;
      case 1:
        bytes.splice(at, 1 + random.integer(5));
        break;
      case 2:
        bytes.splice(at, 0, ...bytes.slice(at, at + random.integer(20)));
        break;
      case 3:
        bytes.splice(
          at,
          0,
          ...Buffer.from(pick(random, ["{", "}", "[", "]", '"', ",", ":", "\\", "\u0000", "null", "1e999"])),
        );
        break;
      default:
        if (random.integer(4) === 0) bytes.length = Math.min(bytes.length, at);
    }
  }
  return Buffer.from(bytes);
}

const methods: readonly string[] = [
  ...[
    "transact",
    "transact",
    "transact",
    "transact",
    "monitor",
    "monitor_cond",
    "monitor_cond_since",
    "monitor_cond_change",
  ],
  ...[
    "monitor_cancel",
    "lock",
    "steal",
    "unlock",
    "cancel",
    "echo",
    "list_dbs",
    "get_schema",
    "get_server_id",
    "set_db_change_aware",
  ],
  ...["convert", "nope", ""],
];
const operations = [
  "insert",
  "select",
  "update",
  "mutate",
  "delete",
  "wait",
  "commit",
  "abort",
  "comment",
  "assert",
  "nope",
];
const functions = ["<", "<=", "==", "!=", ">=", ">", "includes", "excludes", "~"];
const mutators = ["+=", "-=", "*=", "/=", "%=", "insert", "delete", "~"];
const uuids = ["00000000-0000-0000-0000-000000000000", "11111111-0000-4000-8000-000000000000", "not a uuid"];

/** Requests that look right, more or less: each part is now and then something else altogether. */
class MessageMaker {
  readonly #random: Random;
  readonly #schema: DatabaseSchema;

  constructor(random: Random, schema: DatabaseSchema) {
    this.#random = random;
    this.#schema = schema;
  }

  request(index: number): string {
    const method = this.#pick(methods);
    const message: JsonValue = {
      id: this.#maybe(() => index),
      method: this.#maybe(() => method),
      params: this.#maybe(() => this.#params(method)),
    };
    return stringifyJson(message);
  }

  #params(method: string): JsonValue {
    const database = this.#maybe(() => this.#pick([this.#schema.name, this.#schema.name, "_Server"]));
    const id = this.#maybe(() => this.#random.integer(4));
    switch (method) {
      case "transact":
        return [database, ...this.#list(6, () => this.#maybe(() => this.#operation()))];
      case "monitor":
      case "monitor_cond":
        return [database, id, this.#maybe(() => this.#requests())];
      case "monitor_cond_since":
        return [database, id, this.#maybe(() => this.#requests()), this.#maybe(() => this.#pick(uuids))];
      case "monitor_cond_change":
        return [id, this.#random.integer(4), this.#maybe(() => this.#requests())];
      case "convert":
        // Never one that succeeds: the others' words would be wrong.
        return [database, this.#maybe(() => ({ name: this.#word(), tables: this.#anything(3) }))];
      default:
        return this.#list(3, () => this.#anything(2));
    }
  }

  #operation(): JsonValue {
    const op = this.#pick(operations);
    const table = this.#pick([...this.#schema.tables.keys(), "Nope"]);
    const members: Record<string, () => JsonValue> = {
      table: () => table,
      where: () => this.#list(3, () => this.#clause(table)),
      row: () => this.#row(table),
      columns: () => this.#list(3, () => this.#column(table)),
      sort: () => this.#list(2, () => this.#column(table)),
      mutations: () => this.#list(3, () => [this.#column(table), this.#pick(mutators), this.#value()]),
      rows: () => this.#list(2, () => this.#row(table)),
      until: () => this.#pick(["==", "!=", "~"]),
      timeout: () => this.#pick([0, 0, 1, 5, -1]),
      durable: () => this.#random.integer(2) === 0,
      comment: () => this.#word(),
      lock: () => this.#pick(["a", "b"]),
      uuid: () => this.#pick(uuids),
      "uuid-name": () => this.#pick(["x", "y", "0"]),
    };
    const usual: { readonly [op: string]: readonly string[] } = {
      insert: ["table", "row"],
      select: ["table", "where"],
      update: ["table", "where", "row"],
      mutate: ["table", "where", "mutations"],
      delete: ["table", "where"],
      wait: ["table", "where", "columns", "until", "rows", "timeout"],
      commit: ["durable"],
      comment: ["comment"],
      assert: ["lock"],
    };
    const names = Object.keys(members);
    const chosen = [
      ...(usual[op] ?? []),
      ...this.#list(this.#random.integer(4) === 0 ? 2 : 0, () => this.#pick(names)),
    ];
    return Object.fromEntries([
      ["op", op],
      ...chosen.map((name) => [name as string, this.#maybe(members[name as string] as () => JsonValue)]),
    ]);
  }

  #requests(): JsonValue {
    const table = () => this.#pick([...this.#schema.tables.keys(), "Nope"]);
    const request = (name: string) => ({
      ...(this.#random.integer(2) === 0 ? { columns: this.#maybe(() => this.#list(3, () => this.#column(name))) } : {}),
      ...(this.#random.integer(3) === 0
        ? { select: this.#maybe(() => ({ initial: false, [this.#word()]: true })) }
        : {}),
      ...(this.#random.integer(3) === 0 ? { where: this.#maybe(() => this.#list(2, () => this.#clause(name))) } : {}),
    });
    return Object.fromEntries(
      this.#list(3, table).map((name) => [
        name as string,
        this.#maybe(() => this.#list(2, () => request(name as string))),
      ]),
    );
  }

  #clause(table: string): JsonValue {
    return this.#maybe(() => this.#pick([true, false, [this.#column(table), this.#pick(functions), this.#value()]]));
  }

  #row(table: string): JsonValue {
    return Object.fromEntries(
      this.#list(4, () => this.#column(table)).map((name) => [String(name), this.#maybe(() => this.#value())]),
    );
  }

  #column(table: string): JsonValue {
    return this.#pick([...(this.#schema.tables.get(table)?.columns.keys() ?? []), "_uuid", "_version", "nope"]);
  }

  #value(): JsonValue {
    const atom = (): JsonValue =>
      this.#pick<() => JsonValue>([
        () => this.#random.integer(300),
        () => -this.#random.integer(5) / 2,
        () => 2n ** 63n - 1n,
        () => this.#word(),
        () => this.#random.integer(2) === 0,
        () => ["uuid", this.#pick(uuids)],
        () => ["named-uuid", this.#pick(["x", "y", "z"])],
      ])();
    return this.#pick<() => JsonValue>([
      atom,
      atom,
      () => ["set", this.#list(4, atom)],
      () => ["map", this.#list(3, () => [atom(), atom()])],
    ])();
  }

  /** Mostly what `usual` says. */
  #maybe(usual: () => JsonValue): JsonValue {
    return this.#random.integer(25) === 0 ? this.#anything(4) : usual();
  }

  #anything(depth: number): JsonValue {
    switch (this.#random.integer(depth > 0 ? 9 : 6)) {
      case 0:
        return null;
      case 1:
        return this.#random.integer(2) === 0;
      case 2:
        return this.#pick([0, -1, 1.5, 1e300, 2 ** 53, this.#random.integer(1000)]);
      case 3:
        return 2n ** 63n;
      case 4:
      case 5:
        return this.#word();
      case 6:
        return this.#value();
      case 7:
        return this.#list(4, () => this.#anything(depth - 1));
      default:
        return Object.fromEntries(
          this.#list(4, () => this.#word()).map((name) => [String(name), this.#anything(depth - 1)]),
        );
    }
  }

  #word(): string {
    const words = [
      "",
      "a",
      "é€😀",
      "__proto__",
      "constructor",
      "toString",
      "length",
      "hasOwnProperty",
      "op",
      "table",
      "\ud800",
      "x".repeat(2000),
    ];
    return this.#pick([...words, this.#schema.name, ...this.#schema.tables.keys()]);
  }

  #list(max: number, member: () => JsonValue): JsonValue[] {
    return Array.from({ length: this.#random.integer(max + 1) }, member);
  }

  #pick<T>(choices: readonly T[]): T {
    return pick(this.#random, choices);
  }
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integer(choices.length)] as T;
}
