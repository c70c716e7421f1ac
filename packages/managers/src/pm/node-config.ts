/**
 * Settings of one module (`Node_Config`) and what is said of them (`Node_State`), by key. Both tables are keyed by module
 * and key without an index: of several rows for one key the youngest counts, and writing one goes to all of them.
 */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Client, Replica, ReplicaTable } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";

export interface Setting {
  readonly value: string;
  /** Asks the owner to keep it across reboots. */
  readonly persist: boolean;
}

export type SettingsTable = "Node_Config" | "Node_State";

/** Names the table and the key in log lines: `Node_Config PM/gw_offline`. */
export function settingName(module: string, key: string, table: SettingsTable = "Node_Config"): string {
  return `${table} ${module}/${key}`;
}

/** Follows `module`. `manager`: who writes, for the comments of transactions. */
export async function openNodeSettings(
  client: Client<OpenSync>,
  module: string,
  manager: string,
): Promise<NodeSettings> {
  const replica = await client.replicate({ Node_Config: {}, Node_State: {} });
  return new NodeSettings(client, replica, module, manager);
}

export class NodeSettings {
  readonly module: string;
  readonly #client: Client<OpenSync>;
  readonly #replica: Replica<OpenSync, SettingsTable>;
  readonly #manager: string;
  /** Writes come one after the other: each sees in the replica what the one before has written. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: Client<OpenSync>, replica: Replica<OpenSync, SettingsTable>, module: string, manager: string) {
    this.#client = client;
    this.#replica = replica;
    this.module = module;
    this.#manager = manager;
  }

  /** What is asked for; `undefined`: nothing. */
  config(key: string): Setting | undefined {
    return this.#settings("Node_Config").get(key);
  }

  /** All that is asked for, by key. */
  configs(): ReadonlyMap<string, Setting> {
    return this.#settings("Node_Config");
  }

  state(key: string): Setting | undefined {
    return this.#settings("Node_State").get(key);
  }

  states(): ReadonlyMap<string, Setting> {
    return this.#settings("Node_State");
  }

  /** `listener` hears the key of each `Node_Config` row of the module that has come, changed or gone. */
  onConfig(listener: (key: string) => void): Unsubscribe {
    return this.#replica.table("Node_Config").onChange((change) => {
      const rows = [change.old, change.new].filter((row) => row?.module === this.module);
      for (const key of new Set(rows.map((row) => row?.key))) if (key !== undefined) listener(key);
    });
  }

  /**
   * Makes `Node_State` say this of these keys (`null`: nothing). Writes what differs, if anything, in one transaction.
   * `persist` is written where it is true, and cleared where it is not. Rejects as `transact` does.
   */
  setStates(states: ReadonlyMap<string, Setting | string | null>): Promise<void> {
    return this.#write("Node_State", states);
  }

  setState(key: string, state: Setting | string | null): Promise<void> {
    return this.setStates(new Map([[key, state]]));
  }

  /** Likewise for `Node_Config`: for what an owner puts back after a boot, or asks itself for. */
  setConfigs(configs: ReadonlyMap<string, Setting | string | null>): Promise<void> {
    return this.#write("Node_Config", configs);
  }

  setConfig(key: string, config: Setting | string | null): Promise<void> {
    return this.setConfigs(new Map([[key, config]]));
  }

  close(): void {
    this.#replica.cancel();
  }

  #settings(table: SettingsTable): ReadonlyMap<string, Setting> {
    const rows = this.#rows(table);
    return new Map(rows.map(({ key, value, persist }) => [key, { value, persist: persist ?? false }]));
  }

  #rows(table: SettingsTable): readonly Row<SettingsTable>[] {
    const rows: ReplicaTable<Row<SettingsTable>> = this.#replica.table(table);
    return [...rows.rows.values()].filter(({ module }) => module === this.module);
  }

  #write(table: SettingsTable, settings: ReadonlyMap<string, Setting | string | null>): Promise<void> {
    const written = this.#last.then(() => this.#writeNow(table, settings));
    this.#last = written.catch(() => {});
    return written;
  }

  async #writeNow(table: SettingsTable, settings: ReadonlyMap<string, Setting | string | null>): Promise<void> {
    const { module } = this;
    const differing = [...settings].flatMap(([key, wanted]) => {
      const setting = typeof wanted === "string" ? { value: wanted, persist: false } : wanted;
      const rows = this.#rows(table).filter((row) => row.key === key);
      const same = setting
        ? rows.length > 0 &&
          rows.every((row) => row.value === setting.value && (row.persist ?? false) === setting.persist)
        : rows.length === 0;
      return same ? [] : [{ key, setting, exists: rows.length > 0 }];
    });
    if (differing.length === 0) return;
    await this.#client.transact(
      (transaction) => {
        for (const { key, setting, exists } of differing) {
          const where = [
            ["module", "==", module],
            ["key", "==", key],
          ] as const;
          const columns = setting && { value: setting.value, persist: setting.persist ? true : null };
          if (!columns) transaction.delete(table, where);
          else if (exists) transaction.update(table, where, columns);
          else transaction.insert(table, { module, key, ...columns });
        }
      },
      { comment: `${this.#manager} - upsert ${table}` },
    );
  }
}
