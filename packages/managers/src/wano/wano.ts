/**
 * WANO, the WAN orchestrator: finds out which of the WAN interfaces can be an uplink, and tells CM in
 * `Connection_Manager_Uplink`. It works through `Wifi_Inet_Config` and what NM shows of it.
 */

import { type Timer, withDeadline } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Row, Write } from "@opensync-ts/schema/opensync";
import type { DhcpHeard } from "@opensync-ts/target/network";
import { Complaints } from "../complaints.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { noAddress } from "../nm/addresses.ts";
import { interfaceNameOctets } from "../nm/limits.ts";
import { Problems } from "../nm/problems.ts";
import type { Change } from "../nm/row-changes.ts";
import { Reconciler } from "../reconciler.ts";
import { decisionAt, type EthClient, hear, passTime, quietPort } from "./eth-client.ts";
import { forgetUplinks } from "./forget-uplinks.ts";
import { parseInterfaceList, type WanInterface } from "./interface-list.ts";
import { configDebounce, transactionDeadline, writeRetry } from "./limits.ts";
import { advancePipeline, attemptAtWork } from "./pipeline.ts";
import {
  type InetWrites,
  initialPipeline,
  type Observation,
  type Pipeline,
  type UplinkWrites,
} from "./pipeline-model.ts";
import { RouterCheck } from "./router-check.ts";
import { clientChanges, inetChanges, statusChanges, uplinkChanges } from "./uplink-rows.ts";
import { type Attempt, planOf, type WanPlan } from "./wan-config.ts";

export interface WanoOptions {
  /** The WAN interfaces (MANAGER_WANO_IFACE_LIST), `NAME[:TYPE]` each. */
  readonly interfaces: readonly string[];
  /** Where `OVS_MAC_Learning` says Ethernet clients are (TARGET_LAN_BRIDGE_NAME); default `br-home`. */
  readonly lanBridge?: string;
}

