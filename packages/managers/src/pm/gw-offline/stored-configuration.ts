/** The store of cloudless operation as PM keeps it: what is in it, and the few writes that change it. */

import { stringifyJson } from "@opensync-ts/ovsdb/json";
import type { PersistentStore, StorageDamage } from "@opensync-ts/target/storage";
import { flagKey, type KeySet, type StoredKey } from "./keys.ts";
import { changes, type SubsetValues } from "./read-subset.ts";
import { rowToJson } from "./row-json.ts";
import type { SettingRow } from "./settings.ts";
import { loadFlag, loadStored, type Stored, saveValues } from "./stored.ts";

const nothing: Stored = { values: new Map(), state: "none", faults: [] };

/** Every write throws where the store refuses it; what was stored then stands. */
export class StoredConfiguration {
  readonly #store: PersistentStore;
  readonly #keys: KeySet;
  #content: Stored = nothing;

  constructor(store: PersistentStore, keys: KeySet) {
    this.#store = store;
    this.#keys = keys;
  }

  /** As it was last loaded or saved. */
  get content(): Stored {
    return this.#content;
  }

  get damage(): StorageDamage | null {
    return this.#store.damage;
  }

  flag(): ReturnType<typeof loadFlag> {
    return loadFlag(this.#store);
  }

  /** Others may erase the store, or parts of it. */
  load(): Stored {
    this.#content = loadStored(this.#store, this.#keys);
    return this.#content;
  }

  /** Writes what differs, all at once; returns its keys. Keys that were not read keep what is stored. */
  save(read: SubsetValues): readonly StoredKey[] {
    const { values } = this.load();
    const differing = changes(values, read);
    saveValues(this.#store, differing);
    this.#content = { values: new Map([...values, ...read]), state: "complete", faults: [] };
    return [...differing.keys()];
  }

  /** Whether the feature is on after a boot: where its row says that it is to persist. */
  keepFlag(row: SettingRow | undefined): void {
    if (row?.persist === true) this.#store.set(flagKey, stringifyJson(rowToJson("Node_Config", row)));
    else this.#store.delete(flagKey);
  }

  erase(): void {
    this.#content = nothing;
    this.#store.erase();
  }
}
