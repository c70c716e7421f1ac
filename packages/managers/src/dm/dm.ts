/**
 * DM, the diagnostics manager: says who the node is, records the boot, and starts, watches and restarts the managers
 * that `Node_Services` enables, at run time as well.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Log } from "@opensync-ts/base/log";
import type { Random } from "@opensync-ts/base/random";
import type { Change, Client, ReplicaTable } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import type { Target } from "@opensync-ts/target/target";
import type { ManagerDefinition, ManagerOptions, RunningManager } from "../manager.ts";
import { ProcessOutbox } from "../outbox.ts";
import { entityColumns } from "./entity.ts";
import { Modules } from "./modules.ts";
import { type RebootRecord, rebootHistory, recordBoot } from "./reboot-records.ts";
import { Service } from "./service.ts";
import { type ServicePhase, type ServiceState, serviceStatus } from "./supervision.ts";

export interface DmOptions {
  /** The managers that are built in; `Node_Services` says which of them run. */
  readonly definitions: readonly ManagerDefinition[];
  /** Third-party modules, started and stopped by `Node_Config` (`modules.ts`). */
  readonly modules?: readonly ManagerDefinition[];
  /** A database client for DM itself and one for each life of each manager. */
  readonly connect: () => Client<OpenSync>;
  readonly target: Target;
  readonly clock: Clock;
  readonly random: Random;
  /** The log of a process by its name (`DM`, `CM`, `OW` …). */
  readonly logOf: (name: string) => Log;
  /** Handed to each manager. */
  readonly options?: ManagerOptions;
  /** False when the process was restarted without a reboot of the device. */
  readonly boot: boolean;
  /** Without a boot: the database is new all the same, so the history of boots has to be written into it. */
  readonly newDatabase?: boolean;
}

export interface ServiceView {
  readonly service: string;
  readonly phase: ServicePhase;
  readonly restarts: number;
  /** Why it is down; null while it serves or is not wanted. */
  readonly failure: string | null;
}

export interface RunningDm extends RunningManager {
  /** A manager while it serves. Another object after each restart. */
  running(service: string): RunningManager | undefined;
  services(): readonly ServiceView[];
}

/** Resolves when every enabled manager serves or has failed its first start. */
export async function startDm(options: DmOptions): Promise<RunningDm> {
  const dm = new DiagnosticsManager(options);
  try {
    await dm.start();
  } catch (error) {
    await dm.stop();
    throw error;
  }
  return dm;
}

/** The name under which a service logs: its own in capitals; OWM calls itself OW. */
export function logNameOf(service: string): string {
  return service === "owm" ? "OW" : service.toUpperCase();
}

type NodeServices = Row<"Node_Services">;

class DiagnosticsManager implements RunningDm {
  readonly #options: DmOptions;
  readonly #log: Log;
  readonly #client: Client<OpenSync>;
  /** By service name, in the order of their rows. */
  readonly #services = new Map<string, Service>();
  readonly #modules: Modules;
  readonly #outbox = new ProcessOutbox();
  /** The row of each service. */
  readonly #rows = new Map<string, Uuid>();
  /** What was last written to `Node_Services.status`, by row. */
  readonly #written = new Map<Uuid, string>();
  #table: ReplicaTable<NodeServices> | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #stopping = false;
  #onSettle: (() => void) | undefined;

