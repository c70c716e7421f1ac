/**
 * CM, the connection manager: chooses the uplink and brings the node to its controller by way of the redirector. It
 * acts on the events of the database at once; its timer only ends what has taken too long.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica, TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { NamedUuid } from "@opensync-ts/ovsdb/declare";
import type { OpenSync, Row } from "@opensync-ts/schema/opensync";
import { managerLimits } from "../limits.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import {
  type CmConfig,
  type CmEffect,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  initialMachine,
} from "./machine.ts";
import { type Resolver, systemResolver } from "./resolver.ts";
import { step } from "./state-machine.ts";
import { decideUplink } from "./uplinks.ts";

export interface CmOptions extends CmConfig {
  /** Written into `AWLAN_Node` at start, seconds (CM2_OVS_MIN_BACKOFF, CM2_OVS_MAX_BACKOFF). */
  readonly minBackoff: number;
  readonly maxBackoff: number;
  /** Files of the `SSL` row. */
  readonly tls: { readonly privateKey: string; readonly certificate: string; readonly caCertificate: string };
  /** When the device booted: seconds since the Unix epoch. */
  readonly bootTime: () => number;
  readonly resolver?: Resolver;
}

/** CM looks after a dead peer itself: the server probes a silent connection after this long, ms. */
const inactivityProbeMs = 30_000;

/** A clock before this (February 2014) has never been set. */
const saneClock = Date.UTC(2014, 1, 1);

