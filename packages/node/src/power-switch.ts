/** Cuts a node off from its flash: what has not been written when the power goes is not written later. */

import type { PersistentStorage, PersistentStore } from "@opensync-ts/target/storage";

export class PowerSwitch {
  readonly storage: PersistentStorage;
  #off = false;

  constructor(storage: PersistentStorage) {
    this.storage = {
      open: (name, options) => this.#guarded(storage.open(name, options)),
      erase: (name, options) => this.#writing(() => storage.erase(name, options)),
      eraseAll: (options) => this.#writing(() => storage.eraseAll(options)),
      stores: () => storage.stores(),
    };
  }

  /** From now on every write throws. */
  cut(): void {
    this.#off = true;
  }

  #guarded(store: PersistentStore): PersistentStore {
    return {
      get damage() {
        return store.damage;
      },
      get: (key) => store.get(key),
      keys: () => store.keys(),
      set: (key, value) => this.#writing(() => store.set(key, value)),
      delete: (key) => this.#writing(() => store.delete(key)),
      write: (changes) => this.#writing(() => store.write(changes)),
      erase: () => this.#writing(() => store.erase()),
    };
  }

  #writing(write: () => void): void {
    if (this.#off) throw new Error("the power is off");
    write();
  }
}