  constructor(options: DmOptions) {
    this.#options = options;
    this.#log = options.logOf("DM");
    this.#client = options.connect();
    this.#modules = new Modules({
      definitions: options.modules ?? [],
      createService: (definition, onChange) => this.#createService(definition, onChange),
      client: this.#client,
      log: this.#log,
    });
  }

  async start(): Promise<void> {
    await this.#writeEntity();
    if (this.#options.boot) await this.#recordBoot();
    else if (this.#options.newDatabase) await this.#writeHistory(rebootHistory(this.#options.target.storage));
    const replica = await this.#client.replicate({
      Node_Services: { columns: ["service", "enable", "other_config"] },
    });
    this.#table = replica.table("Node_Services");
    for (const row of this.#table.rows.values()) this.#apply(row);
    this.#unsubscribe = this.#table.onChange((change) => this.#follow(change));
    await this.#modules.start();
    await this.#firstStarts();
  }

  running(service: string): RunningManager | undefined {
    return this.#all().find(({ name }) => name === service)?.manager;
  }

  services(): readonly ServiceView[] {
    return this.#all().map(({ name, state }) => ({
      service: name,
      phase: state.phase,
      restarts: state.restarts,
      failure: state.failure,
    }));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#unsubscribe?.();
    this.#modules.stop();
    for (const service of this.#all()) service.handle({ kind: "disable" });
    await this.#until((state) => state.phase === "STOPPED");
    this.#client.close();
  }

  dump(): string {
    const lines = this.services().map(({ service, phase, restarts, failure }) => {
      const why = failure === null ? "" : `, last end: ${failure}`;
      return `${service.padEnd(6)} ${phase.padEnd(8)} restarts ${restarts}${why}`;
    });
    return ["services:", ...lines.sort().map((line) => `  ${line}`)].join("\n");
  }

  async #writeEntity(): Promise<void> {
    const columns = entityColumns(this.#options.target.unit);
    const replica = await this.#client.replicate({ AWLAN_Node: { columns: ["id"] } });
    const present = replica.table("AWLAN_Node").rows.size > 0;
    replica.cancel();
    await this.#client.transact(
      (transaction) => {
        if (present) transaction.update("AWLAN_Node", [], columns);
        else transaction.insert("AWLAN_Node", columns);
      },
      { comment: "DM - update AWLAN_Node" },
    );
  }

  async #recordBoot(): Promise<void> {
    const records = recordBoot(this.#options.target.storage, (error) =>
      this.#log.error(`this boot's record will not survive the next one: ${messageOf(error)}`),
    );
    const last = records.at(-1);
    if (last) this.#log.notice(`boot ${last.count}: ${last.type}, ${last.reason}`);
    await this.#writeHistory(records);
  }

  async #writeHistory(records: readonly RebootRecord[]): Promise<void> {
    await this.#client.transact(
      (transaction) => {
        transaction.delete("Reboot_Status", []);
        for (const record of records) transaction.insert("Reboot_Status", record);
      },
      { comment: "DM - insert Reboot_Status" },
    );
  }

  #follow(change: Change<NodeServices>): void {
    if (change.kind === "delete") {
      // As on deployed devices, removing the row does not stop the manager; `enable` does.
      this.#log.warning(`Node_Services: row of ${change.old.service} deleted; set enable to false to stop a manager`);
      if (this.#rows.get(change.old.service) === change.uuid) this.#rows.delete(change.old.service);
      this.#written.delete(change.uuid);
      return;
    }
    this.#apply(change.new);
  }

  #apply(row: NodeServices): void {
    const service = this.#serviceOf(row.service);
    this.#rows.set(row.service, row._uuid);
    if (!service) {
      if (row.enable === true) this.#log.error(`Node_Services: '${row.service}' is not built into this node`);
      this.#writeStatus(row._uuid, row.enable === true ? "error" : "disabled");
      return;
    }
    service.handle({ kind: row.enable === true ? "enable" : "disable" });
    this.#report(service);
  }

  #serviceOf(name: string): Service | undefined {
    const known = this.#services.get(name);
    if (known) return known;
    const definition = this.#options.definitions.find((candidate) => candidate.name === name);
    if (!definition) return undefined;
    const service = this.#createService(definition, (changed) => this.#report(changed));
    this.#services.set(name, service);
    return service;
  }

  #createService(definition: ManagerDefinition, onChange: (service: Service) => void): Service {
    const { connect, target, clock, random, logOf, options } = this.#options;
    return new Service({
      definition,
      context: () => ({
        client: connect(),
        target,
        clock,
        random,
        log: logOf(logNameOf(definition.name)),
        outbox: this.#outbox,
        ...(options && { options }),
      }),
      clock,
      log: this.#log,
      onChange: (service) => {
        this.#onSettle?.();
        onChange(service);
      },
      onRestart: (restarted) => this.#restartWith(restarted),
    });
  }

  #all(): readonly Service[] {
    return [...this.#services.values(), ...this.#modules.services];
  }

  /** `needs_plan_b`: this manager's restart is a restart of all of them. */
  #restartWith(restarted: Service): void {
    const uuid = this.#rows.get(restarted.name);
    const row = uuid === undefined ? undefined : this.#table?.rows.get(uuid);
    if (row?.other_config.get("needs_plan_b") !== "true") return;
    this.#log.warning(`${restarted.name}: needs plan B: all managers are restarted`);
    for (const service of this.#services.values()) if (service !== restarted) service.handle({ kind: "restart" });
  }

  #report(service: Service): void {
    const status = serviceStatus(service.state);
    const row = this.#rows.get(service.name);
    if (status !== null && row !== undefined) this.#writeStatus(row, status);
  }

  #writeStatus(row: Uuid, status: "enabled" | "disabled" | "error"): void {
    if (this.#stopping || this.#written.get(row) === status) return;
    this.#written.set(row, status);
    this.#client
      .transact((transaction) => transaction.update("Node_Services", [["_uuid", "==", row]], { status }), {
        comment: "DM - update Node_Services",
      })
      .catch((error) => {
        this.#written.delete(row);
        if (!this.#stopping) this.#log.error(`Node_Services: status not written: ${messageOf(error)}`);
      });
  }

  #firstStarts(): Promise<void> {
    return this.#until((state) => state.phase !== "STARTING" && state.phase !== "STOPPING");
  }

  /** Bounded by the deadlines of start and stop, which each service keeps. */
  async #until(reached: (state: ServiceState) => boolean): Promise<void> {
    const all = () => this.#all().every((service) => reached(service.state));
    if (all()) return;
    await new Promise<void>((resolve) => {
      this.#onSettle = () => {
        if (all()) resolve();
      };
    });
    this.#onSettle = undefined;
  }
}
