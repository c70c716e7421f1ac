/** Carries out what may mend an uplink: its DHCP client asks anew, or its interface goes off and on. By rows: NM acts. */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import { Complaints } from "../complaints.ts";
import type { ManagerContext } from "../manager.ts";
import { cmLimits } from "./limits.ts";
import type { Repair } from "./recovery.ts";
import { type CmView, deviceOf, rowsOf, uplinkRow } from "./view.ts";

export class Repairs {
  readonly #context: ManagerContext;
  readonly #view: CmView;
  readonly #complaints: Complaints;
  /** Interfaces that are off, by name. */
  readonly #off = new Map<string, Timer>();

  constructor(context: ManagerContext, view: CmView) {
    this.#context = context;
    this.#view = view;
    this.#complaints = new Complaints(context.clock, context.log);
  }

  start(ifName: string, repair: Repair): void {
    const uplink = uplinkRow(this.#view, ifName);
    if (!uplink) return;
    if (repair === "renew") void this.#renew(deviceOf(uplink));
    else void this.#restart(ifName);
  }

  /** What is off goes on again. */
  async stop(): Promise<void> {
    const names = [...this.#off.keys()];
    for (const timer of this.#off.values()) timer.cancel();
    this.#off.clear();
    await Promise.all(names.map((name) => this.#switch(name, true)));
  }

  async #renew(device: string): Promise<void> {
    const config = rowsOf(this.#view, "Wifi_Inet_Config").find((row) => row.if_name === device);
    if (config?.ip_assign_scheme !== "dhcp") return;
    this.#context.log.info(`${device}: the address is asked for anew`);
    await this.#write(device, { dhcp_renew: (config.dhcp_renew + 1) % 2 ** 32 });
  }

  async #restart(ifName: string): Promise<void> {
    if (this.#off.has(ifName)) return;
    this.#context.log.notice(`${ifName}: is switched off and on`);
    const timer = this.#context.clock.setTimer(cmLimits.interfaceOffMs, () => {
      this.#off.delete(ifName);
      void this.#switch(ifName, true);
    });
    this.#off.set(ifName, timer);
    await this.#switch(ifName, false);
  }

  #switch(ifName: string, on: boolean): Promise<void> {
    return this.#write(ifName, { enabled: on, network: on });
  }

  async #write(ifName: string, columns: { enabled?: boolean; network?: boolean; dhcp_renew?: number }): Promise<void> {
    const { client, signal } = this.#context;
    try {
      await client.transact(
        (transaction) => transaction.update("Wifi_Inet_Config", [["if_name", "==", ifName]], columns),
        { comment: "CM - repair Wifi_Inet_Config" },
      );
    } catch (error) {
      if (!signal.aborted) this.#complaints.say(`${ifName}: Wifi_Inet_Config not written: ${messageOf(error)}`);
    }
  }
}
