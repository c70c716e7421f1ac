/** Persistent storage (`osp_ps`): named stores of keys, kept across reboots. */

export interface PersistentStorage {
  /**
   * Opens (creates) a store; names are letters, digits, `_`, `-` and `.`, as they become file names. With and without
   * `preserve` a name is two different stores.
   */
  open(store: string, options?: StoreOptions): PersistentStore;
  /** Removes a store with all its versions, durably. */
  erase(store: string, options?: StoreOptions): void;
  /** A factory reset: removes every store; those to preserve only when asked. */
  eraseAll(options: { readonly preserved: boolean }): void;
  /** Every store there is, open or not. */
  stores(): readonly StoreView[];
}

export interface StoreOptions {
  /** Survives a factory reset and an upgrade. */
  readonly preserve?: boolean;
}

/** Every change is durable, or has not happened, when the call returns; where the disk refuses it throws, and the old values stand. */
export interface PersistentStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  delete(key: string): void;
  keys(): readonly string[];
  /** Several keys as one change (`null`: delete): after a power cut all of it is there, or none. Costs one write; none where nothing differs. */
  write(changes: ReadonlyMap<string, string | null>): void;
  /** Removes all keys. */
  erase(): void;
  /** What was found damaged when the store was read; `null`: nothing. */
  readonly damage: StorageDamage | null;
}

export interface StorageDamage {
  readonly store: string;
  readonly file: string;
  readonly reason: string;
  /** What now stands in for the damaged content. */
  readonly recovered: "previous version" | "nothing";
}

export interface StoreView {
  readonly name: string;
  readonly preserve: boolean;
  readonly keys: number;
  readonly bytes: number;
  /** Times that it was written since the process began: the wear of the flash. */
  readonly writes: number;
  readonly bytesWritten: number;
}