const tables = {
  AWLAN_Node: { columns: ["redirector_addr", "manager_addr", "min_backoff", "max_backoff"] },
  Manager: { columns: ["target", "is_connected"] },
  Connection_Manager_Uplink: { columns: ["if_name", "if_type", "priority", "has_L2", "has_L3", "is_used", "bridge"] },
  Wifi_Inet_State: { columns: ["if_name", "inet_addr"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export function createCm(options: CmOptions): ManagerDefinition {
  return {
    name: "cm",
    async start(context) {
      await writeStartRows(context, options);
      const view = await context.client.replicate(tables);
      const manager = new ConnectionManager(context, options, view);
      manager.start();
      return manager;
    },
  };
}

class ConnectionManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #options: CmOptions;
  readonly #view: View;
  readonly #resolver: Resolver;
  #machine: CmMachine;
  readonly #events: CmEvent[] = [];
  #busy = false;
  #stopped = false;
  #timer: Timer | undefined;

  constructor(context: ManagerContext, options: CmOptions, view: View) {
    this.#context = context;
    this.#options = options;
    this.#view = view;
    this.#resolver = options.resolver ?? systemResolver;
    this.#machine = initialMachine(context.clock.now());
  }

  start(): void {
    this.#view.onTransaction((changes) => {
      const changed = new Set(changes.map((change) => change.table));
      if (changed.has("AWLAN_Node")) this.#handle({ kind: "ovs-awlan" });
      if (changed.has("Manager")) this.#handle({ kind: "ovs-manager" });
      if (changed.has("Connection_Manager_Uplink") || changed.has("Wifi_Inet_State")) this.#handle({ kind: "link" });
    });
    this.#handle({ kind: "timer" });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#view.cancel();
  }

  dump(): string {
    const { state, destination, redirector, manager, link, disconnects } = this.#machine;
    const { target, connected } = this.#inputs();
    const describe = ({ text, address, candidates }: CmMachine["redirector"]) => {
      if (text === "") return "none";
      const left = candidates ? `, left to try: ${[...candidates.ipv6, ...candidates.ipv4].join(" ") || "none"}` : "";
      return `${text}${address ? "" : " (not PROTO:HOST:PORT)"}${left}`;
    };
    return [
      `state: ${state}`,
      `destination: ${destination}`,
      `redirector: ${describe(redirector)}`,
      `manager: ${describe(manager)}`,
      `uplink: ${link ?? "none"}`,
      `target: ${target === "" ? "none" : target}, ${connected ? "connected" : "not connected"}`,
      `disconnects: ${disconnects}`,
    ].join("\n");
  }

  /** Events are taken one after the other, also those that an effect of the one before brings about. */
  #handle(event: CmEvent): void {
    this.#events.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#events.shift(); next && !this.#stopped; next = this.#events.shift()) {
        if (next.kind === "link" || next.kind === "timer") this.#selectUplink();
        this.#step(next);
      }
    } finally {
      this.#busy = false;
    }
  }

  #step(event: CmEvent): void {
    const { clock, log } = this.#context;
    const { machine, effects, transitions, wakeAt } = step(this.#machine, event, this.#inputs(), this.#options);
    this.#machine = machine;
    for (const { from, to, event: cause, reason } of transitions) {
      log.debug(`state ${from} -> ${to} (${cause}: ${reason})`);
      if (to === "CONNECTED") log.notice(`connected to the ${destinationText(machine)}`);
      if (to === "QUIESCE_OVS")
        log.warning(`${destinationText(machine)}: ${reason}; next try in ${machine.backoffMs / 1000} s`);
    }
    this.#timer?.cancel();
    this.#timer =
      wakeAt === null ? undefined : clock.setTimer(wakeAt - clock.now(), () => this.#handle({ kind: "timer" }));
    const writes = effects.filter((effect) => effect.kind !== "resolve");
    if (writes.length > 0) this.#write((transaction) => this.#apply(transaction, writes), "CM - update");
    for (const effect of effects) if (effect.kind === "resolve") this.#resolve(effect.resolution, effect.host);
  }

  #inputs(): CmInputs {
    const node = this.#node();
    const manager = this.#manager();
    const { clock, random } = this.#context;
    return {
      now: clock.now(),
      redirectorAddress: node?.redirector_addr ?? "",
      managerAddress: node?.manager_addr ?? "",
      minBackoff: node?.min_backoff ?? this.#options.minBackoff,
      maxBackoff: node?.max_backoff ?? this.#options.maxBackoff,
      target: manager?.target ?? "",
      connected: manager?.is_connected ?? false,
      link: this.#usedLink(),
      clockSane: clock.wallTime() >= saneClock,
      random: random.next(),
    };
  }

  #usedLink(): CmInputs["link"] {
    const row = this.#uplinks().find((uplink) => uplink.is_used === true && uplink.has_L2 === true);
    if (!row) return null;
    // An uplink in a bridge has its address on the bridge.
    const names = new Set([row.if_name, row.bridge ?? row.if_name]);
    const addressed = [...this.#view.table("Wifi_Inet_State").rows.values()].some(
      (inet) => names.has(inet.if_name) && inet.inet_addr !== null && inet.inet_addr !== "0.0.0.0",
    );
    return { ifName: row.if_name, hasIpv4: addressed, hasIpv6: false };
  }

  #selectUplink(): void {
    if (!this.#options.linkSelection) return;
    const uplinks = this.#uplinks();
    const { priorities, used, reason } = decideUplink(uplinks);
    const wrong = uplinks.filter((uplink) => (uplink.is_used === true) !== (uplink.if_name === used));
    if (wrong.length === 0 && priorities.size === 0) return;
    if (wrong.length > 0) this.#context.log.notice(`uplink: ${used ?? "none"} (${reason})`);
    this.#write((transaction) => {
      for (const { _uuid } of wrong.filter((uplink) => uplink.if_name !== used)) {
        transaction.update("Connection_Manager_Uplink", [["_uuid", "==", _uuid]], { is_used: false });
      }
      for (const [ifName, priority] of priorities) {
        transaction.update("Connection_Manager_Uplink", [["if_name", "==", ifName]], { priority });
      }
      for (const { _uuid } of wrong.filter((uplink) => uplink.if_name === used)) {
        transaction.update("Connection_Manager_Uplink", [["_uuid", "==", _uuid]], { is_used: true });
      }
    }, "CM - update Connection_Manager_Uplink");
  }

  #apply(transaction: TransactionBuilder<OpenSync>, effects: readonly CmEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "set-target":
          if (this.#manager()) transaction.update("Manager", [], { target: effect.target });
          // Somebody removed the row (ovs-vsctl del-manager): the connection is CM's to keep.
          else transaction.update("Open_vSwitch", [], { manager_options: [insertManager(transaction, effect.target)] });
          break;
        case "clear-manager-address":
          transaction.update("AWLAN_Node", [], { manager_addr: "" });
          break;
        case "write-boot-time":
          transaction.update("AWLAN_Node", [], { boot_time: Math.max(1, this.#options.bootTime()) });
          break;
        case "update-link":
          transaction.update("Connection_Manager_Uplink", [["is_used", "==", true]], {
            ...(effect.ipv4 ? { ipv4: effect.ipv4, unblock_ts: null } : {}),
            ...(effect.ipv6 ? { ipv6: effect.ipv6, unblock_ts: null } : {}),
            ...(effect.ntpState === undefined ? {} : { ntp_state: effect.ntpState }),
          });
          break;
        case "set-cloud-counter":
          transaction.update("Connection_Manager_Uplink", [["is_used", "==", true]], {
            unreachable_cloud_counter: effect.value,
          });
          break;
        case "resolve":
          break;
      }
    }
  }

  /** A write that is refused is logged; the state's timeout then takes the machine on. */
  #write(build: (transaction: TransactionBuilder<OpenSync>) => void, comment: string): void {
    const { client, log } = this.#context;
    client.transact(build, { comment }).catch((error) => {
      if (!this.#stopped) log.error(`${comment}: ${messageOf(error)}`);
    });
  }

  #resolve(resolution: number, host: string): void {
    const { clock, log } = this.#context;
    let late = false;
    const answer = this.#resolver(host).catch((error) => {
      if (!late) log.warning(`${host}: not resolved: ${messageOf(error)}`);
      return { ipv4: [], ipv6: [] };
    });
    withDeadline(clock, answer, managerLimits.resolveDeadlineMs, host).then(
      (addresses) => this.#handle({ kind: "resolved", resolution, addresses }),
      (error) => {
        late = true;
        log.warning(`resolver: ${messageOf(error)}`);
        this.#handle({ kind: "resolve-timeout", resolution });
      },
    );
  }

  #node(): Row<"AWLAN_Node"> | undefined {
    return this.#view.table("AWLAN_Node").rows.values().next().value;
  }

  #manager(): Row<"Manager"> | undefined {
    return this.#view.table("Manager").rows.values().next().value;
  }

  #uplinks(): readonly Row<"Connection_Manager_Uplink">[] {
    return [...this.#view.table("Connection_Manager_Uplink").rows.values()];
  }
}

