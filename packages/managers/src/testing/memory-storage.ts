/** Persistent storage for tests, in memory. */

import type { PersistentStorage, PersistentStore } from "@opensync-ts/target/storage";

export class MemoryStorage implements PersistentStorage {
  /** What every write throws from now on. */
  refuse: Error | undefined;
  readonly #stores = new Map<string, Map<string, string>>();

  open(name: string): PersistentStore {
    const store = this.#stores.get(name) ?? new Map<string, string>();
    this.#stores.set(name, store);
    const write = (change: () => void) => {
      if (this.refuse) throw this.refuse;
      change();
    };
    return {
      get: (key) => store.get(key),
      set: (key, value) => write(() => store.set(key, value)),
      delete: (key) => write(() => store.delete(key)),
      keys: () => [...store.keys()],
    };
  }
}
