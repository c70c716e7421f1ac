/**
 * Keeps the rows of uplinks: makes those of a leaf, chooses the one in use, moves it into its bridge and out again, and ends
 * blocks. Each round looks at everything anew and writes what differs; the decisions are pure and stand in files of their own.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { TransactionBuilder } from "@opensync-ts/ovsdb/client";
import type { OpenSync, Write } from "@opensync-ts/schema/opensync";
import { Complaints } from "../complaints.ts";
import type { ManagerContext } from "../manager.ts";
import { Reconciler } from "../reconciler.ts";
import { planBackhaul } from "./backhaul.ts";
import { afterBlock, unblockTime } from "./blocking.ts";
import { type BridgingPlan, type IpConfig, isPort, planJoin, planLeave } from "./bridging.ts";
import { differing } from "./differing.ts";
import { type EthernetPorts, nextEthernetPorts } from "./ethernet-ports.ts";
import { cmLimits } from "./limits.ts";
import { decideUplink, isWifi, isWired } from "./uplinks.ts";
import {
  type CmView,
  deviceOf,
  firstOf,
  rowsOf,
  stations,
  tunnelsUp,
  type UplinkRow,
  usedRow,
  wifiBands,
} from "./view.ts";

export interface UplinkKeeperOptions {
  readonly lanBridge: string;
  /** A blocked uplink has had its time: it is to be checked. */
  readonly onUnblock: (ifName: string) => void;
}

interface Placed {
  readonly ifName: string;
  readonly bridge: string;
  readonly kind: "uplink" | "wifi-uplink";
  /** The bridge's IP configuration before. */
  readonly kept: IpConfig | null;
}

export class UplinkKeeper {
  readonly #context: ManagerContext;
  readonly #view: CmView;
  readonly #options: UplinkKeeperOptions;
  readonly #complaints: Complaints;
  readonly #reconciler: Reconciler;
  #placed: Placed | null = null;
  #ethernet: EthernetPorts = new Map();
  #timer: Timer | undefined;
  /** The managers end soon. */
  #restarting = false;

