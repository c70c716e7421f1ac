/**
 * NM's stand-in for the switch daemon, where Open vSwitch's tools look for one: makes the ports of the bridges ports of the
 * target's bridges, numbers them, says which of them have no device, and takes note of every change (`Open_vSwitch.cur_cfg`).
 */

import { isDeepStrictEqual } from "node:util";
import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import { Complaints } from "../complaints.ts";
import type { ManagerContext } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { bridgePorts } from "./bridge-ports.ts";
import { sameColumns } from "./columns.ts";
import { devicesOf } from "./devices.ts";
import { Problems } from "./problems.ts";
import { type InterfaceReport, reportInterfaces, type SwitchRows } from "./switch-state.ts";

const tables = {
  Open_vSwitch: { columns: ["next_cfg", "cur_cfg"] },
  Bridge: { columns: ["name", "ports"] },
  Port: { columns: ["name", "interfaces"] },
  Interface: {
    columns: ["name", "type", "ofport", "ofport_request", "error", "mac_in_use", "admin_state", "link_state"],
  },
  Wifi_VIF_State: { columns: ["if_name", "enabled", "mac", "bridge"] },
  Wifi_Inet_Config: { columns: ["if_name", "if_type", "enabled"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export class Switch {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #reconciler: Reconciler;
  readonly #complaints: Complaints;
  readonly #problems: Problems;
  /** The ports of each bridge, as the target was told. */
  #stated: ReadonlyMap<string, readonly string[]> = new Map();
  #onPorts = () => {};
  #unsubscribe = () => {};

  private constructor(context: ManagerContext, view: View) {
    this.#context = context;
    this.#view = view;
    this.#complaints = new Complaints(context.clock, context.log);
    this.#problems = new Problems(this.#complaints);
    this.#reconciler = new Reconciler(
      () => this.#report(),
      (error) => context.log.error(`Interface, Open_vSwitch: state not written: ${messageOf(error)}`),
    );
  }

  static async start(context: ManagerContext): Promise<Switch> {
    const running = new Switch(context, await context.client.replicate(tables));
    running.#start();
    return running;
  }

  #start(): void {
    this.#view.onTransaction(() => this.#reconciler.request());
    this.#unsubscribe = this.#context.target.network.onChange(() => this.#reconciler.request());
    this.#reconciler.request();
  }

  stop(): void {
    this.#reconciler.stop();
    this.#unsubscribe();
    this.#onPorts = () => {};
    this.#view.cancel();
  }

  /** `listener` hears when bridges have other ports. */
  onPorts(listener: () => void): void {
    this.#onPorts = listener;
  }

  /** The interfaces that are ports of a bridge. */
  members(): ReadonlySet<string> {
    return new Set([...this.#stated.values()].flat());
  }

  /** Bridges with their ports' numbers, one line each. */
  dump(): readonly string[] {
    const ports = this.#view.table("Port").rows;
    const interfaces = this.#view.table("Interface").rows;
    return [...this.#view.table("Bridge").rows.values()].map((bridge) => {
      const names = bridge.ports
        .flatMap((port) => ports.get(port)?.interfaces ?? [])
        .flatMap((uuid) => interfaces.get(uuid) ?? [])
        .map(({ name, ofport, error }) => `${name} ${error ? "(no device)" : (ofport ?? "(new)")}`);
      return `bridge ${bridge.name}: ${names.sort().join(", ")}`;
    });
  }

  /** One transaction: whoever waits for `cur_cfg` then finds the ports as they are. */
  async #report(): Promise<void> {
    this.#statePorts();
    const changes = this.#changes();
    const behind = [...this.#view.table("Open_vSwitch").rows.values()].filter((row) => row.next_cfg !== row.cur_cfg);
    if (changes.length + behind.length === 0) return;
    await this.#context.client.transact(
      (transaction) => {
        for (const [uuid, report] of changes) transaction.update("Interface", [["_uuid", "==", uuid]], report);
        for (const { _uuid, next_cfg } of behind) {
          transaction.update("Open_vSwitch", [["_uuid", "==", _uuid]], { cur_cfg: next_cfg });
        }
      },
      { comment: "NM - update switch" },
    );
  }

  #statePorts(): void {
    const inets = [...this.#view.table("Wifi_Inet_Config").rows.values()];
    const { ports, problems } = bridgePorts(
      this.#rows(),
      inets.filter((row) => row.if_type === "bridge" && row.enabled).map((row) => row.if_name),
      this.#view.table("Wifi_VIF_State").rows.values(),
    );
    this.#problems.report(problems);
    const before = this.#stated;
    if (isDeepStrictEqual(before, ports)) return;
    this.#stated = ports;
    for (const name of before.keys()) if (!ports.has(name)) this.#setPorts(name, null);
    for (const [name, members] of ports) {
      if (!isDeepStrictEqual(before.get(name), members)) this.#setPorts(name, members);
    }
    this.#onPorts();
  }

  #setPorts(bridge: string, ports: readonly string[] | null): void {
    try {
      this.#context.target.network.setBridgePorts(bridge, ports);
    } catch (error) {
      this.#complaints.say(`Bridge ${bridge}: the device does not take its ports: ${messageOf(error)}`);
    }
  }

  #rows(): SwitchRows {
    return {
      bridges: this.#view.table("Bridge").rows.values(),
      ports: this.#view.table("Port").rows,
      interfaces: this.#view.table("Interface").rows,
    };
  }

  #changes(): readonly (readonly [Uuid, InterfaceReport])[] {
    const interfaces = this.#view.table("Interface").rows;
    const { log, target } = this.#context;
    const devices = devicesOf(target.network.links(), this.#view.table("Wifi_VIF_State").rows.values());
    // A VLAN or a tunnel is made a moment after its row has come.
    const coming = new Set(
      [...this.#view.table("Wifi_Inet_Config").rows.values()]
        .filter(({ enabled }) => enabled)
        .map((row) => row.if_name),
    );
    return [...reportInterfaces(this.#rows(), devices)].filter(([uuid, report]) => {
      const shown = interfaces.get(uuid);
      if (!shown || sameColumns(shown, report)) return false;
      if (report.error !== null && report.error !== shown.error) {
        if (coming.has(shown.name)) log.info(`${report.error}; it is configured`);
        else log.warning(report.error);
      }
      return true;
    });
  }
}
