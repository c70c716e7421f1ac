/** Persistent storage (`osp_ps`): named stores of keys, kept across reboots. */

export interface PersistentStorage {
  /** Opens (creates) a store; names are letters, digits, `_`, `-` and `.`, as they become file names. */
  open(store: string): PersistentStore;
}

export interface PersistentStore {
  get(key: string): string | undefined;
  /** Durable when it returns. Throws when the disk refuses; the old value then stands. */
  set(key: string, value: string): void;
  delete(key: string): void;
  keys(): readonly string[];
}
