/** Persistent storage for tests, in memory. */

import type { PersistentStorage, PersistentStore } from "@opensync-ts/target/storage";

export class MemoryStorage implements PersistentStorage {
  readonly #stores = new Map<string, Map<string, string>>();

  open(name: string): PersistentStore {
    const store = this.#stores.get(name) ?? new Map<string, string>();
    this.#stores.set(name, store);
    return {
      get: (key) => store.get(key),
      set: (key, value) => void store.set(key, value),
      delete: (key) => void store.delete(key),
      keys: () => [...store.keys()],
    };
  }
}
