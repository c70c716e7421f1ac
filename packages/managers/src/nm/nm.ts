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
import { devicesOf } from "./devices.ts";
import { type InetConfig, inetState, masterState, wantsDhcp } from "./inet-state.ts";
import { Switch } from "./switch.ts";

const tables = {
  Wifi_Inet_Config: {},
  Wifi_Inet_State: {},
  Wifi_Master_State: {},
  Wifi_VIF_State: { columns: ["if_name", "enabled", "mac"] },
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
    const configs = this.#configs();
    const lines = [...this.#devices().values()].map((link) => {
      const config = configs.get(link.name);
      const wish = config
        ? `${config.ip_assign_scheme ?? "none"}${config.enabled ? "" : ", disabled"}`
        : "not configured";
      return `${link.name}: ${link.carrier ? "carrier" : "no carrier"}, ${link.address ?? "no address"} (${wish})`;
    });
    return [...lines.sort(), ...this.#switch.dump()].join("\n");
  }

  /** Brings target and state rows in line with the configuration. */
  async #apply(): Promise<void> {
    const devices = this.#devices();
    const configs = this.#configs();
    for (const config of configs.values()) this.#requestAddress(config, devices.get(config.if_name));
    await this.#writeStates(configs, devices);
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
    target.network.renewAddress(config.if_name);
  }

  async #writeStates(configs: ReadonlyMap<string, InetConfig>, devices: ReadonlyMap<string, Link>): Promise<void> {
    const inetStates = new Map<string, Write<"Wifi_Inet_State">>();
    const masterStates = new Map<string, Write<"Wifi_Master_State">>();
    for (const [name, config] of configs) {
      const device = devices.get(name);
      if (device) inetStates.set(name, inetState(config, device));
      if (device || config.if_type === "vif") masterStates.set(name, masterState(config, device ?? null));
    }
    const changes = [
      ...changesTo("Wifi_Inet_State", this.#rows("Wifi_Inet_State"), inetStates),
      ...changesTo("Wifi_Master_State", this.#rows("Wifi_Master_State"), masterStates),
    ];
    if (changes.length === 0) return;
    await this.#context.client.transact(
      (transaction) => {
        for (const change of changes) change(transaction);
      },
      { comment: "NM - update state" },
    );
  }

  /** By interface. Nothing keeps the table from naming one twice: the row that came last counts. */
  #configs(): ReadonlyMap<string, InetConfig> {
    return new Map(this.#rows("Wifi_Inet_Config").map((config) => [config.if_name, config]));
  }

  #devices(): ReadonlyMap<string, Link> {
    return devicesOf(this.#context.target.network.links(), this.#rows("Wifi_VIF_State"));
  }

  #rows<T extends keyof typeof tables>(table: T): readonly Row<T>[] {
    return [...this.#view.table(table).rows.values()];
  }
}

type StateTable = "Wifi_Inet_State" | "Wifi_Master_State";
type Change = (transaction: TransactionBuilder<OpenSync>) => void;

/** What makes the table hold one row for each of `wanted`, by interface, and nothing else. */
function changesTo<T extends StateTable>(
  table: T,
  shown: readonly Row<StateTable>[],
  wanted: ReadonlyMap<string, Write<T>>,
): readonly Change[] {
  const missing = new Map(wanted);
  const changes: Change[] = [];
  for (const row of shown) {
    const columns = missing.get(row.if_name);
    missing.delete(row.if_name);
    // The compiler does not see that every table has a `_uuid` while the table is open.
    const where = [["_uuid", "==", row._uuid]] as unknown as Where<OpenSync, T>;
    if (!columns) changes.push((transaction) => transaction.delete(table, where));
    else if (!sameColumns(row, columns)) changes.push((transaction) => transaction.update(table, where, columns));
  }
  for (const columns of missing.values()) changes.push((transaction) => transaction.insert(table, columns));
  return changes;
}
