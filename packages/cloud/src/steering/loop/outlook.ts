/**
 * What steering of a location has before it at this moment, made of the document, what is known and the settings: which devices are to be
 * steered how, the nodes that steer, and the snapshot on which is decided.
 */

import type { Clock } from "@opensync-ts/base/clock";
import type { Home } from "../../home.ts";
import { documentAt } from "../../model/document-at.ts";
import * as limits from "../limits.ts";
import { type OptimiserPolicy, policySchema } from "../optimiser/policy.ts";
import type { Snapshot } from "../optimiser/snapshot.ts";
import type { Profiles } from "../profiles.ts";
import type { SteeringNode } from "../steering-rows.ts";
import type { Knowledge } from "./knowledge.ts";
import type { SteeringMode } from "./settings.ts";
import { snapshotOf } from "./snapshot-of.ts";
import { type Steered, steeredDevices } from "./steered-devices.ts";
import type { SteeringMemory } from "./steering-memory.ts";

export interface OutlookOptions {
  /** The document that holds. */
  readonly home: () => Home;
  readonly clock: Clock;
  readonly profiles: Profiles;
  readonly knowledge: Knowledge;
  readonly memory: SteeringMemory;
  /** Where the location's setting says nothing. */
  readonly mode: SteeringMode;
}

export class Outlook {
  readonly #options: OutlookOptions;
  #steered: { readonly home: Home; readonly until: number; readonly value: Steered } | undefined;

  constructor(options: OutlookOptions) {
    this.#options = options;
  }

  get mode(): SteeringMode {
    return this.#options.memory.settings.mode ?? this.#options.mode;
  }

  get policy(): OptimiserPolicy {
    return policySchema.parse({ ...this.#options.memory.settings.policy, enabled: this.mode !== "off" });
  }

  get home(): Home {
    return this.#options.home();
  }

  get zone(): string {
    return this.home.timeZone ?? "UTC";
  }

  /** What is known has changed. */
  changed(): void {
    this.#steered = undefined;
  }

  devices(): Steered {
    const { home } = this;
    const { clock, knowledge, memory, profiles } = this.#options;
    const now = clock.wallTime();
    if (this.#steered && this.#steered.home === home && now < this.#steered.until) return this.#steered.value;
    const current = documentAt(home, now);
    const { clients, presence, nodes } = knowledge;
    const value = steeredDevices({
      ...{ home: current.home, clients, state: memory.state, profiles, now },
      stations: nodes.stations(),
      where: (mac) => presence.where(mac)?.bssid ?? null,
    });
    this.#steered = { home, until: Math.min(current.until ?? Number.POSITIVE_INFINITY, now + limits.lookMs), value };
    return value;
  }

  nodes(): readonly SteeringNode[] {
    const { clock, knowledge } = this.#options;
    const ids = this.home.nodes.map(({ id }) => id);
    return knowledge.nodes.steeringNodes(ids, clock.wallTime(), knowledge.presence.since);
  }

  snapshot(): Snapshot {
    const { wishes } = this.devices();
    const { clock, profiles, knowledge } = this.#options;
    const { nodes, clients, observations, presence } = knowledge;
    const parts = { nodes, clients, observations, presence };
    return snapshotOf({ ...parts, home: this.home, wishes, profiles, now: clock.wallTime() });
  }

  /** What rows are made of. How long something is to last changes all the time, and makes no other row. */
  summary(): string {
    const nodes = this.nodes().map(({ hears, ...node }) => [node, [...(hears ?? [])]]);
    const withoutTime = (name: string, value: unknown) => (name === "seconds" ? undefined : value);
    return JSON.stringify([this.mode, nodes, this.devices().devices], withoutTime);
  }
}
