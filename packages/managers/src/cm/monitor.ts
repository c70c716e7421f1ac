/**
 * Looks after uplinks: runs checks, in intervals and when asked, and writes what comes of them: counters and states of
 * the rows, outages, repairs. Tells the state machine what it waits for.
 */

import type { Timer } from "@opensync-ts/base/clock";
import { messageOf } from "@opensync-ts/base/errors";
import type { Write } from "@opensync-ts/schema/opensync";
import { Complaints } from "../complaints.ts";
import type { ManagerContext } from "../manager.ts";
import { afterCheck } from "./blocking.ts";
import { Checker, type CheckRequest } from "./checker.ts";
import { type CheckKind, type CheckOutcome, describeOutcome, type FamilyOutcome } from "./checks.ts";
import type { OutageKeeper } from "./outage-keeper.ts";
import type { Repairs } from "./repairs.ts";
import { afterOutcome, allFailed, type StabilityThresholds } from "./stability.ts";
import { isWired } from "./uplinks.ts";
import {
  type CmView,
  checkedUplink,
  deviceOf,
  firstOf,
  hasTunnel,
  otherUsable,
  rowsOf,
  uplinkRow,
  usedRow,
} from "./view.ts";

export interface MonitorOptions {
  /** Between checks of the uplink in use, ms, with a connection to the cloud (CM2_STABILITY_INTERVAL) and while it is sought
   * (CM2_STABILITY_SHORT_INTERVAL). */
  readonly stabilityIntervalMs: number;
  readonly stabilityShortIntervalMs: number;
  readonly stabilityThresholds: StabilityThresholds;
}

export interface MonitorEvents {
  readonly onChecked: (check: number | null, outcome: CheckOutcome) => void;
  readonly onFatal: () => void;
}

/** Every so many checks of the uplink in use, the others are looked at as well. */
const roundsToOthers = 60;

export class Monitor {
  readonly #context: ManagerContext;
  readonly #view: CmView;
  readonly #options: MonitorOptions;
  readonly #events: MonitorEvents;
  readonly #outages: OutageKeeper;
  readonly #repairs: Repairs;
  readonly #checker: Checker;
  readonly #complaints: Complaints;
  #intervalMs: number | null = null;
  #timer: Timer | undefined;
  #rounds = 0;

