/**
 * Channel availability checks (CAC) in progress, by phy. While one runs the phy is left alone, for at most twice the
 * time that regulation asks for: a driver that forgets to report the end does not block its phy for good.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { PhyState } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";

/** How long a CAC of this phy may take, ms; null where none is in progress. */
export function cacTimeout(phy: PhyState | null): number | null {
  const checked = phy?.channelStates.filter(({ dfs }) => dfs === "cac_in_progress") ?? [];
  if (checked.length === 0) return null;
  const weather = checked.some(({ control }) => control >= 5580 && control <= 5660);
  return weather ? limits.weatherCacTimeout : limits.cacTimeout;
}

export class CacWatch {
  readonly #clock: Clock;
  readonly #onTimeout: (phy: string) => void;
  readonly #timers = new Map<string, Timer>();
  readonly #ongoing = new Set<string>();

  constructor(clock: Clock, onTimeout: (phy: string) => void) {
    this.#clock = clock;
    this.#onTimeout = onTimeout;
  }

  /** Phys with a CAC in progress that has not timed out. */
  get ongoing(): ReadonlySet<string> {
    return this.#ongoing;
  }

  /** Takes a phy's new state. True when a CAC has ended with it. */
  update(name: string, phy: PhyState | null): boolean {
    const timeout = cacTimeout(phy);
    const running = this.#timers.get(name);
    if (timeout !== null) {
      if (!running) this.#start(name, timeout);
      return false;
    }
    running?.cancel();
    this.#timers.delete(name);
    return this.#ongoing.delete(name);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
  }

  /** The timer stays listed after it has fired: a CAC times out once. */
  #start(name: string, timeout: number): void {
    this.#ongoing.add(name);
    const timer = this.#clock.setTimer(timeout, () => {
      this.#ongoing.delete(name);
      this.#onTimeout(name);
    });
    this.#timers.set(name, timer);
  }
}
