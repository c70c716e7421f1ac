/**
 * Scans, one at a time on each phy: what is asked for meanwhile waits its turn. A driver that never completes a scan is given up
 * after a deadline, and the next one goes on.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import type { ScanOutcome, ScanRequest } from "@opensync-ts/target/driver";
import type { ScanCounters, WirelessState, WirelessStateEvents } from "./contract.ts";
import { limits } from "./limits.ts";
import { DropLog } from "./stats/drop-log.ts";

export interface ScanOrder {
  /** Names who wants it in the log. */
  readonly name: string;
  readonly phy: string;
  readonly vif: string;
  readonly scan: ScanRequest;
  readonly done?: (outcome: ScanOutcome) => void;
}

interface ScanQueueOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly events: WirelessState["events"];
  /** Whether the phy's driver has scans. */
  readonly offers: (phy: string) => boolean;
  /** False: its driver has none after all. */
  readonly request: (phy: string, vif: string, scan: ScanRequest) => boolean;
}

interface Line {
  running: { readonly order: ScanOrder; readonly deadline: Timer } | null;
  waiting: ScanOrder[];
  turn: Timer | null;
}

export class ScanQueue {
  readonly #options: ScanQueueOptions;
  readonly #drops: DropLog;
  readonly #listener: Unsubscribe;
  /** Of phys with something to do. */
  readonly #lines = new Map<string, Line>();
  readonly #counted = { done: 0, failed: 0, aborted: 0, timedOut: 0, refused: 0 };

  constructor(options: ScanQueueOptions) {
    this.#options = options;
    this.#drops = new DropLog(options.clock, options.log, "scan");
    this.#listener = options.events.on("scanCompleted", (event) => this.#completed(event));
  }

  get counters(): ScanCounters {
    return { ...this.#counted };
  }

  /** False where the driver has no scans, or too many wait already: `done` is not called then. */
  add(order: ScanOrder): boolean {
    const { phy, name } = order;
    if (!this.#options.offers(phy)) {
      this.#counted.refused++;
      this.#drops.dropped(`scans of ${phy} for ${name} left out: no driver has that radio, or its driver has no scans`);
      return false;
    }
    const line = this.#lines.get(phy) ?? { running: null, waiting: [], turn: null };
    if (line.waiting.length >= limits.scansWaiting) {
      this.#counted.refused++;
      this.#drops.dropped(`scans of ${phy} for ${name} refused: ${limits.scansWaiting} wait already, scan less often`);
      return false;
    }
    this.#lines.set(phy, line);
    line.waiting.push(order);
    this.#next(phy, line);
    return true;
  }

  /** Drops what has not begun. */
  cancel(order: ScanOrder): void {
    const line = this.#lines.get(order.phy);
    if (line) line.waiting = line.waiting.filter((each) => each !== order);
  }

  stop(): void {
    this.#listener();
    for (const { running, turn } of this.#lines.values()) {
      running?.deadline.cancel();
      turn?.cancel();
    }
    this.#lines.clear();
  }

  /** On a turn of its own, so that nobody who asks for a scan in reply to one can go round in circles. */
  #next(phy: string, line: Line): void {
    if (line.running || line.turn) return;
    if (line.waiting.length === 0) {
      this.#lines.delete(phy);
      return;
    }
    line.turn = this.#options.clock.setTimer(0, () => {
      line.turn = null;
      const order = line.waiting.shift();
      if (order) this.#start(order, line);
      else this.#next(phy, line);
    });
  }

  #start(order: ScanOrder, line: Line): void {
    const { clock, request, events } = this.#options;
    const { phy, vif, scan } = order;
    const longest = scan.channels.length * scan.dwell + limits.scanGrace;
    const deadline = clock.setTimer(longest, () => {
      this.#drops.dropped(
        `scans of ${phy}/${vif} for ${order.name} given up after ${longest} ms: its driver has not completed them; the next goes on`,
      );
      events.emit("scanCompleted", { phy, vif, reason: "timed out" });
    });
    // A driver may answer before the call returns.
    line.running = { order, deadline };
    if (!request(phy, vif, scan)) this.#completed({ phy, vif, reason: "failed" });
  }

  #completed({ phy, vif, reason }: WirelessStateEvents["scanCompleted"]): void {
    const line = this.#lines.get(phy);
    const running = line?.running;
    if (!line || running?.order.vif !== vif) return;
    const { order, deadline } = running;
    line.running = null;
    deadline.cancel();
    this.#counted[reason === "timed out" ? "timedOut" : reason]++;
    if (reason === "failed") {
      this.#drops.dropped(`scans of ${phy}/${vif} for ${order.name} failed: the driver refused them`);
    }
    order.done?.(reason);
    this.#next(phy, line);
  }
}