  constructor(context: ManagerContext, view: CmView, options: UplinkKeeperOptions) {
    this.#context = context;
    this.#view = view;
    this.#options = options;
    this.#complaints = new Complaints(context.clock, context.log, "uplinks: ");
    this.#reconciler = new Reconciler(
      () => this.#round(),
      (error) => this.#complaints.say(messageOf(error)),
    );
  }

  /** Something that concerns uplinks may have changed. */
  request(): void {
    this.#reconciler.request();
  }

  stop(): void {
    this.#reconciler.stop();
    this.#timer?.cancel();
  }

  dump(): string {
    const ports = [...this.#ethernet].map(([name, { state }]) => `${name} ${state}`);
    const place = this.#placed ? `${this.#placed.ifName} in ${this.#placed.bridge}` : "none in a bridge";
    return [place, ...ports].join(", ");
  }

  async #round(): Promise<void> {
    await this.#keepBackhaul();
    await this.#clearLost();
    await this.#choose();
    await this.#place();
    await this.#keepEthernetPorts();
    await this.#unblock();
    this.#arm();
  }

  #uplinks(): readonly UplinkRow[] {
    return rowsOf(this.#view, "Connection_Manager_Uplink").slice(0, cmLimits.uplinks);
  }

  async #keepBackhaul(): Promise<void> {
    const plan = planBackhaul({
      stations: stations(this.#view).slice(0, cmLimits.backhauls),
      inetConfigs: rowsOf(this.#view, "Wifi_Inet_Config"),
      uplinks: this.#uplinks(),
      tunnelsUp: tunnelsUp(this.#view),
      lanBridge: this.#options.lanBridge,
    });
    for (const complaint of plan.complaints) this.#complaints.say(complaint);
    const { inet, uplinks, deletedInet, deletedUplinks } = plan;
    if (inet.length + uplinks.length + deletedInet.length + deletedUplinks.length === 0) return;
    await this.#write("backhaul", (transaction) => {
      for (const name of deletedUplinks) transaction.delete("Connection_Manager_Uplink", [["if_name", "==", name]]);
      for (const name of deletedInet) transaction.delete("Wifi_Inet_Config", [["if_name", "==", name]]);
      for (const { insert, row } of inet) {
        if (insert) transaction.insert("Wifi_Inet_Config", row);
        else transaction.update("Wifi_Inet_Config", [["if_name", "==", row.if_name]], row);
      }
      for (const { insert, row } of uplinks) {
        if (insert) transaction.insert("Connection_Manager_Uplink", row);
        else transaction.update("Connection_Manager_Uplink", [["if_name", "==", row.if_name]], row);
      }
    });
  }

  /** What has lost its link is not known to be anything. */
  async #clearLost(): Promise<void> {
    const lost = this.#uplinks().flatMap((row) => {
      const columns = row.has_L2 === true ? {} : differing(row, unknown);
      return Object.keys(columns).length > 0 ? [{ row, columns }] : [];
    });
    if (lost.length === 0) return;
    for (const { row } of lost) if (row.ipv4 === "blocked") this.#setMetric(row, 0);
    await this.#write("Connection_Manager_Uplink", (transaction) => {
      for (const { row, columns } of lost)
        transaction.update("Connection_Manager_Uplink", [["_uuid", "==", row._uuid]], columns);
    });
  }

  async #choose(): Promise<void> {
    const { log, target } = this.#context;
    const uplinks = this.#uplinks();
    const { priorities, used, reason } = decideUplink(uplinks, wifiBands(this.#view));
    const wrong = uplinks.filter((uplink) => (uplink.is_used === true) !== (uplink.if_name === used));
    if (wrong.length === 0 && priorities.size === 0) return;
    if (wrong.length > 0) log.notice(`uplink: ${used ?? "none"} (${reason})`);
    const before = uplinks.find((uplink) => uplink.is_used === true);
    const next = uplinks.find((uplink) => uplink.if_name === used);
    const becomesGateway = before && next && isWifi(before.if_type) && isWired(next.if_type);
    if (becomesGateway && firstOf(this.#view, "Manager")?.is_connected === true) {
      const why = `uplink changes from ${before.if_name} to ${next.if_name}: a leaf becomes a gateway`;
      if (target.control) {
        if (!this.#restarting) target.control.restartManagers(why);
        this.#restarting = true;
        return;
      }
      log.warning(`${why}; the managers should be restarted, which nobody can do here`);
    }
    await this.#write("Connection_Manager_Uplink", (transaction) => {
      for (const { _uuid } of wrong.filter((uplink) => uplink.if_name !== used))
        transaction.update("Connection_Manager_Uplink", [["_uuid", "==", _uuid]], { is_used: false });
      for (const [ifName, priority] of priorities)
        transaction.update("Connection_Manager_Uplink", [["if_name", "==", ifName]], { priority });
      for (const { _uuid } of wrong.filter((uplink) => uplink.if_name === used))
        transaction.update("Connection_Manager_Uplink", [["_uuid", "==", _uuid]], { is_used: true });
    });
  }

  /** Brings the uplink in use into the bridge that its row names, and the one before out of its own. */
  async #place(): Promise<void> {
    const used = usedRow(this.#view);
    const bridge = used?.bridge || null;
    const placed = this.#placed;
    if (placed && (placed.ifName !== used?.if_name || placed.bridge !== bridge)) {
      await this.#carryOut(
        planLeave(this.#bridgeView(), placed.bridge, placed.ifName, placed.kind, placed.kept),
        false,
      );
      this.#placed = null;
    }
    if (!used || bridge === null) return;
    const kind = isWifi(used.if_type) ? "wifi-uplink" : "uplink";
    // Somebody took the port out again: only the port is missing.
    const plan = planJoin(this.#bridgeView(), bridge, used.if_name, this.#placed ? "lan-port" : kind);
    if (plan.problem !== null) {
      this.#complaints.say(plan.problem);
      return;
    }
    const kept = rowsOf(this.#view, "Wifi_Inet_Config").find((row) => row.if_name === bridge) ?? null;
    const moves = plan.ports.length > 0;
    await this.#carryOut(plan, moves && !this.#placed);
    this.#placed ??= { ifName: used.if_name, bridge, kind, kept: moves ? kept : null };
  }

  /** Ethernet ports of a leaf that turn out to have clients behind them are ports of its LAN. */
  async #keepEthernetPorts(): Promise<void> {
    const used = usedRow(this.#view);
    const { clock } = this.#context;
    const { ports, loops, join, leave } = nextEthernetPorts(this.#ethernet, {
      now: clock.now(),
      leaf: used !== undefined && isWifi(used.if_type),
      connected: firstOf(this.#view, "Manager")?.is_connected === true,
      uplinks: this.#uplinks(),
    });
    this.#ethernet = ports;
    if (loops.size > 0) {
      await this.#write("Connection_Manager_Uplink", (transaction) => {
        for (const [ifName, loop] of loops)
          transaction.update("Connection_Manager_Uplink", [["if_name", "==", ifName]], { loop });
      });
    }
    const { lanBridge } = this.#options;
    for (const name of join) {
      const plan = planJoin(this.#bridgeView(), lanBridge, name, "lan-port");
      if (plan.problem !== null) this.#complaints.say(plan.problem);
      else await this.#carryOut(plan, false);
    }
    for (const name of leave) {
      if (!isPort(this.#bridgeView(), lanBridge, name)) continue;
      await this.#carryOut(planLeave(this.#bridgeView(), lanBridge, name, "lan-port", null), false);
    }
  }

  async #unblock(): Promise<void> {
    const { clock } = this.#context;
    const due = this.#uplinks().flatMap((row) => {
      const columns = afterBlock(row, clock.now());
      return columns ? [{ row, columns }] : [];
    });
    if (due.length === 0) return;
    await this.#write("Connection_Manager_Uplink", (transaction) => {
      for (const { row, columns } of due)
        transaction.update("Connection_Manager_Uplink", [["_uuid", "==", row._uuid]], columns);
    });
    for (const { row } of due) this.#options.onUnblock(row.if_name);
  }

  #arm(): void {
    const { clock } = this.#context;
    const blocks = this.#uplinks()
      .filter((row) => row.ipv4 === "blocked" || row.ipv6 === "blocked")
      .map(unblockTime);
    const delays = [...this.#ethernet.values()].flatMap(({ dueAt }) => dueAt ?? []);
    const times = [...blocks, ...delays];
    this.#timer?.cancel();
    this.#timer =
      times.length === 0 ? undefined : clock.setTimer(Math.min(...times) - clock.now(), () => this.request());
  }

  #bridgeView() {
    return {
      bridges: rowsOf(this.#view, "Bridge"),
      ports: rowsOf(this.#view, "Port"),
      inetConfigs: rowsOf(this.#view, "Wifi_Inet_Config"),
    };
  }

  /** `renew`: the bridge's DHCP client is to ask anew. */
  async #carryOut({ ports, inet }: BridgingPlan, renew: boolean): Promise<void> {
    const configs = rowsOf(this.#view, "Wifi_Inet_Config");
    const writes = inet.flatMap(({ ifName, columns }) => {
      const config = configs.find((each) => each.if_name === ifName);
      const change: Write<"Wifi_Inet_Config"> = config ? differing(config, columns) : {};
      const dhcp_renew =
        config && renew && columns.ip_assign_scheme === "dhcp" ? (config.dhcp_renew + 1) % 2 ** 32 : null;
      const all = dhcp_renew === null ? change : { ...change, dhcp_renew };
      return config && Object.keys(all).length > 0 ? [{ uuid: config._uuid, columns: all }] : [];
    });
    if (ports.length === 0 && writes.length === 0) return;
    await this.#write("Bridge Port Interface Wifi_Inet_Config", (transaction) => {
      for (const { bridge, ifName, remove } of ports) {
        const where = [["_uuid", "==", bridge]] as const;
        if (remove) {
          transaction.removeFrom("Bridge", where, "ports", [remove]);
        } else {
          const port = transaction.insert("Port", {
            name: ifName,
            interfaces: [transaction.insert("Interface", { name: ifName })],
          });
          transaction.insertInto("Bridge", where, "ports", [port]);
        }
      }
      for (const { uuid, columns } of writes) transaction.update("Wifi_Inet_Config", [["_uuid", "==", uuid]], columns);
    });
  }

  #setMetric(row: UplinkRow, metric: number): void {
    try {
      this.#context.target.network.setMetric(deviceOf(row), metric);
    } catch (error) {
      this.#complaints.say(`${deviceOf(row)}: metric ${metric} not set: ${messageOf(error)}`);
    }
  }

  async #write(what: string, build: (transaction: TransactionBuilder<OpenSync>) => void): Promise<void> {
    await this.#context.client.transact(build, { comment: `CM - update ${what}` });
  }
}

/** Columns of CM of an uplink without a link. */
const unknown = {
  unreachable_link_counter: null,
  unreachable_router_counter: null,
  unreachable_internet_counter: null,
  unreachable_cloud_counter: null,
  ntp_state: null,
  ipv4: null,
  ipv6: null,
  unblock_ts: null,
} satisfies Write<"Connection_Manager_Uplink">;
