/**
 * NM, the network manager: applies `Wifi_Inet_Config` to the links that the target has and shows the outcome in
 * `Wifi_Inet_State` and `Wifi_Master_State`. It also stands in for the switch daemon (`switch.ts`).
 */

import { messageOf } from "@opensync-ts/base/errors";
import type { Replica, TransactionBuilder, Where } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row, Write } from "@opensync-ts/schema/opensync";
import type { Link } from "@opensync-ts/target/network";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { sameColumns } from "./columns.ts";
import { type InetConfig, inetState, masterState, wantsDhcp } from "./inet-state.ts";
import { Switch } from "./switch.ts";

const tables = {
  Wifi_Inet_Config: {},
  Wifi_Inet_State: {},
  Wifi_Master_State: {},
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export const nm: ManagerDefinition = {
  name: "nm",
  async start(context) {
    const view = await context.client.replicate(tables);
    const manager = new NetworkManager(context, view, await Switch.start(context));
    manager.start();
    return manager;
  },
};

class NetworkManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #switch: Switch;
  /** `dhcp_renew` at the last request of each interface that asks by DHCP. */
  readonly #asked = new Map<string, number>();
  readonly #reconciler: Reconciler;
  #unsubscribe = () => {};

  constructor(context: ManagerContext, view: View, runningSwitch: Switch) {
    this.#context = context;
    this.#view = view;
    this.#switch = runningSwitch;
    this.#reconciler = new Reconciler(
      () => this.#apply(),
      (error) => context.log.error(`state not written: ${messageOf(error)}`),
    );
  }

  start(): void {
    this.#view.onTransaction(() => this.#reconciler.request());
    this.#unsubscribe = this.#context.target.network.onChange(() => this.#reconciler.request());
    this.#reconciler.request();
  }

  async stop(): Promise<void> {
    this.#reconciler.stop();
    this.#unsubscribe();
    this.#view.cancel();
    this.#switch.stop();
  }

  dump(): string {
    const links = this.#context.target.network.links();
    const lines = links.map((link) => {
      const config = this.#configs().find((row) => row.if_name === link.name);
      const wish = config
        ? `${config.ip_assign_scheme ?? "none"}${config.enabled ? "" : ", disabled"}`
        : "not configured";
      return `${link.name}: ${link.carrier ? "carrier" : "no carrier"}, ${link.address ?? "no address"} (${wish})`;
    });
    return [...lines.sort(), ...this.#switch.dump()].join("\n");
  }

  /** Brings target and state rows in line with the configuration. */
  async #apply(): Promise<void> {
    const links = new Map(this.#context.target.network.links().map((link) => [link.name, link]));
    for (const config of this.#configs()) this.#requestAddress(config, links.get(config.if_name));
    await this.#writeStates(links);
  }

  #requestAddress(config: InetConfig, link: Link | undefined): void {
    const { log, target } = this.#context;
    if (!link?.carrier || !wantsDhcp(config)) {
      this.#asked.delete(config.if_name);
      return;
    }
    if (this.#asked.get(config.if_name) === config.dhcp_renew) return;
    this.#asked.set(config.if_name, config.dhcp_renew);
    log.info(`${config.if_name}: asks for an address`);
    target.network.requestAddress(config.if_name);
  }

  async #writeStates(links: ReadonlyMap<string, Link>): Promise<void> {
    const changes: ((transaction: TransactionBuilder<OpenSync>) => void)[] = [];
    const inetStates = new Map(this.#rows("Wifi_Inet_State").map((row) => [row.if_name, row]));
    const masterStates = new Map(this.#rows("Wifi_Master_State").map((row) => [row.if_name, row]));
    for (const config of this.#configs()) {
      const link = links.get(config.if_name);
      const shown = inetStates.get(config.if_name);
      inetStates.delete(config.if_name);
      if (link) changes.push(...upsert("Wifi_Inet_State", shown, inetState(config, link)));
      else if (shown) changes.push((transaction) => remove(transaction, "Wifi_Inet_State", shown));
      if (!link && config.if_type !== "vif") continue;
      const master = masterStates.get(config.if_name);
      masterStates.delete(config.if_name);
      changes.push(...upsert("Wifi_Master_State", master, masterState(config, link ?? null)));
    }
    for (const gone of inetStates.values()) changes.push((transaction) => remove(transaction, "Wifi_Inet_State", gone));
    for (const gone of masterStates.values()) {
      changes.push((transaction) => remove(transaction, "Wifi_Master_State", gone));
    }
    if (changes.length === 0) return;
    await this.#context.client.transact(
      (transaction) => {
        for (const change of changes) change(transaction);
      },
      { comment: "NM - update state" },
    );
  }

  #configs(): readonly InetConfig[] {
    return this.#rows("Wifi_Inet_Config");
  }

  #rows<T extends keyof typeof tables>(table: T): readonly Row<T>[] {
    return [...this.#view.table(table).rows.values()];
  }
}

type StateTable = "Wifi_Inet_State" | "Wifi_Master_State";

/** The write that makes `shown` say `columns`; none where it does already. */
function upsert<T extends StateTable>(
  table: T,
  shown: Row<T> | undefined,
  columns: Write<T>,
): readonly ((transaction: TransactionBuilder<OpenSync>) => void)[] {
  if (!shown) return [(transaction) => transaction.insert(table, columns)];
  if (sameColumns(shown, columns)) return [];
  // The compiler does not see that every table has a `_uuid` while the table is open.
  const where = [["_uuid", "==", shown._uuid]] as unknown as Where<OpenSync, T>;
  return [(transaction) => transaction.update(table, where, columns)];
}

function remove(transaction: TransactionBuilder<OpenSync>, table: StateTable, row: Row<StateTable>): void {
  transaction.delete(table, [["_uuid", "==", row._uuid]]);
}
