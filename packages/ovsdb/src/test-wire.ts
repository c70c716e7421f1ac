/** For tests: a client on a socket that shows every message as it came, and Open vSwitch's server beside ours. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { RealClock } from "@opensync-ts/base/clock";
import { type JsonObject, type JsonValue, parseJson, stringifyJson } from "./json.ts";
import { MessageCutter } from "./json-stream.ts";

const clock = new RealClock();
/** How long a test waits for a message before it fails (ms). */
const patienceMs = 10_000;

export class WireClient {
  readonly socket: Socket;
  /** Messages that nobody has asked for yet, in order of arrival. */
  readonly inbox: JsonObject[] = [];
  closed = false;
  readonly #cutter = new MessageCutter();
  readonly #changed = new Set<() => void>();
  #nextId = 1;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#cutter.push(chunk);
      for (let text = this.#cutter.next(); text !== undefined; text = this.#cutter.next()) {
        const message = parseJson(text) as JsonObject;
        if (message.method === "echo") this.send({ id: message.id as JsonValue, result: [], error: null });
        else this.inbox.push(message);
      }
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async connect(path: string): Promise<WireClient> {
    const socket = connect({ path });
    await once(socket, "connect");
    return new WireClient(socket);
  }

  /** On a connection that exists already, such as one with TLS. */
  static on(socket: Socket): WireClient {
    return new WireClient(socket);
  }

  send(message: JsonValue | string): void {
    this.socket.write(typeof message === "string" ? message : stringifyJson(message));
  }

  /** The whole reply to one request, without its id. The peer leaves a `result` out that is null. */
  async ask(method: string, params: JsonValue, id: JsonValue = this.#nextId++): Promise<JsonObject> {
    this.send({ id, method, params });
    return this.reply(id);
  }

  /** The reply that has come, or comes, for a request sent before. */
  async reply(id: JsonValue): Promise<JsonObject> {
    const text = stringifyJson(id);
    const { id: _, ...reply } = await this.take(
      (message) => !("method" in message && message.method !== null) && stringifyJson(message.id ?? null) === text,
      `a reply to ${text}`,
    );
    return { result: null, error: null, ...reply };
  }

  /** The notifications that came so far; a round trip makes sure that those on their way are among them. */
  async notifications(): Promise<JsonValue[]> {
    await this.ask("echo", []);
    const came = this.inbox.filter((message) => typeof message.method === "string");
    for (const message of came) this.inbox.splice(this.inbox.indexOf(message), 1);
    return came.map(({ method, params }) => [method as string, params ?? null]);
  }

  /** Waits for a message and takes it out of the inbox. Rejects when it does not come, or the connection ends first. */
  async take(wanted: (message: JsonObject) => boolean, what: string): Promise<JsonObject> {
    const deadline = clock.now() + patienceMs;
    for (;;) {
      const index = this.inbox.findIndex(wanted);
      if (index >= 0) return this.inbox.splice(index, 1)[0] as JsonObject;
      if (this.closed) throw new Error(`the connection ended before ${what}`);
      await this.#change(deadline, what);
    }
  }

  async untilClosed(): Promise<void> {
    const deadline = clock.now() + patienceMs;
    while (!this.closed) await this.#change(deadline, "the end of the connection");
  }

  close(): void {
    this.socket.destroy();
  }

  #change(deadline: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = clock.setTimer(Math.max(0, deadline - clock.now()), () => {
        this.#changed.delete(wake);
        reject(new Error(`${what} did not come; waiting: ${stringifyJson(this.inbox)}`));
      });
      const wake = () => {
        timer.cancel();
        this.#changed.delete(wake);
        resolve();
      };
      this.#changed.add(wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#changed]) wake();
  }
}

export interface PeerServer {
  stop(): Promise<void>;
}

/** Open vSwitch's server on database files, listening on `punix:SOCKET`; more of its options follow. */
export async function startOvsdbServer(
  socket: string,
  files: readonly string[],
  ...options: readonly string[]
): Promise<PeerServer> {
  const child = spawn(
    "ovsdb-server",
    [`--remote=punix:${socket}`, "--no-chdir", "--unixctl=none", ...options, ...files],
    { stdio: "ignore" },
  );
  const exited = once(child, "exit");
  const deadline = clock.now() + patienceMs;
  while (!existsSync(socket)) {
    if (child.exitCode !== null || clock.now() > deadline) throw new Error("ovsdb-server did not start");
    await clock.sleep(5);
  }
  return {
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Creates a database file for Open vSwitch's server. */
export function ovsdbToolCreate(path: string, schemaPath: string): void {
  const { status, stderr } = spawnSync("ovsdb-tool", ["create", path, schemaPath]);
  if (status !== 0) throw new Error(`ovsdb-tool create: ${stderr}`);
}
