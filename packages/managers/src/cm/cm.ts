/**
 * CM, the connection manager: chooses the uplink and brings the node to its controller by way of the redirector. It
 * acts on the events of the database at once; its timers end what has taken too long, and look after the uplink.
 *
 * This file feeds the state machine and carries out what it asks for. Uplinks are `uplink-keeper.ts`, checks `monitor.ts`.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { withDeadline } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { TableChange, TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Complaints } from "../complaints.ts";
import { managerLimits } from "../limits.ts";
import type { ManagerContext, ManagerDefinition, RunningManager } from "../manager.ts";
import { describeMachine } from "./dump.ts";
import {
  type CmConfig,
  type CmEffect,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  initialMachine,
} from "./machine.ts";
import { Monitor, type MonitorOptions } from "./monitor.ts";
import { OutageKeeper } from "./outage-keeper.ts";
import { networkReach, type Reach, race } from "./race.ts";
import { Repairs } from "./repairs.ts";
import { type Resolver, systemResolver } from "./resolver.ts";
import { restoreManager, restoreSsl, type StartRowsOptions, writeStartRows } from "./start-rows.ts";
import { step } from "./state-machine.ts";
import { UplinkKeeper } from "./uplink-keeper.ts";
import { type CmTable, type CmView, cmTables, firstOf, offlineView, otherUsable, usedLink, usedRow } from "./view.ts";

export interface CmOptions extends CmConfig, MonitorOptions, StartRowsOptions {
  /** The bridge of the LAN (TARGET_LAN_BRIDGE_NAME). */
  readonly lanBridge: string;
  /** When the device booted: seconds since the Unix epoch. */
  readonly bootTime: () => number;
  /** By default the system's. */
  readonly resolver?: Resolver;
  /** By default TCP over the machine's network. */
  readonly reach?: Reach;
}

/** A clock before this (February 2014) has never been set. */
const saneClock = Date.UTC(2014, 1, 1);

/** Tables that concern uplinks; the state machine then looks at the one in use. */
const uplinkTables: ReadonlySet<CmTable> = new Set<CmTable>([
  "Connection_Manager_Uplink",
  "Wifi_Master_State",
  "Wifi_Inet_State",
  "Wifi_Inet_Config",
  "Wifi_VIF_Config",
  "Wifi_VIF_State",
  "Wifi_Radio_State",
  "Bridge",
  "Port",
  "Tunnel_Interface",
  "IP_Interface",
  "IPv6_Address",
]);

/** Columns of an uplink that nothing depends on: they tell others. */
const counters: ReadonlySet<string> = new Set([
  "unreachable_link_counter",
  "unreachable_router_counter",
  "unreachable_internet_counter",
  "unreachable_cloud_counter",
  "ntp_state",
]);

function concernsUplinks({ table, kind, changed }: TableChange<OpenSync, CmTable>): boolean {
  if (!uplinkTables.has(table)) return false;
  return table !== "Connection_Manager_Uplink" || kind !== "modify" || [...changed].some((name) => !counters.has(name));
}

export function createCm(options: CmOptions): ManagerDefinition {
  return {
    name: "cm",
    async start(context) {
      await writeStartRows(context, options);
      const view = await context.client.replicate(cmTables);
      const manager = new ConnectionManager(context, options, view);
      manager.start();
      return manager;
    },
  };
}

class ConnectionManager implements RunningManager {
  readonly #context: ManagerContext;
  readonly #options: CmOptions;
  readonly #view: CmView;
  readonly #resolver: Resolver;
  readonly #reach: Reach;
  readonly #complaints: Complaints;
  readonly #uplinks: UplinkKeeper;
  readonly #outages: OutageKeeper;
  readonly #repairs: Repairs;
  readonly #monitor: Monitor;
  #machine: CmMachine;
  readonly #events: CmEvent[] = [];
  #busy = false;
  #stopped = false;
  #timer: Timer | undefined;
  /** A wired uplink has been in use: its loss is an outage. */
  #hadWired = false;

