/** A power cut at a chosen moment: from then on neither storage nor database takes anything. */

import type { Client } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { PersistentStorage, PersistentStore, StoreOptions } from "@opensync-ts/target/storage";

export class Power {
  /** Writes of PM so far, to storage or database. */
  writes = 0;
  readonly #cutBefore: number;

  /** Power goes before the write of this number, counted from 0. */
  constructor(cutBefore = Number.POSITIVE_INFINITY) {
    this.#cutBefore = cutBefore;
  }

  get isCut(): boolean {
    return this.writes >= this.#cutBefore;
  }

  use(): void {
    if (this.isCut) throw new Error("the power is cut");
    this.writes++;
  }

  storage(storage: PersistentStorage): PersistentStorage {
    return {
      open: (name, options) => this.#store(storage.open(name, options)),
      erase: (name: string, options?: StoreOptions) => {
        this.use();
        storage.erase(name, options);
      },
      eraseAll: (options) => {
        this.use();
        storage.eraseAll(options);
      },
      stores: () => storage.stores(),
    };
  }

  client(client: Client<OpenSync>): Client<OpenSync> {
    return {
      transact: async (build, options) => {
        this.use();
        return client.transact(build, options);
      },
      replicate: (tables) => client.replicate(tables),
      closed: client.closed,
      close: () => client.close(),
    };
  }

  #store(store: PersistentStore): PersistentStore {
    const guarded =
      <A extends readonly unknown[]>(write: (...args: A) => void) =>
      (...args: A) => {
        this.use();
        write(...args);
      };
    return {
      damage: store.damage,
      get: (key) => store.get(key),
      keys: () => store.keys(),
      set: guarded((key: string, value: string) => store.set(key, value)),
      delete: guarded((key: string) => store.delete(key)),
      write: guarded((changes: ReadonlyMap<string, string | null>) => store.write(changes)),
      erase: guarded(() => store.erase()),
    };
  }
}