const tables = {
  WAN_Config: {},
  Wifi_Inet_Config: {},
  Wifi_Inet_State: { columns: ["if_name", "enabled", "network", "inet_addr", "ip_assign_scheme"] },
  Wifi_Master_State: { columns: ["if_name", "port_state"] },
  Connection_Manager_Uplink: {},
  OVS_MAC_Learning: {},
  Bridge: { columns: ["name", "ports"] },
  Port: { columns: ["name"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export function createWano(options: WanoOptions): ManagerDefinition {
  return {
    name: "wano",
    async start(context) {
      const interfaces = parseInterfaceList(options.interfaces);
      const view = await context.client.replicate(tables);
      await forgetUplinks(context, view.table("Connection_Manager_Uplink").rows.values(), interfaces);
      const manager = new WanOrchestrator(context, interfaces, options.lanBridge ?? "br-home", view);
      manager.start();
      return manager;
    },
  };
}

interface Interface {
  readonly name: string;
  readonly type: "eth" | "unmanaged" | "vlan";
  /** Of a VLAN: what makes it one. */
  readonly base: Write<"Wifi_Inet_Config">;
  /** What is tried on a VLAN; `null`: what `WAN_Config` says. */
  readonly attempts: readonly Attempt[] | null;
  pipeline: Pipeline;
  client: EthClient;
  /** What was told of it last. CM writes `loop`, too: what was told is not insisted upon. */
  clientTold: EthClient["kind"];
  readonly router: RouterCheck;
  /** The columns of its uplink as they are to be. */
  uplink: Write<"Connection_Manager_Uplink">;
  vlan: Interface | null;
  timer: Timer | undefined;
}

class WanOrchestrator implements RunningManager {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #lanBridge: string;
  readonly #interfaces: readonly Interface[];
  readonly #complaints: Complaints;
  readonly #problems: Problems;
  readonly #reconciler: Reconciler;
  #plan: WanPlan;
  #unsubscribe: readonly Unsubscribe[] = [];
  #planTimer: Timer | undefined;
  #retry: Timer | undefined;

  constructor(context: ManagerContext, interfaces: readonly WanInterface[], lanBridge: string, view: View) {
    this.#context = context;
    this.#view = view;
    this.#lanBridge = lanBridge;
    this.#complaints = new Complaints(context.clock, context.log);
    this.#problems = new Problems(this.#complaints);
    this.#reconciler = new Reconciler(
      () => this.#advance(),
      (error) => this.#failed(error),
    );
    this.#interfaces = interfaces.map(({ name, type }) => this.#interface(name, type, { if_type: type }, null));
    this.#plan = planOf(this.#rows("WAN_Config"));
  }

  start(): void {
    const { clock, target } = this.#context;
    const request = () => this.#reconciler.request();
    this.#unsubscribe = [
      this.#view.onTransaction(request),
      this.#view.table("WAN_Config").onChange(() => {
        this.#planTimer ??= clock.setTimer(configDebounce, () => {
          this.#planTimer = undefined;
          this.#plan = planOf(this.#rows("WAN_Config"));
          request();
        });
      }),
      target.network.onDhcpHeard((heard) => this.#hear(heard)),
    ];
    request();
  }

  async stop(): Promise<void> {
    this.#reconciler.stop();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#view.cancel();
    this.#planTimer?.cancel();
    this.#retry?.cancel();
    for (const wan of this.#all()) this.#end(wan);
  }

  dump(): string {
    const lines = this.#all().map(({ name, pipeline, client }) => {
      const plugin = attemptAtWork(pipeline)?.plugin.name;
      const parts = [
        `${name}: ${pipeline.state}${plugin ? ` (${plugin})` : ""}`,
        ...(pipeline.exhausted ? ["no address so far"] : []),
        ...(client.kind === "client" ? [`Ethernet client ${client.mac}`] : []),
        ...(client.kind === "node" ? ["another OpenSync device"] : []),
      ];
      return parts.join(", ");
    });
    return [...lines, ...[...this.#problems.current].sort().map((problem) => `problem: ${problem}`)].join("\n");
  }

  #failed(error: unknown): void {
    const { clock, log } = this.#context;
    log.error(`uplinks not written: ${messageOf(error)}; tried again in ${writeRetry / 1000} s`);
    this.#retry?.cancel();
    this.#retry = clock.setTimer(writeRetry, () => this.#reconciler.request());
  }

  #interface(
    name: string,
    type: Interface["type"],
    base: Write<"Wifi_Inet_Config">,
    attempts: Interface["attempts"],
  ): Interface {
    const { clock, target } = this.#context;
    const router = new RouterCheck(target.network, clock, () => this.#reconciler.request());
    const [pipeline, client] = [initialPipeline, quietPort];
    const clientTold = client.kind;
    return {
      name,
      type,
      base,
      attempts,
      pipeline,
      client,
      clientTold,
      router,
      uplink: {},
      vlan: null,
      timer: undefined,
    };
  }

  /** Interfaces with the VLANs on them. */
  #all(): readonly Interface[] {
    return this.#interfaces.flatMap((wan) => (wan.vlan ? [wan, wan.vlan] : [wan]));
  }

  #end(wan: Interface): void {
    wan.timer?.cancel();
    wan.router.reset();
  }

  #hear(heard: DhcpHeard): void {
    const wan = this.#interfaces.find(({ name }) => name === heard.link);
    if (!wan) return;
    const { clock, log, target } = this.#context;
    const isNode = (vendorClass: string) => /opensync/i.test(vendorClass) || vendorClass === target.unit.model;
    const before = wan.client;
    wan.client = hear(before, heard, clock.now(), isNode);
    if (wan.client === before) return;
    log.debug(`${wan.name}: ${heard.message} of ${heard.mac}: ${before.kind} -> ${wan.client.kind}`);
    this.#reconciler.request();
  }

  async #advance(): Promise<void> {
    const changes: Change[] = [];
    for (const wan of this.#interfaces) {
      this.#advanceInterface(wan, changes);
      if (wan.vlan) this.#advanceInterface(wan.vlan, changes);
    }
    const pipelines = this.#all().map(({ pipeline }) => pipeline);
    changes.push(...statusChanges(this.#rows("WAN_Config"), pipelines, this.#plan));
    this.#problems.report([...this.#plan.invalid.values()]);
    if (changes.length === 0) return;
    const { client, clock } = this.#context;
    const written = client.transact(
      (transaction) => {
        for (const change of changes) change(transaction);
      },
      { comment: "WANO - update uplinks" },
    );
    await withDeadline(clock, written, transactionDeadline, "WANO's uplinks");
  }

  #advanceInterface(wan: Interface, changes: Change[]): void {
    const { clock, log } = this.#context;
    wan.client = wan.pipeline.state === "IDLE" ? { kind: "wan" } : passTime(wan.client, clock.now());
    const before = wan.pipeline;
    const { pipeline, writes, wakeAt, states } = advancePipeline(before, this.#observe(wan));
    wan.pipeline = pipeline;
    states.reduce((from, state) => {
      log.debug(`${wan.name}: ${from} -> ${state}`);
      return state;
    }, before.state);
    if (states.includes("IDLE")) log.info(`${wan.name}: is on layer 3`);
    if (pipeline.exhausted && !before.exhausted) log.warning(`${wan.name}: no address so far`);
    // What was heard belongs to the cable that was plugged then.
    if (states.includes("INIT") || before.state === "INIT") wan.client = quietPort;
    if (attemptAtWork(pipeline) !== attemptAtWork(before)) wan.router.reset();
    if (attemptAtWork(pipeline)?.plugin.name === "static_ipv4") this.#checkRouter(wan);
    this.#wakeAt(wan, [wakeAt, decisionAt(wan.client)]);
    this.#followVlan(wan, changes);
    const loop = wan.client.kind === wan.clientTold ? {} : loopOf(wan.client);
    wan.clientTold = wan.client.kind;
    const uplink: UplinkWrites = Object.assign({}, loop, ...writes.map((write) => write.uplink));
    const inet: InetWrites = Object.assign({}, ...writes.map((write) => write.inet));
    wan.uplink = { ...wan.uplink, ...uplink };
    const { name, type } = wan;
    changes.push(
      ...uplinkChanges(this.#rows("Connection_Manager_Uplink"), name, uplink, { if_type: type, ...wan.uplink }),
      ...inetChanges(this.#rows("Wifi_Inet_Config"), name, inet, wan.base),
    );
    if (type !== "vlan" && !this.#isBridged(name)) {
      const mac = wan.client.kind === "client" ? wan.client.mac : null;
      changes.push(...clientChanges(this.#rows("OVS_MAC_Learning"), name, mac, this.#lanBridge));
    }
    // A VLAN that comes further is news for the interface that it is on.
    if (states.length > 0 && wan.type === "vlan") this.#reconciler.request();
  }

  #wakeAt(wan: Interface, times: readonly (number | null)[]): void {
    const { clock } = this.#context;
    const at = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    wan.timer?.cancel();
    wan.timer = Number.isFinite(at) ? clock.setTimer(at - clock.now(), () => this.#reconciler.request()) : undefined;
  }

  /** Asked as soon as the address is there. */
  #checkRouter(wan: Interface): void {
    const { address, scheme } = this.#observe(wan);
    if (scheme === "static" && address !== null) wan.router.start(wan.name);
  }

  #observe(wan: Interface): Observation {
    const { clock, random } = this.#context;
    const inet = this.#view.table("Wifi_Inet_State").find((row) => row.if_name === wan.name);
    const master = this.#view.table("Wifi_Master_State").find((row) => row.if_name === wan.name);
    const address = inet?.inet_addr ?? noAddress;
    return {
      now: clock.now(),
      chance: random.next(),
      up: inet?.enabled === true && inet.network,
      scheme: inet?.ip_assign_scheme ?? "none",
      address: address === noAddress ? null : address,
      carrier: master?.port_state === "active",
      bridged: this.#isBridged(wan.name),
      client: wan.client.kind === "client",
      attempts: wan.attempts ?? this.#plan.attempts,
      router: wan.router.result,
      vlan: wan.vlan && vlanProgress(wan.vlan.pipeline),
    };
  }

  #isBridged(name: string): boolean {
    const uplink = this.#view.table("Connection_Manager_Uplink").find((row) => row.if_name === name);
    if (uplink?.bridge) return true;
    const port = this.#view.table("Port").find((row) => row.name === name);
    return port !== undefined && this.#rows("Bridge").some(({ ports }) => ports.includes(port._uuid));
  }

  /** The VLAN stands for as long as its plug-in is at work. */
  #followVlan(wan: Interface, changes: Change[]): void {
    const plugin = attemptAtWork(wan.pipeline)?.plugin;
    const name = plugin?.name === "vlan" ? `${wan.name}.${plugin.id}` : null;
    if (wan.vlan && wan.vlan.name !== name) {
      const gone = wan.vlan;
      wan.vlan = null;
      this.#end(gone);
      changes.push((transaction) => {
        transaction.delete("Connection_Manager_Uplink", [["if_name", "==", gone.name]]);
        transaction.delete("Wifi_Inet_Config", [["if_name", "==", gone.name]]);
      });
    }
    if (plugin?.name !== "vlan" || name === null || wan.vlan) return;
    if (name.length > interfaceNameOctets) {
      this.#complaints.say(
        `WAN_Config vlan ${plugin.id}: '${name}' is too long for an interface: not tried on ${wan.name}`,
      );
      return;
    }
    const base = { if_type: "vlan", parent_ifname: wan.name, vlan_id: plugin.id } as const;
    wan.vlan = this.#interface(name, "vlan", base, plugin.attempts);
  }

  #rows<T extends keyof typeof tables>(table: T): readonly Row<T>[] {
    return [...this.#view.table(table).rows.values()];
  }
}

/** What is heard on a port says at once whether it may be a loop. */
function loopOf(client: EthClient): UplinkWrites {
  if (client.kind === "node") return { loop: true };
  return client.kind === "heard" || client.kind === "client" ? { loop: false } : {};
}

function vlanProgress(pipeline: Pipeline): Observation["vlan"] {
  if (pipeline.state === "IDLE") return "up";
  return pipeline.exhausted ? "failed" : "trying";
}
