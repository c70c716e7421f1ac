/**
 * Drivers that forget to say that something has changed. Every few minutes, when nothing has moved for a while, everything
 * is asked for; what then turns out to have changed had been kept quiet, which is a fault of the driver, and is told.
 * (`ow_state_watchdog`.)
 *
 * | state    | until                                                                     |
 * |----------|---------------------------------------------------------------------------|
 * | RESTING  | the period is over                                                        |
 * | WAITING  | nothing has changed for the grace time, or it was put off for too long    |
 * | LOOKING  | the grace time is over; changes are counted                               |
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import type { WirelessState } from "./contract.ts";
import { limits } from "./limits.ts";

interface StateWatchdogOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: Pick<WirelessState, "events">;
  /** Asks drivers for everything. */
  readonly poll: () => void;
}

export class StateWatchdog {
  readonly #options: StateWatchdogOptions;
  readonly #unsubscribe: readonly Unsubscribe[];
  #state: "RESTING" | "WAITING" | "LOOKING" = "RESTING";
  #timer: Timer;
  /** In WAITING: when it is looked whatever moves. */
  #latest = 0;
  /** In LOOKING: what has changed. */
  readonly #changed = new Set<string>();

  constructor(options: StateWatchdogOptions) {
    const { clock, state } = options;
    this.#options = options;
    this.#timer = clock.setTimer(limits.statePollPeriod, () => this.#wait());
    this.#unsubscribe = [
      state.events.on("phy", ({ name }) => this.#moved(name)),
      state.events.on("vif", ({ phy, name }) => this.#moved(`${phy}/${name}`)),
      state.events.on("station", ({ vif, mac }) => this.#moved(`${vif}/${mac}`)),
    ];
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#timer.cancel();
  }

  #wait(): void {
    this.#state = "WAITING";
    this.#latest = this.#options.clock.now() + limits.statePollPostponed;
    this.#plan(limits.statePollGrace, () => this.#look(false));
  }

  #moved(object: string): void {
    if (this.#state === "LOOKING") this.#changed.add(object);
    if (this.#state !== "WAITING") return;
    const left = this.#latest - this.#options.clock.now();
    this.#plan(Math.max(0, Math.min(limits.statePollGrace, left)), () => this.#look(left <= limits.statePollGrace));
  }

  /** `forced`: things have not come to rest, so that a change may be news. */
  #look(forced: boolean): void {
    this.#state = "LOOKING";
    this.#changed.clear();
    this.#plan(limits.statePollGrace, () => this.#rest(forced));
    this.#options.poll();
  }

  #rest(forced: boolean): void {
    this.#state = "RESTING";
    const { log } = this.#options;
    const { size } = this.#changed;
    if (size > 0) {
      const names = [...this.#changed].slice(0, limits.namedEntries).join(" ");
      const text = `osw: state_watchdog: ${size} objects had changed although no driver said so: ${names}`;
      if (forced) log.info(text);
      else log.notice(`${text}; probably a fault of the driver`);
    }
    this.#plan(limits.statePollPeriod, () => this.#wait());
  }

  #plan(delay: number, step: () => void): void {
    this.#timer.cancel();
    this.#timer = this.#options.clock.setTimer(delay, step);
  }
}
