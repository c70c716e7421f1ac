/** For tests: a small database, a server for it, and raw connections to that server. */

import { createServer } from "node:net";
import { RealClock, VirtualClock } from "@opensync-ts/base/clock";
import { Log, LogRing } from "@opensync-ts/base/log";
import { SeededRandom } from "@opensync-ts/base/random";
import { Database } from "./database.ts";
import { type JsonObject, type JsonValue, parseJson } from "./json.ts";
import { MessageCutter } from "./json-stream.ts";
import { memoryTransportPair } from "./memory-transport.ts";
import { schemaFromJson } from "./schema-json.ts";
import { OvsdbServer, type OvsdbServerOptions } from "./server.ts";
import type { Transport } from "./transport.ts";

export const testSchema: JsonObject = {
  name: "Test",
  version: "1.0.0",
  tables: {
    Radio: {
      isRoot: true,
      columns: {
        name: { type: "string" },
        channel: { type: { key: { type: "integer", minInteger: 1, maxInteger: 233 }, min: 0, max: 1 } },
        tags: { type: { key: "string", min: 0, max: "unlimited" } },
        options: { type: { key: "string", value: "string", min: 0, max: "unlimited" } },
        counter: { type: "integer" },
      },
      indexes: [["name"]],
    },
    Root: {
      isRoot: true,
      maxRows: 1,
      columns: {
        managers: { type: { key: { type: "uuid", refTable: "Manager" }, min: 0, max: "unlimited" } },
        private_key: { type: "string" },
        certificate: { type: "string" },
        ca_cert: { type: "string" },
      },
    },
    Manager: {
      columns: {
        target: { type: "string" },
        max_backoff: { type: { key: { type: "integer", minInteger: 1000 }, min: 0, max: 1 } },
        inactivity_probe: { type: { key: "integer", min: 0, max: 1 } },
        is_connected: { type: "boolean", ephemeral: true },
        status: { type: { key: "string", value: "string", min: 0, max: "unlimited" }, ephemeral: true },
      },
    },
  },
};

export interface TestServer {
  readonly clock: VirtualClock;
  readonly database: Database;
  readonly server: OvsdbServer;
  readonly log: LogRing;
  connect(): TestConnection;
}

export function testServer(options: Partial<OvsdbServerOptions> & { durable?: () => Promise<void> } = {}): TestServer {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const database = new Database(schemaFromJson(testSchema), { random });
  const log = new LogRing(1000);
  const server = new OvsdbServer({
    databases: [{ engine: database, durable: options.durable }],
    clock,
    random,
    log: Log.create({ name: "TEST", sink: log.sink, wallTime: () => clock.wallTime() }),
    ...options,
  });
  return {
    clock,
    database,
    server,
    log,
    connect() {
      const [near, far] = memoryTransportPair("test", "client");
      server.accept(near);
      return new TestConnection(far);
    },
  };
}

/** A client that does nothing by itself: what it receives is kept until asked for. */
export class TestConnection {
  readonly transport: Transport;
  readonly received: JsonObject[] = [];
  closed = false;
  readonly #cutter = new MessageCutter();
  #nextId = 1;

  constructor(transport: Transport) {
    this.transport = transport;
    transport.start({
      data: (chunk) => {
        this.#cutter.push(chunk);
        for (let text = this.#cutter.next(); text !== undefined; text = this.#cutter.next()) {
          this.received.push(parseJson(text) as JsonObject);
        }
      },
      ended: () => {
        this.closed = true;
      },
      drained() {},
      closed() {},
    });
  }

  write(text: string): void {
    this.transport.write(text);
  }

  /** Sends one request and returns the result; throws its error. */
  async ask(method: string, params: readonly unknown[]): Promise<JsonValue> {
    const reply = await this.exchange(method, params);
    if (reply.error !== null) throw new Error(JSON.stringify(reply.error));
    return reply.result as JsonValue;
  }

  /** Sends one request and returns the whole reply. */
  async exchange(method: string, params: readonly unknown[], id: unknown = this.#nextId++): Promise<JsonObject> {
    this.write(JSON.stringify({ method, params, id }));
    const text = JSON.stringify(id);
    for (let turn = 0; turn < 100; turn++) {
      await nextTurn();
      const index = this.received.findIndex((message) => !("method" in message) && JSON.stringify(message.id) === text);
      if (index >= 0) return this.received.splice(index, 1)[0] as JsonObject;
    }
    throw new Error(`no reply to ${method}`);
  }

  transact(...operations: readonly unknown[]): Promise<JsonValue> {
    return this.ask("transact", ["Test", ...operations]);
  }

  /** The notifications received since the last call, as `[method, ...params]`. */
  async notifications(): Promise<JsonValue[]> {
    await nextTurn();
    return this.received
      .splice(0)
      .filter((message) => "method" in message)
      .map((message) => [message.method as string, ...(message.params as JsonValue[])]);
  }
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for real sockets; virtual clocks stand still meanwhile. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const clock = new RealClock();
  for (let tries = 0; tries < 1000; tries++) {
    if (condition()) return;
    await clock.sleep(5);
  }
  throw new Error(`${what} did not happen`);
}

/** A TCP port of the loopback address on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
