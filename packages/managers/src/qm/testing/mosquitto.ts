/** Debian's Mosquitto as the broker of a test, on loopback, and `mosquitto_sub` as who listens to it. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { TlsFiles } from "@opensync-ts/ovsdb/tls-files";

/** Debian has daemons where not every user looks. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin` };

export const withoutMosquitto =
  spawnSync("mosquitto", ["-h"], { env }).error || spawnSync("mosquitto_sub", ["--help"], { env }).error
    ? "mosquitto and mosquitto_sub are not installed (Debian: mosquitto, mosquitto-clients)"
    : false;

export interface MosquittoOptions {
  readonly directory: string;
  /** With TLS; who connects must have a certificate of the same CA. */
  readonly tls?: TlsFiles;
  /** TCP port; by default a free one. */
  readonly port?: number;
}

export class Mosquitto implements AsyncDisposable {
  readonly port: number;
  readonly #options: MosquittoOptions;
  readonly #children = new Set<ChildProcess>();
  #broker: Process | undefined;
  /** All that the broker has said, restarts included. */
  log = "";

  private constructor(options: MosquittoOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  static async start(options: MosquittoOptions): Promise<Mosquitto> {
    const mosquitto = new Mosquitto(options, options.port ?? (await freePort()));
    mosquitto.#writeConfiguration();
    await mosquitto.run();
    return mosquitto;
  }

  /** Starts the broker; its sessions are those of before. */
  async run(): Promise<void> {
    const broker = this.#spawn("mosquitto", ["-c", this.#file("mosquitto.conf")], (text) => {
      this.log += text;
    });
    this.#broker = broker;
    await broker.until(/mosquitto version .* running/);
  }

  /** `SIGSTOP` makes it stall, `SIGKILL` lets it lose what it has not written. */
  async signal(signal: "SIGSTOP" | "SIGKILL"): Promise<void> {
    this.#broker?.child.kill(signal);
    if (signal === "SIGKILL") await this.#broker?.exited;
  }

  /** Resolves once the broker has said so. */
  async says(pattern: RegExp): Promise<void> {
    await this.#broker?.until(pattern);
  }

  /** Listens from now on, over restarts of the broker as well: lines of `TOPIC QOS PAYLOAD`, the payload in hexadecimal. */
  async subscribe(topic: string, id = "listener"): Promise<Subscription> {
    const { tls } = this.#options;
    const secure = tls ? ["--cafile", tls.caCert, "--cert", tls.certificate, "--key", tls.privateKey] : [];
    const address = ["-h", "127.0.0.1", "-p", `${this.port}`, ...secure];
    const session = ["-c", "-i", id, "-q", "2", "-t", topic, "-F", "%t %q %x"];
    const subscriber = this.#spawn("mosquitto_sub", [...address, ...session], () => {});
    await this.says(new RegExp(`Sending SUBACK to ${id}`));
    return new Subscription(subscriber);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exits = [...this.#children].map((child) => new Promise((resolve) => child.once("close", resolve)));
    for (const child of this.#children) child.kill("SIGKILL");
    await Promise.all(exits);
  }

  #spawn(command: string, args: readonly string[], onText: (text: string) => void): Process {
    const started = new Process(spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] }), onText);
    this.#children.add(started.child);
    started.child.once("close", () => this.#children.delete(started.child));
    return started;
  }

  #writeConfiguration(): void {
    const { tls } = this.#options;
    const data = this.#file("data/");
    mkdirSync(data, { recursive: true });
    const secure = tls
      ? [`cafile ${tls.caCert}`, `certfile ${tls.certificate}`, `keyfile ${tls.privateKey}`, "require_certificate true"]
      : [];
    const lines = [
      // As root it would else become a user who may not read the directory of the test.
      "user root",
      `listener ${this.port} 127.0.0.1`,
      ...secure,
      "allow_anonymous true",
      "persistence true",
      `persistence_location ${data}`,
      "autosave_on_changes true",
      "autosave_interval 1",
      "queue_qos0_messages true",
      "max_queued_messages 0",
      "log_dest stderr",
      "log_type all",
    ];
    writeFileSync(this.#file("mosquitto.conf"), `${lines.join("\n")}\n`);
  }

  #file(name: string): string {
    return join(this.#options.directory, name);
  }
}

export interface Caught {
  readonly topic: string;
  readonly qos: number;
  readonly payload: Buffer;
}

export class Subscription {
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  get messages(): readonly Caught[] {
    const lines = this.#process.output.split("\n").slice(0, -1);
    return lines.map((line) => {
      const [topic = "", qos, hex = ""] = line.split(" ");
      return { topic, qos: Number(qos), payload: Buffer.from(hex, "hex") };
    });
  }

  /** All messages, once `enough` says so. */
  async until(enough: (messages: readonly Caught[]) => boolean): Promise<readonly Caught[]> {
    await this.#process.wait(() => enough(this.messages), "the messages");
    return this.messages;
  }

  async atLeast(count: number): Promise<readonly Caught[]> {
    return this.until((messages) => messages.length >= count);
  }
}

class Process {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  output = "";
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcess, onText: (text: string) => void) {
    this.child = child;
    const take = (text: string) => {
      this.output += text;
      onText(text);
      for (const look of this.#waiting) look();
    };
    child.stdout?.setEncoding("utf8").on("data", take);
    child.stderr?.setEncoding("utf8").on("data", take);
    this.exited = new Promise((resolve) => child.once("close", () => resolve()));
  }

  until(pattern: RegExp): Promise<void> {
    return this.wait(() => pattern.test(this.output), `${pattern}`);
  }

  /** Rejects, with the output, after 20 s. */
  wait(condition: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(20_000);
      const look = () => {
        if (!condition()) return;
        this.#waiting.delete(look);
        signal.onabort = null;
        resolve();
      };
      signal.onabort = () => {
        this.#waiting.delete(look);
        reject(new Error(`${this.child.spawnfile}: no ${what} within 20 s:\n${this.output.slice(-4_000)}`));
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A port of loopback that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
