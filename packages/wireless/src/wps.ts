/**
 * WPS push buttons at work, and the mutator that presses and releases them (`ow_wps`). A press offers one PSK of an
 * access point for the walk time. At most one is in force for an access point; a new one ends the one before it.
 */

import type { Timer } from "@opensync-ts/base/clock";
import type { ApState } from "@opensync-ts/target/radio";
import type { ApConfig, ConfigTree } from "./config-tree.ts";
import type { WpsPress, WpsPushButton } from "./contract.ts";
import { limits } from "./limits.ts";
import type { Mutator, MutatorContext, MutatorTools } from "./mutators.ts";
import { type WpsJobEvent, type WpsJobState, type WpsResult, wpsStep } from "./wps-job.ts";

interface Job {
  readonly vif: string;
  /** Offered to the client. A secret: never logged. */
  readonly psk: string;
  readonly onResult: (result: WpsResult) => void;
  state: WpsJobState;
  /** null: not decided yet. */
  result: WpsResult | null;
  /** The driver has reported the button pressed. */
  pressed: boolean;
  /** Ends `interrupting`, `cancelling` and `deactivating`. */
  timer: Timer | null;
  readonly walk: Timer;
}

type Tools = Pick<MutatorTools, "clock" | "log" | "state" | "invalidate">;

export class WpsPushButtons implements WpsPushButton, Mutator {
  readonly name = "ow_wps";
  readonly #tools: Tools;
  /** Oldest first; of one access point, all but the last are being cleared away. */
  readonly #jobs = new Set<Job>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor(tools: Tools) {
    this.#tools = tools;
    const { events } = tools.state;
    this.#unsubscribe = [
      events.on("vif", ({ name }) => this.#look(name)),
      events.on("wps", ({ vif, outcome }) => {
        for (const job of this.#jobsOf(vif)) this.#on(job, outcome);
      }),
    ];
  }

  push(vif: string, psk: string, onResult: (result: WpsResult) => void): WpsPress {
    for (const job of this.#jobsOf(vif)) this.#on(job, "cancel");
    const job: Job = {
      vif,
      psk,
      onResult,
      state: "preparing",
      result: null,
      pressed: false,
      timer: null,
      walk: this.#tools.clock.setTimer(limits.wpsWalkTime, () => this.#on(job, "walk time is up")),
    };
    this.#jobs.add(job);
    this.#look(vif);
    return { cancel: () => this.#on(job, "cancel"), drop: () => this.#on(job, "drop") };
  }

  mutate(tree: ConfigTree, context: MutatorContext): void {
    if (this.#jobs.size === 0) return;
    for (const phy of tree.values()) {
      for (const vif of phy.vifs.values()) {
        for (const job of this.#jobsOf(vif.name)) if (vif.type === "ap") mutateAp(vif, job, context);
      }
    }
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const { timer, walk } of this.#jobs) {
      timer?.cancel();
      walk.cancel();
    }
    this.#jobs.clear();
  }

  #jobsOf(vif: string): readonly Job[] {
    return [...this.#jobs].filter((job) => job.vif === vif);
  }

  /** What the driver says of the access point now is news to its jobs. */
  #look(vif: string): void {
    const state = this.#tools.state.vifs.get(vif);
    const ap = state?.type === "ap" && state.status === "enabled" ? state.ap : null;
    for (const job of this.#jobsOf(vif)) {
      if (ap === null) {
        this.#on(job, "access point has gone");
        continue;
      }
      this.#on(job, "access point is up");
      if (this.#jobsOf(vif)[0] === job) this.#on(job, "its turn has come");
      this.#on(job, isPressed(ap, job) ? "button is pressed" : ap.wpsPbc ? null : "button is released");
      if (job.pressed && isCleared(ap)) this.#on(job, "cleared");
    }
  }

  #on(job: Job, event: WpsJobEvent | null): void {
    const step = event && wpsStep(job.state, event);
    if (!step) return;
    const { log, invalidate } = this.#tools;
    log.debug(() => `osw: wps: ${job.vif}: ${job.state} -> ${step.state}: ${event}`);
    job.state = step.state;
    job.result ??= step.result ?? null;
    this.#enter(job);
    invalidate();
    if (step.result === undefined) return;
    log.info(`osw: wps: ${job.vif}: push button: ${step.result}`);
    job.onResult(step.result);
  }

  #enter(job: Job): void {
    job.timer?.cancel();
    job.timer = null;
    switch (job.state) {
      case "running":
        job.pressed = true;
        break;
      case "interrupting":
        this.#wait(job, limits.wpsInterruption, "no reason came");
        break;
      case "cancelling":
      case "deactivating":
        job.walk.cancel();
        // A button that was never reported pressed may be about to be: only time can tell.
        this.#wait(job, limits.wpsWindDown, "cleared");
        break;
      case "dropping":
        job.walk.cancel();
        this.#jobs.delete(job);
        this.#look(job.vif);
        break;
    }
  }

  #wait(job: Job, delay: number, event: WpsJobEvent): void {
    job.timer = this.#tools.clock.setTimer(delay, () => this.#on(job, event));
  }
}

/** With its own PSK on offer, which may be reported later than the button itself. */
function isPressed({ wpsPbc, wpsCredentials }: ApState, { psk }: Job): boolean {
  return wpsPbc && wpsCredentials.includes(psk);
}

function isCleared({ wpsPbc, wpsCredentials }: ApState): boolean {
  return !wpsPbc && wpsCredentials.length === 0;
}

/** While the button is pressed nothing is asked: whoever releases it is right. */
function mutateAp(vif: ApConfig, { state, psk }: Job, context: MutatorContext): void {
  switch (state) {
    case "activating":
      vif.ap = { ...vif.ap, wpsCredentials: [psk], wpsPbc: vif.ap.mode.wps };
      if (!vif.ap.mode.wps)
        context.limit({
          phy: vif.phy,
          vif: vif.name,
          attribute: "wps_pbc",
          asked: "true",
          holds: "false",
          notEnforced: [],
          advice: "its WPS is off: set its wps",
        });
      break;
    case "cancelling":
    case "deactivating":
      vif.ap = { ...vif.ap, wpsCredentials: [], wpsPbc: false };
      break;
  }
}
