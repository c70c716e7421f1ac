/**
 * The embedded engine in a thread of its own, for it computes where it stands, for seconds when it starts: sessions of nodes must not
 * wait for that. To Kysely it looks like PGlite. When the thread ends by itself, questions on their way fail, and the next one starts
 * another, which recovers the files as PostgreSQL does after a crash.
 */

import { Worker } from "node:worker_threads";
import { StoreUnavailable } from "./errors.ts";

export type Question =
  | { readonly id: number; readonly kind: "query"; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly kind: "close" };

export type Answer =
  | { readonly id: number; readonly rows: readonly object[]; readonly affectedRows: number | undefined }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string | undefined } };

/** What Kysely looks at. */
export interface Results<T> {
  readonly rows: T[];
  readonly fields: { readonly dataTypeID: number; readonly name: string }[];
  readonly affectedRows?: number;
}

interface Pending {
  resolve(answer: Results<never>): void;
  reject(error: unknown): void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const script = import.meta.url.endsWith(".ts") ? "./pglite-worker.ts" : "./pglite-worker.js";

export class PgliteThread {
  readonly ready = true;
  readonly waitReady = Promise.resolve();
  closed = false;
  readonly #directory: string;
  readonly #template: string | undefined;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #count = 0;

  /** `template`: what the files are a copy of when there are none yet. */
  constructor(directory: string, template?: string) {
    this.#directory = directory;
    this.#template = template;
  }

  query<T>(sql: string, parameters: readonly unknown[] = []): Promise<Results<T>> {
    return this.#ask({ kind: "query", sql, parameters });
  }

  /** Kysely lets one at a time in here. */
  async transaction<T>(callback: (transaction: TransactionOfThread) => Promise<T>): Promise<T> {
    await this.query("begin");
    const worker = this.#worker;
    const query = <R>(sql: string, parameters: readonly unknown[] = []): Promise<Results<R>> => {
      // What began it is gone, and so is what it did.
      if (this.#worker !== worker) return Promise.reject(new StoreUnavailable("the embedded store has started anew"));
      return this.query<R>(sql, parameters);
    };
    try {
      const result = await callback({ query, rollback: async () => void (await query("rollback")) });
      await query("commit");
      return result;
    } catch (error) {
      if (this.#worker === worker) await this.query("rollback");
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    const worker = this.#worker;
    try {
      if (worker) await this.#ask({ kind: "close" });
    } finally {
      this.closed = true;
      await worker?.terminate();
    }
  }

  /** For tests: as if the thread had run out of memory. */
  async crash(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask<T>(question: DistributiveOmit<Question, "id">): Promise<Results<T>> {
    if (this.closed) return Promise.reject(new StoreUnavailable("the store is closed"));
    this.#worker ??= this.#start();
    const id = ++this.#count;
    const { promise, resolve, reject } = Promise.withResolvers<Results<T>>();
    this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject });
    this.#worker.postMessage({ ...question, id });
    return promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL(script, import.meta.url), {
      workerData: { directory: this.#directory, template: this.#template },
    });
    worker.on("message", (answer: Answer) => {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if ("error" in answer) {
        const { message, code } = answer.error;
        pending?.reject(Object.assign(new Error(message), code !== undefined && { code }));
      } else {
        const { rows, affectedRows } = answer;
        pending?.resolve({ rows: rows as never[], fields: [], ...(affectedRows !== undefined && { affectedRows }) });
      }
    });
    const end = (reason: string) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const pending = [...this.#pending.values()];
      this.#pending.clear();
      for (const { reject } of pending) reject(new StoreUnavailable(`the embedded store ended: ${reason}`));
    };
    worker.on("error", (error) => end(error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => end(`exit code ${code}`));
    return worker;
  }
}

interface TransactionOfThread {
  query<T>(sql: string, parameters?: readonly unknown[]): Promise<Results<T>>;
  rollback(): Promise<void>;
}
