/** Authentication failures: who was refused, how often, and how often for its passphrase. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Mac } from "@opensync-ts/base/units";
import type { WirelessStateEvents } from "@opensync-ts/wireless/contract";
import { bandOf, type Collector, type CollectorContext, type ReportItem } from "./collector.ts";
import { statsLimits } from "./limits.ts";
import type { StatsPlan } from "./plan.ts";

interface Fails {
  authFails: number;
  invalidPsk: number;
}

export class AuthFailsCollector implements Collector {
  readonly #plan: StatsPlan;
  readonly #context: CollectorContext;
  /** By vif, then client. */
  readonly #fails = new Map<string, Map<Mac, Fails>>();
  readonly #unsubscribe: Unsubscribe;

  constructor(plan: StatsPlan, context: CollectorContext) {
    this.#plan = plan;
    this.#context = context;
    this.#unsubscribe = context.state.events.on("authFailed", (event) => this.#count(event));
  }

  stop(): void {
    this.#unsubscribe();
  }

  take(): readonly ReportItem[] {
    const bsses = [...this.#fails].map(([ifName, clients]) => ({
      ifName,
      clients: [...clients].map(([mac, fails]) => ({ mac, ...fails })),
    }));
    this.#fails.clear();
    return bsses.length === 0 ? [] : [{ kind: "authFailures", message: { band: bandOf(this.#plan), bsses } }];
  }

  #count({ phy, vif, station, invalidPsk }: WirelessStateEvents["authFailed"]): void {
    if (this.#context.radios.bandOf(phy) !== this.#plan.band) return;
    const clients = this.#fails.get(vif) ?? new Map<Mac, Fails>();
    const fails = clients.get(station) ?? { authFails: 0, invalidPsk: 0 };
    const isFull =
      (!this.#fails.has(vif) && this.#fails.size >= statsLimits.authFailVifs) ||
      (!clients.has(station) && clients.size >= statsLimits.authFailsPerVif);
    if (isFull) {
      this.#context.dropped("authentication failures");
      return;
    }
    fails.authFails++;
    if (invalidPsk) fails.invalidPsk++;
    clients.set(station, fails);
    this.#fails.set(vif, clients);
  }
}
