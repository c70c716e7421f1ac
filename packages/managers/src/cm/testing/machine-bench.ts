/** CM's state machine alone, with surroundings that do at once what it asks for. */

import type { Family } from "../candidates.ts";
import {
  type CmConfig,
  type CmEffect,
  type CmEvent,
  type CmInputs,
  type CmMachine,
  initialMachine,
  type UsedLink,
} from "../machine.ts";
import { step } from "../state-machine.ts";

export const redirector = "ssl:redirector.example.com:443";
export const manager = "ssl:controller.example.com:6640";
export const link: UsedLink = {
  ifName: "eth0",
  kind: "wired",
  bridge: null,
  tunnel: false,
  hasIpv4: true,
  hasIpv6: false,
};

const defaults = {
  stabilityChecks: true,
  cloudFatalThreshold: 0,
  recovery: { offlineAfter: { requests: 3 }, restartAfter: { skips: 360 } },
};

/** A database, probes and a resolver that do at once what the machine asks, as far as the test lets them. */
export class MachineBench {
  machine: CmMachine = initialMachine(0);
  inputs: CmInputs = {
    now: 0,
    redirectorAddress: redirector,
    managerAddress: "",
    minBackoff: 30,
    maxBackoff: 60,
    target: "",
    connected: false,
    link,
    clockSane: true,
    otherUplink: false,
    offline: { enabled: false, status: "", asked: false },
    random: 0.5,
  };
  wakeAt: number | null = null;
  readonly effects: CmEffect[] = [];
  readonly path: string[] = [];
  answers: { ipv4: string[]; ipv6: string[] } | "silence" = { ipv4: ["192.0.2.1"], ipv6: [] };
  readonly #queue: CmEffect[] = [];
  #busy = false;
  winner: Family | null = null;
  /** Whether the database server takes up targets. */
  echo = true;
  /** Whether the router answers. */
  router = true;
  readonly config: CmConfig;

  constructor(config: Partial<CmConfig> = {}) {
    this.config = { linkSelection: true, shortBackoffMs: 8_000, ...defaults, ...config };
  }

  send(event: CmEvent, change: Partial<CmInputs> = {}): this {
    this.inputs = { ...this.inputs, ...change };
    const result = step(this.machine, event, this.inputs, this.config);
    this.machine = result.machine;
    this.wakeAt = result.wakeAt;
    this.path.push(...result.transitions.map(({ to }) => to));
    this.effects.push(...result.effects);
    this.#queue.push(...result.effects);
    if (this.#busy) return this;
    this.#busy = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#carryOut(next);
    this.#busy = false;
    return this;
  }

  /** The server reaches, or loses, its target. */
  connected(connected: boolean): this {
    return this.send({ kind: "ovs-manager" }, { connected });
  }

  after(ms: number): this {
    return this.send({ kind: "timer" }, { now: this.inputs.now + ms });
  }

  #carryOut(effect: CmEffect): void {
    switch (effect.kind) {
      case "set-target":
        if (!this.echo) break;
        this.send({ kind: "ovs-manager" }, { target: effect.target, connected: false });
        break;
      case "clear-manager-address":
        this.send({ kind: "ovs-awlan" }, { managerAddress: "" });
        break;
      case "resolve":
        if (this.answers === "silence") break;
        this.send({ kind: "resolved", resolution: effect.resolution, addresses: this.answers });
        break;
      case "race":
        this.send({ kind: "raced", resolution: effect.resolution, winner: this.winner });
        break;
      case "check":
        this.send({ kind: "checked", check: effect.check, outcome: { router: { ipv4: this.router } } });
        break;
      case "set-offline":
        this.inputs = { ...this.inputs, offline: { ...this.inputs.offline, asked: effect.value } };
        break;
    }
  }
}