function destinationText(machine: CmMachine): string {
  return `${machine.destination} ${machine[machine.destination].text}`.trimEnd();
}

/** The rows that CM makes sure of at start: `Open_vSwitch` with its `Manager` (not dialling yet) and `SSL`. */
async function writeStartRows({ client }: ManagerContext, options: CmOptions): Promise<void> {
  const replica = await client.replicate({
    Open_vSwitch: { columns: ["manager_options", "ssl"] },
    AWLAN_Node: { columns: ["id"] },
  });
  const root: Row<"Open_vSwitch"> | undefined = replica.table("Open_vSwitch").rows.values().next().value;
  const hasNode = replica.table("AWLAN_Node").rows.size > 0;
  replica.cancel();
  const { privateKey, certificate, caCertificate } = options.tls;
  const sslColumns = { private_key: privateKey, certificate, ca_cert: caCertificate };
  const backoffs = { min_backoff: options.minBackoff, max_backoff: options.maxBackoff };
  await client.transact(
    (transaction) => {
      const parent: { manager_options?: readonly NamedUuid[]; ssl?: NamedUuid } = {};
      if (root && root.manager_options.length > 0) {
        transaction.update("Manager", [], { target: "", inactivity_probe: inactivityProbeMs });
      } else {
        parent.manager_options = [insertManager(transaction, "")];
      }
      if (root && root.ssl !== null) transaction.update("SSL", [], sslColumns);
      else parent.ssl = transaction.insert("SSL", sslColumns);
      if (!root) transaction.insert("Open_vSwitch", parent);
      else if (Object.keys(parent).length > 0) transaction.update("Open_vSwitch", [], parent);
      if (hasNode) transaction.update("AWLAN_Node", [], backoffs);
      else transaction.insert("AWLAN_Node", backoffs);
    },
    { comment: "CM - upsert Open_vSwitch Manager SSL AWLAN_Node" },
  );
}

function insertManager(transaction: TransactionBuilder<OpenSync>, target: string): NamedUuid {
  return transaction.insert("Manager", { target, inactivity_probe: inactivityProbeMs });
}