  constructor(context: ManagerContext, options: CmOptions, view: CmView) {
    this.#context = context;
    this.#options = options;
    this.#view = view;
    this.#resolver = options.resolver ?? systemResolver;
    this.#reach = options.reach ?? networkReach(context.target.network);
    this.#complaints = new Complaints(context.clock, context.log);
    this.#machine = initialMachine(context.clock.now());
    this.#outages = new OutageKeeper(context, view);
    this.#repairs = new Repairs(context, view);
    this.#monitor = new Monitor(
      context,
      view,
      options,
      {
        outages: this.#outages,
        repairs: this.#repairs,
        onChecked: (check, outcome) => this.#handle({ kind: "checked", check: check ?? -1, outcome }),
        onFatal: () => this.#handle({ kind: "fatal" }),
      },
      () => this.#clockSane(),
    );
    this.#uplinks = new UplinkKeeper(context, view, {
      lanBridge: options.lanBridge,
      onUnblock: (ifName) => this.#monitor.checkBlocked(ifName),
    });
  }

  start(): void {
    this.#view.onTransaction((changes) => {
      const changed = new Set(changes.map((change) => change.table));
      if (changed.has("SSL")) this.#keepSsl();
      if (changed.has("AWLAN_Node")) this.#handle({ kind: "ovs-awlan" });
      if (changed.has("Manager")) this.#handle({ kind: "ovs-manager" });
      if (!changes.some(concernsUplinks)) return;
      if (this.#options.linkSelection) this.#uplinks.request();
      this.#handle({ kind: "link" });
    });
    if (this.#options.linkSelection) {
      this.#outages.start();
      this.#uplinks.request();
    }
    this.#handle({ kind: "timer" });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#monitor.stop();
    this.#uplinks.stop();
    this.#outages.stop();
    await this.#repairs.stop();
    this.#view.cancel();
  }

  dump(): string {
    return [
      ...describeMachine(this.#machine, this.#inputs()),
      `bridging: ${this.#uplinks.dump()}`,
      `checks: ${this.#monitor.dump()}`,
      `outages: ${this.#outages.dump()}`,
    ].join("\n");
  }

  /** Events are taken one after the other, also those that an effect of the one before brings about. */
  #handle(event: CmEvent): void {
    this.#events.push(event);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#events.shift(); next && !this.#stopped; next = this.#events.shift()) this.#step(next);
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
    this.#noteLink();
    const writes = effects.filter(isWrite);
    if (writes.length > 0) this.#write((transaction) => this.#apply(transaction, writes), "CM - update");
    for (const effect of effects) this.#carryOut(effect);
    this.#pace();
  }

  #inputs(): CmInputs {
    const node = firstOf(this.#view, "AWLAN_Node");
    const manager = firstOf(this.#view, "Manager");
    const { clock, random } = this.#context;
    return {
      now: clock.now(),
      redirectorAddress: node?.redirector_addr ?? "",
      managerAddress: node?.manager_addr ?? "",
      minBackoff: node?.min_backoff ?? this.#options.minBackoff,
      maxBackoff: node?.max_backoff ?? this.#options.maxBackoff,
      target: manager?.target ?? "",
      connected: manager?.is_connected ?? false,
      link: usedLink(this.#view),
      otherUplink: otherUsable(this.#view, usedRow(this.#view)?.if_name ?? null),
      offline: offlineView(this.#view),
      clockSane: this.#clockSane(),
      random: random.next(),
    };
  }

  #clockSane(): boolean {
    return this.#context.clock.wallTime() >= saneClock;
  }

  #noteLink(): void {
    if (!this.#options.linkSelection) return;
    const link = usedLink(this.#view);
    if (link?.kind === "wired") {
      this.#hadWired = true;
      this.#outages.note({ LINK: false });
    } else if (link) {
      this.#hadWired = false;
    } else if (this.#hadWired) {
      this.#outages.note({ LINK: true });
    }
  }

  /** Checks in intervals begin with the first connection, and rest while there is no uplink. */
  #pace(): void {
    const { everConnected, state, hasty } = this.#machine;
    const { linkSelection, stabilityChecks } = this.#options;
    const watched = linkSelection && stabilityChecks && everConnected && state !== "INIT" && state !== "LINK_SEL";
    this.#monitor.watch(watched ? (hasty ? "short" : "normal") : null);
  }

  #carryOut(effect: CmEffect): void {
    switch (effect.kind) {
      case "resolve":
        this.#resolve(effect.resolution, effect.host);
        break;
      case "race":
        this.#race(effect);
        break;
      case "check":
        this.#monitor.check(effect.check, effect.kinds);
        break;
      case "repair":
        this.#repairs.start(effect.ifName, effect.repair);
        break;
      case "explain":
        this.#context.log.info(effect.text);
        break;
      case "restart-managers":
        this.#restartManagers(effect.reason);
        break;
    }
  }

  #restartManagers(reason: string): void {
    const { log, target } = this.#context;
    if (target.control) {
      log.warning(`restarts the managers: ${reason}`);
      target.control.restartManagers(reason);
    } else {
      log.warning(`starts afresh: ${reason} (nobody here can restart the managers)`);
    }
  }

  #apply(transaction: TransactionBuilder<OpenSync>, effects: readonly CmEffect[]): void {
    const used = [["is_used", "==", true]] as const;
    const row = usedRow(this.#view);
    for (const effect of effects) {
      switch (effect.kind) {
        case "set-target":
          if (firstOf(this.#view, "Manager")) transaction.update("Manager", [], { target: effect.target });
          else restoreManager(transaction, effect.target);
          break;
        case "clear-manager-address":
          transaction.update("AWLAN_Node", [], { manager_addr: "" });
          break;
        case "write-boot-time":
          transaction.update("AWLAN_Node", [], { boot_time: Math.max(1, this.#options.bootTime()) });
          break;
        case "set-ntp-state":
          if (row?.ntp_state !== effect.value)
            transaction.update("Connection_Manager_Uplink", used, { ntp_state: effect.value });
          break;
        case "set-cloud-counter":
          if (row?.unreachable_cloud_counter !== effect.value)
            transaction.update("Connection_Manager_Uplink", used, { unreachable_cloud_counter: effect.value });
          break;
        case "set-offline":
          this.#setOffline(transaction, String(effect.value));
          break;
      }
    }
  }

  #setOffline(transaction: TransactionBuilder<OpenSync>, value: string): void {
    const key = { module: "PM", key: "gw_offline" } as const;
    const known = this.#view.table("Node_Config").find((row) => row.module === key.module && row.key === key.key);
    this.#context.log.notice(`gw_offline is set to ${value}`);
    if (known) transaction.update("Node_Config", [["_uuid", "==", known._uuid]], { value });
    else transaction.insert("Node_Config", { ...key, value });
  }

  #keepSsl(): void {
    if (firstOf(this.#view, "SSL")) return;
    this.#write((transaction) => restoreSsl(transaction, this.#options.tls), "CM - insert SSL");
  }

  /** A write that is refused is logged; the state's timeout then takes the machine on. */
  #write(build: (transaction: TransactionBuilder<OpenSync>) => void, comment: string): void {
    this.#context.client.transact(build, { comment }).catch((error) => {
      if (!this.#stopped) this.#complaints.say(`${comment}: ${messageOf(error)}`);
    });
  }

  #resolve(resolution: number, host: string): void {
    const { clock } = this.#context;
    let late = false;
    const answer = this.#resolver(host).catch((error) => {
      if (!late && !this.#stopped) this.#complaints.say(`${host}: not resolved: ${messageOf(error)}`);
      return { ipv4: [], ipv6: [] };
    });
    withDeadline(clock, answer, managerLimits.resolveDeadlineMs, host).then(
      (addresses) => this.#handle({ kind: "resolved", resolution, addresses }),
      (error) => {
        late = true;
        if (!this.#stopped) this.#complaints.say(`resolver: ${messageOf(error)}`);
        this.#handle({ kind: "resolve-timeout", resolution });
      },
    );
  }

  #race({ resolution, port, candidates }: CmEffect & { kind: "race" }): void {
    const { clock, signal, log } = this.#context;
    void race(candidates, port, { clock, signal, reach: this.#reach }).then((winner) => {
      log.debug(`port ${port}: ${winner ?? "neither family"} answers first`);
      this.#handle({ kind: "raced", resolution, winner });
    });
  }
}

function isWrite({ kind }: CmEffect): boolean {
  return !["resolve", "race", "check", "repair", "explain", "restart-managers"].includes(kind);
}

function destinationText(machine: CmMachine): string {
  return `${machine.destination} ${machine[machine.destination].text}`.trimEnd();
}
