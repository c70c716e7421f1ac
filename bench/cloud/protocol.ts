/** How the bench talks to its child processes: one message asks, one answers. */

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

type Commands = Record<string, (parameters: never) => Promise<unknown>>;

export type NodesCommands = {
  boot(parameters: { ids: readonly string[] }): Promise<number>;
  /** Those from the `from`th on, before the `to`th. `groups`: what they agree on keys with, as OpenSSL names it. */
  dial(parameters: DialParameters): Promise<number>;
  cut(parameters: object): Promise<number>;
  connected(parameters: object): Promise<number>;
  /** From now on some nodes publish so many reports a second together; 0: no more. */
  publish(parameters: { port: number; tlsDirectory: string; perSecond: number }): Promise<number>;
};

export interface DialParameters {
  readonly remote: string;
  readonly tlsDirectory: string;
  readonly from: number;
  readonly to: number;
  readonly groups: string;
}

export interface CloudState {
  readonly settled: number;
  readonly connected: number;
  readonly writes: number;
  /** Of the process, bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  /** Published since the start. */
  readonly reports: number;
  /** The longest turn of the event loop since the last question, ms. */
  readonly longestTurn: number;
  /** User and system, ms since the start. */
  readonly processorTime: number;
}

export type CloudCommands = {
  start(parameters: { directory: string; nodes: readonly string[] }): Promise<{ controller: string; mqtt: number }>;
  /** `collect`: after a collection of garbage that gives memory back to the system. */
  state(parameters: { collect?: boolean }): Promise<CloudState>;
  /** Another SSID for one node's location; resolves with ms until written, and until proven. */
  push(parameters: { node: string; ssid: string }): Promise<{ written: number; proven: number }>;
  snapshot(parameters: { file: string }): Promise<string>;
};

interface Question {
  readonly id: number;
  readonly command: string;
  readonly parameters: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** In the child: answers the parent, one at a time. */
export function serve<C extends Commands>(commands: C): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", ({ id, command, parameters }: Question) => {
    const run = commands[command] as ((parameters: unknown) => Promise<unknown>) | undefined;
    const done = run ? run(parameters) : Promise.reject(new Error(`no command ${command}`));
    done.then(
      (result) => process.send?.({ id, result } satisfies Answer),
      (error: Error) => process.send?.({ id, error: error.stack ?? String(error) } satisfies Answer),
    );
  });
}

/** In the parent. */
export class Child<C extends Commands> implements Disposable {
  readonly process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 1;

  constructor(file: string, execArgv: readonly string[] = [], environment: Record<string, string> = {}) {
    this.process = fork(join(import.meta.dirname, file), {
      execArgv: [...execArgv],
      env: { ...process.env, ...environment },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.process.on("message", ({ id, result, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    });
    this.process.on("exit", (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${file} ended with ${code}`));
      this.#waiting.clear();
    });
  }

  ask<Name extends keyof C & string>(command: Name, parameters: Parameters<C[Name]>[0]): ReturnType<C[Name]> {
    const id = this.#next++;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.process.send({ id, command, parameters } satisfies Question);
    return answer.promise as ReturnType<C[Name]>;
  }

  [Symbol.dispose](): void {
    this.process.kill("SIGKILL");
  }
}
