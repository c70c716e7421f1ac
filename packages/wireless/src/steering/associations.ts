/** The associations of clients (`osw_sta_assoc`): looked at a while after the last change of a station, as links come one by one. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Mac } from "@opensync-ts/base/units";
import type { WirelessState } from "../contract.ts";
import { type Association, associationOf, type ReportedLink } from "./association.ts";
import { steeringLimits } from "./limits.ts";

interface AssociationsOptions {
  readonly clock: Clock;
  readonly state: Pick<WirelessState, "vifs" | "stations">;
  /** They may have. */
  readonly changed: () => void;
}

export class Associations {
  readonly #options: AssociationsOptions;
  readonly #clients = new Map<Mac, Association>();
  #timer: { readonly timer: Timer; readonly since: number } | null = null;

  constructor(options: AssociationsOptions) {
    this.#options = options;
  }

  follow(client: Mac): void {
    this.#clients.set(client, this.#now(client));
  }

  forget(client: Mac): void {
    this.#clients.delete(client);
  }

  of(client: Mac): Association {
    return this.#clients.get(client) ?? this.#now(client);
  }

  /** A while after the last change, not too long after the first. */
  later(): void {
    const { clock, changed } = this.#options;
    if (this.#clients.size === 0) return;
    const since = this.#timer?.since ?? clock.now();
    this.#timer?.timer.cancel();
    const latest = Math.max(0, since + steeringLimits.associationWait - clock.now());
    const look = () => {
      this.#timer = null;
      this.refresh();
      changed();
    };
    const timer = clock.setTimer(Math.min(steeringLimits.associationDebounce, latest), look);
    this.#timer = { since, timer };
  }

  /** At once: access points have changed. Stations that are being looked at later are. */
  refresh(): void {
    if (this.#timer !== null) return;
    for (const client of this.#clients.keys()) this.#clients.set(client, this.#now(client));
  }

  stop(): void {
    this.#timer?.timer.cancel();
  }

  #now(client: Mac): Association {
    const { vifs, stations } = this.#options.state;
    const links: ReportedLink[] = [];
    for (const [name, present] of stations) {
      const vif = vifs.get(name);
      if (!vif) continue;
      for (const state of present.values())
        if (state.mac === client || state.mldAddr === client) links.push({ state, vif });
    }
    return associationOf(client, links);
  }
}