  constructor(
    context: ManagerContext,
    view: CmView,
    options: MonitorOptions,
    { outages, repairs, ...events }: MonitorEvents & { readonly outages: OutageKeeper; readonly repairs: Repairs },
    clockSane: () => boolean,
  ) {
    this.#context = context;
    this.#view = view;
    this.#options = options;
    this.#events = events;
    this.#outages = outages;
    this.#repairs = repairs;
    this.#complaints = new Complaints(context.clock, context.log, "checks: ");
    const { clock, target, signal } = context;
    this.#checker = new Checker({
      clock,
      network: target.network,
      signal,
      describe: (ifName) => checkedUplink(view, ifName),
      clockSane,
      onOutcome: (request, outcome) => this.#take(request, outcome),
    });
  }

  /** `pace`: how often the uplink in use is looked at; null: not at all. */
  watch(pace: "normal" | "short" | null): void {
    const { stabilityIntervalMs, stabilityShortIntervalMs } = this.#options;
    const interval = pace === null ? null : pace === "short" ? stabilityShortIntervalMs : stabilityIntervalMs;
    if (interval === this.#intervalMs) return;
    this.#intervalMs = interval;
    this.#arm();
  }

  /** A check of the uplink in use that the state machine asks for. */
  check(check: number, kinds: readonly CheckKind[]): void {
    const used = usedRow(this.#view);
    if (used) this.#checker.request({ check, ifName: used.if_name, kinds, fast: used.ipv4 === "inactive" });
    else this.#events.onChecked(check, {});
  }

  /** A blocked uplink has had its time. */
  checkBlocked(ifName: string): void {
    this.#checker.request({ check: null, ifName, kinds: ["link", "router", "internet"], fast: true });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  dump(): string {
    const current = this.#checker.current;
    const pace = this.#intervalMs === null ? "none in intervals" : `every ${this.#intervalMs / 1000} s`;
    return `${pace}${current ? `, now: ${current.ifName} ${current.kinds.join(" ")}` : ""}`;
  }

  #arm(): void {
    this.#timer?.cancel();
    this.#timer =
      this.#intervalMs === null
        ? undefined
        : this.#context.clock.setTimer(this.#intervalMs, () => {
            this.#periodic();
            this.#arm();
          });
  }

  #periodic(): void {
    const used = usedRow(this.#view);
    const connected = this.#connected();
    this.#rounds++;
    if (used) {
      const kinds: readonly CheckKind[] = connected ? ["link", "router", "ntp"] : ["link", "router", "internet", "ntp"];
      this.#checker.request({ check: null, ifName: used.if_name, kinds, fast: used.ipv4 === "inactive" });
    }
    if (this.#rounds % roundsToOthers !== 0) return;
    for (const row of rowsOf(this.#view, "Connection_Manager_Uplink")) {
      const active = row.has_L3 === true && row.ipv4 !== "blocked" && row.ipv6 !== "blocked";
      if (active && row.is_used !== true)
        this.#checker.request({ check: null, ifName: row.if_name, kinds: ["link", "router", "internet"], fast: true });
    }
  }

  #connected(): boolean {
    return firstOf(this.#view, "Manager")?.is_connected === true;
  }

  #take(request: CheckRequest, outcome: CheckOutcome): void {
    const row = uplinkRow(this.#view, request.ifName);
    this.#context.log.debug(() => `${request.ifName}: check: ${describeOutcome(outcome)}`);
    let fatal = false;
    if (row && row.has_L2 === true) {
      const used = row.is_used === true;
      const wired = isWired(row.if_type);
      const change = afterOutcome(
        row,
        outcome,
        { connected: this.#connected(), mendable: wired && !hasTunnel(this.#view, row.if_name), used },
        this.#options.stabilityThresholds,
      );
      const families = afterCheck({ ...row, ...countersIn(change.columns) }, outcome, {
        now: this.#context.clock.now(),
        random: this.#context.random.next(),
        otherUsable: otherUsable(this.#view, row.if_name),
      });
      this.#write(row.if_name, { ...change.columns, ...families.columns });
      if (families.metric !== null) this.#setMetric(deviceOf(row), families.metric);
      if (change.repair) this.#repairs.start(row.if_name, change.repair);
      if (used && wired) this.#noteOutage(change.counters, outcome);
      fatal = change.fatal;
    }
    this.#events.onChecked(request.check, outcome);
    if (fatal) this.#events.onFatal();
  }

  #noteOutage(
    counters: { readonly link: number; readonly router: number; readonly internet: number },
    outcome: CheckOutcome,
  ) {
    const { link, router, internet } = this.#options.stabilityThresholds;
    // An outage is one of all families.
    const lost = (asked: FamilyOutcome | undefined) => (asked ? allFailed(asked) : undefined);
    const connected = this.#connected();
    // It is over when somebody has answered: an interface that was switched off and on counts from nought, and knows nothing.
    const probed = (counter: number, threshold: number, failed: boolean | undefined) => {
      if (failed === false || (failed === undefined && connected)) return false;
      return counter >= threshold ? true : undefined;
    };
    const known = {
      LINK: counters.link >= link ? true : counters.link <= 0 ? false : undefined,
      IPALL_ROUTER: probed(counters.router, router, lost(outcome.router)),
      IPALL_INTERNET: probed(counters.internet, internet, lost(outcome.internet)),
      NTP: outcome.ntp === undefined ? undefined : !outcome.ntp,
    };
    this.#outages.note(Object.fromEntries(Object.entries(known).filter(([, down]) => down !== undefined)));
  }

  #write(ifName: string, columns: Write<"Connection_Manager_Uplink">): void {
    if (Object.keys(columns).length === 0) return;
    const { client, signal } = this.#context;
    client
      .transact(
        (transaction) => transaction.update("Connection_Manager_Uplink", [["if_name", "==", ifName]], columns),
        { comment: "CM - update Connection_Manager_Uplink" },
      )
      .catch((error) => {
        if (!signal.aborted) this.#complaints.say(`${ifName}: not written: ${messageOf(error)}`, "write");
      });
  }

  #setMetric(device: string, metric: number): void {
    try {
      this.#context.target.network.setMetric(device, metric);
    } catch (error) {
      this.#complaints.say(`${device}: metric ${metric} not set: ${messageOf(error)}`);
    }
  }
}

function countersIn(columns: Write<"Connection_Manager_Uplink">): {
  readonly unreachable_router_counter?: number;
  readonly unreachable_internet_counter?: number;
} {
  const { unreachable_router_counter: router, unreachable_internet_counter: internet } = columns;
  return {
    ...(typeof router === "number" ? { unreachable_router_counter: router } : {}),
    ...(typeof internet === "number" ? { unreachable_internet_counter: internet } : {}),
  };
}
