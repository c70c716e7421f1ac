/** Persistent storage for tests, in memory. */

import type { PersistentStorage, PersistentStore, StoreOptions, StoreView } from "@opensync-ts/target/storage";

interface Kept {
  readonly values: Map<string, string>;
  writes: number;
  bytesWritten: number;
}

export class MemoryStorage implements PersistentStorage {
  /** What every write throws from now on. */
  refuse: Error | undefined;
  readonly #stores = new Map<string, Kept>();

  open(name: string, options: StoreOptions = {}): PersistentStore {
    const kept = this.#kept(name, options);
    const write = (changes: ReadonlyMap<string, string | null>) => {
      const differing = [...changes].filter(([key, value]) => (kept.values.get(key) ?? null) !== value);
      if (differing.length === 0) return;
      if (this.refuse) throw this.refuse;
      kept.writes++;
      for (const [key, value] of differing) {
        kept.bytesWritten += key.length + (value?.length ?? 0);
        if (value === null) kept.values.delete(key);
        else kept.values.set(key, value);
      }
    };
    return {
      damage: null,
      get: (key) => kept.values.get(key),
      set: (key, value) => write(new Map([[key, value]])),
      delete: (key) => write(new Map([[key, null]])),
      keys: () => [...kept.values.keys()].sort(),
      write,
      erase: () => write(new Map([...kept.values.keys()].map((key) => [key, null]))),
    };
  }

  erase(name: string, options: StoreOptions = {}): void {
    this.open(name, options).erase();
  }

  eraseAll({ preserved }: { readonly preserved: boolean }): void {
    for (const { name, preserve } of this.stores()) if (preserved || !preserve) this.erase(name, { preserve });
  }

  stores(): readonly StoreView[] {
    return [...this.#stores].map(([id, { values, writes, bytesWritten }]) => ({
      name: id.replace(/^!/, ""),
      preserve: id.startsWith("!"),
      keys: values.size,
      bytes: [...values].reduce((sum, [key, value]) => sum + key.length + value.length, 0),
      writes,
      bytesWritten,
    }));
  }

  #kept(name: string, { preserve = false }: StoreOptions): Kept {
    const id = `${preserve ? "!" : ""}${name}`;
    const kept = this.#stores.get(id) ?? { values: new Map(), writes: 0, bytesWritten: 0 };
    this.#stores.set(id, kept);
    return kept;
  }
}
