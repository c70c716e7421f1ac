/** Follows a device through its boots, for the live view: its node is another one after each. */

import type { Mac } from "@opensync-ts/base/units";
import type { Outage } from "@opensync-ts/node/device";
import type { RunningNode } from "@opensync-ts/node/start-node";
import type { EventLog } from "./events.ts";
import type { NodeSnapshot } from "./home-view.ts";
import { NodeWatch } from "./node-watch.ts";
import type { ReportWatch } from "./report-watch.ts";
import type { HomeDevice } from "./simulated-home.ts";

export class DeviceWatch {
  readonly id: string;
  readonly #device: HomeDevice;
  readonly #events: EventLog;
  readonly #nameOf: (mac: Mac) => string;
  readonly #closers: (() => void)[] = [];
  readonly #listeners = new Set<() => void>();
  /** `null`: it is down, or has just come up. */
  #watch: NodeWatch | null = null;
  #life = 0;
  #outage: Outage = "reboot";

  private constructor(device: HomeDevice, events: EventLog, nameOf: (mac: Mac) => string) {
    this.id = device.id;
    this.#device = device;
    this.#events = events;
    this.#nameOf = nameOf;
    const { events: happenings } = device.device;
    this.#closers.push(
      happenings.on("down", ({ outage, reason }) => {
        this.#outage = outage;
        this.#forget();
        events.add(`${device.id} goes down: ${outage}${reason === "" ? "" : `, ${reason}`}`);
      }),
      happenings.on("failed", (error) => events.add(`${device.id} does not come up: ${error.message}`)),
      happenings.on("up", (node) => {
        events.add(
          `${device.id} ${this.#outage === "restart of managers" ? "has started its managers" : "has booted"}`,
        );
        void this.#follow(node);
      }),
    );
  }

  /** `nameOf`: what people call a client. */
  static async open(device: HomeDevice, events: EventLog, nameOf: (mac: Mac) => string): Promise<DeviceWatch> {
    const watch = new DeviceWatch(device, events, nameOf);
    if (device.device.node) await watch.#follow(device.device.node);
    return watch;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#forget();
    for (const close of this.#closers) close();
  }

  /** As of a node; of a device that is down, that it is. */
  snapshot(pending: string | null, reported: ReportWatch): NodeSnapshot {
    if (this.#watch) return this.#watch.snapshot(pending, reported);
    const { id, role, device } = this.#device;
    return {
      id,
      role,
      controller: null,
      confsync: device.state,
      settled: false,
      pending: "not connected",
      reportedMs: reported.reportedMs(id),
      radios: [],
      vifs: [],
    };
  }

  station(mac: Mac): ReturnType<NodeWatch["station"]> {
    return this.#watch?.station(mac) ?? null;
  }

  async #follow(node: RunningNode): Promise<void> {
    const life = ++this.#life;
    this.#events.followNode(node, this.#nameOf);
    node.wireless?.confsync.events.on("transition", () => this.#changed());
    const { id, client } = node;
    try {
      const watch = await NodeWatch.open(
        { id, role: this.#device.role, client },
        () => node.wireless?.confsync ?? null,
      );
      if (life !== this.#life) {
        watch.close();
        return;
      }
      this.#watch = watch;
      let offline = watch.offlineStatus;
      watch.onChange(() => {
        const status = watch.offlineStatus;
        if (status !== offline) this.#events.add(`${id} ${offlineText(status, offline)}`);
        offline = status;
        this.#changed();
      });
    } catch {
      // It went down again before it could be asked.
    }
    this.#changed();
  }

  #forget(): void {
    this.#life++;
    this.#watch?.close();
    this.#watch = null;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** `gw_offline_status`, for who has not read of it. */
function offlineText(status: string | null, before: string | null): string {
  switch (status) {
    case "active":
      return "cannot reach its cloud, and works without it (gw_offline active)";
    case "ready":
      return before === "active"
        ? "is back with its cloud (gw_offline ready)"
        : "has stored what the home needs without its cloud (gw_offline ready)";
    case "error":
      return "has a problem with what the home needs without its cloud (gw_offline error): see PM in its log";
    default:
      return `gw_offline: ${status ?? "off"}`;
  }
}
