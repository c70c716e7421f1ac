/**
 * WANO, the WAN orchestrator: finds out which of the WAN interfaces can be an uplink, and tells CM in
 * `Connection_Manager_Uplink`. It works through `Wifi_Inet_Config` and what NM shows of it.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica, TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Write } from "@opensync-ts/schema/opensync";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { advancePipeline, initialPipeline, type Observation, type Pipeline, type PipelineWrites } from "./pipeline.ts";

export interface WanoOptions {
  /** The WAN interfaces (MANAGER_WANO_IFACE_LIST). */
  readonly interfaces: readonly string[];
}

const tables = {
  Wifi_Inet_Config: { columns: ["if_name"] },
  Wifi_Inet_State: { columns: ["if_name", "enabled", "network", "inet_addr"] },
  Wifi_Master_State: { columns: ["if_name", "port_state"] },
  Connection_Manager_Uplink: { columns: ["if_name"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export function createWano(options: WanoOptions): ManagerDefinition {
  return {
    name: "wano",
    async start(context) {
      // What was an uplink before the boot says nothing about now.
      await context.client.transact((transaction) => transaction.delete("Connection_Manager_Uplink", []), {
        comment: "WANO - delete Connection_Manager_Uplink",
      });
      const manager = new WanOrchestrator(context, options, await context.client.replicate(tables));
      manager.start();
      return manager;
    },
  };
}

interface Interface {
  readonly name: string;
  pipeline: Pipeline;
  timer: Timer | undefined;
}

class WanOrchestrator implements RunningManager {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #interfaces: readonly Interface[];
  readonly #reconciler: Reconciler;

  constructor(context: ManagerContext, options: WanoOptions, view: View) {
    this.#context = context;
    this.#view = view;
    this.#interfaces = options.interfaces.map((name) => ({ name, pipeline: initialPipeline, timer: undefined }));
    this.#reconciler = new Reconciler(
      () => this.#advance(),
      (error) => context.log.error(messageOf(error)),
    );
  }

  start(): void {
    this.#view.onTransaction(() => this.#reconciler.request());
    this.#reconciler.request();
  }

  async stop(): Promise<void> {
    this.#reconciler.stop();
    this.#view.cancel();
    for (const { timer } of this.#interfaces) timer?.cancel();
  }

  dump(): string {
    return this.#interfaces
      .map(({ name, pipeline }) => `${name}: ${pipeline.state}${pipeline.exhausted ? ", no address so far" : ""}`)
      .join("\n");
  }

  async #advance(): Promise<void> {
    for (const wan of this.#interfaces) await this.#advanceInterface(wan);
  }

  async #advanceInterface(wan: Interface): Promise<void> {
    const { clock, log } = this.#context;
    const { pipeline, writes, wakeAt } = advancePipeline(wan.pipeline, this.#observe(wan.name));
    if (pipeline.state !== wan.pipeline.state) log.info(`${wan.name}: ${wan.pipeline.state} -> ${pipeline.state}`);
    if (pipeline.exhausted && !wan.pipeline.exhausted) log.warning(`${wan.name}: no address by DHCP so far`);
    wan.pipeline = pipeline;
    wan.timer?.cancel();
    wan.timer = wakeAt === null ? undefined : clock.setTimer(wakeAt - clock.now(), () => this.#reconciler.request());
    if (writes.length > 0) await this.#write(wan.name, writes);
  }

  #observe(name: string): Observation {
    const inet = this.#view.table("Wifi_Inet_State").find((row) => row.if_name === name);
    const master = this.#view.table("Wifi_Master_State").find((row) => row.if_name === name);
    return {
      now: this.#context.clock.now(),
      up: inet?.enabled === true && inet.network,
      carrier: master?.port_state === "active",
      addressed: inet != null && inet.inet_addr !== null && inet.inet_addr !== "0.0.0.0",
    };
  }

  async #write(name: string, writes: readonly PipelineWrites[]): Promise<void> {
    const uplink: Write<"Connection_Manager_Uplink"> = Object.assign({}, ...writes.map((write) => write.uplink));
    const inets = writes.flatMap((write) => write.inet ?? []);
    const inet: Write<"Wifi_Inet_Config"> = Object.assign(
      {},
      ...inets.map(({ ip_assign_scheme, enable }) => ({
        ip_assign_scheme,
        ...(enable ? { enabled: true, network: true, NAT: true } : {}),
      })),
    );
    await this.#context.client.transact(
      (transaction) => {
        if (Object.keys(uplink).length > 0) this.#upsertUplink(transaction, name, uplink);
        if (inets.length > 0) this.#upsertInet(transaction, name, inet);
      },
      { comment: `WANO - ${name}` },
    );
  }

  #upsertUplink(
    transaction: TransactionBuilder<OpenSync>,
    name: string,
    columns: Write<"Connection_Manager_Uplink">,
  ): void {
    const present = this.#view.table("Connection_Manager_Uplink").find((row) => row.if_name === name);
    if (present) transaction.update("Connection_Manager_Uplink", [["if_name", "==", name]], columns);
    else transaction.insert("Connection_Manager_Uplink", { if_name: name, if_type: "eth", ...columns });
  }

  #upsertInet(transaction: TransactionBuilder<OpenSync>, name: string, columns: Write<"Wifi_Inet_Config">): void {
    const present = this.#view.table("Wifi_Inet_Config").find((row) => row.if_name === name);
    if (present) transaction.update("Wifi_Inet_Config", [["if_name", "==", name]], columns);
    else transaction.insert("Wifi_Inet_Config", { if_name: name, if_type: "eth", ...columns });
  }
}
