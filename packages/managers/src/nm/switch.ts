/**
 * NM's stand-in for the switch daemon, where Open vSwitch's tools look for one: numbers the ports of the bridges, says
 * which of them have no device, and takes note of every change (`Open_vSwitch.cur_cfg`). No packet passes through it.
 */

import { messageOf } from "@opensync-ts/base/errors";
import type { Replica } from "@opensync-ts/ovsdb/client";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import type { OpenSync } from "@opensync-ts/schema/opensync";
import type { ManagerContext } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { sameColumns } from "./columns.ts";
import { devicesOf } from "./devices.ts";
import { type InterfaceReport, reportInterfaces } from "./switch-state.ts";

const tables = {
  Open_vSwitch: { columns: ["next_cfg", "cur_cfg"] },
  Bridge: { columns: ["name", "ports"] },
  Port: { columns: ["name", "interfaces"] },
  Interface: {
    columns: ["name", "type", "ofport", "ofport_request", "error", "mac_in_use", "admin_state", "link_state"],
  },
  Wifi_VIF_State: { columns: ["if_name", "enabled", "mac"] },
} as const;

type View = Replica<OpenSync, keyof typeof tables>;

export class Switch {
  readonly #context: ManagerContext;
  readonly #view: View;
  readonly #reconciler: Reconciler;
  #unsubscribe = () => {};

  private constructor(context: ManagerContext, view: View) {
    this.#context = context;
    this.#view = view;
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
    this.#view.cancel();
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

  #changes(): readonly (readonly [Uuid, InterfaceReport])[] {
    const interfaces = this.#view.table("Interface").rows;
    const rows = {
      bridges: this.#view.table("Bridge").rows.values(),
      ports: this.#view.table("Port").rows,
      interfaces,
    };
    const devices = devicesOf(this.#context.target.network.links(), this.#view.table("Wifi_VIF_State").rows.values());
    return [...reportInterfaces(rows, devices)].filter(([uuid, report]) => {
      const shown = interfaces.get(uuid);
      if (!shown || sameColumns(shown, report)) return false;
      if (report.error !== null && report.error !== shown.error) this.#context.log.warning(report.error);
      return true;
    });
  }
}
