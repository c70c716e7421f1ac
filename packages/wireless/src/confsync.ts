/**
 * Confsync: keeps the observed state in line with the intended configuration. It asks for the least that makes them
 * equal, believes nothing but reports, and looks again when they do not come.
 *
 * IDLE: nothing to do. REQUESTING: something may differ; it is looked into and asked for. WAITING: drivers are at it.
 * VERIFYING: something was reported; it is compared.
 */

import { isDeepStrictEqual } from "node:util";
import type { Clock, Timer } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import type { Log } from "@opensync-ts/base/log";
import type { ConfigRequest } from "@opensync-ts/target/driver";
import type { PhyState } from "@opensync-ts/target/radio";
import { CacWatch } from "./cac.ts";
import { describeLimitation } from "./capability-clamp.ts";
import type { ConfsyncEvents, ConfsyncState, ConfsyncView, Limitation, WirelessState } from "./contract.ts";
import { type DiffResult, diff, type ObjectChange, objectName, requestOf } from "./diff.ts";
import { limits } from "./limits.ts";
import type { BuiltConfig } from "./mutators.ts";
import { RequestMemory } from "./request-memory.ts";

/** What moves confsync: what it is told, its timers, and how its own work came out. */
type ConfsyncEvent =
  | "configuration changed"
  | "phy or vif came or went"
  | "phy or vif changed"
  | "CAC took too long"
  | "enable grace is over"
  | "retry"
  | "requested"
  | "requested already"
  | "new differences"
  | "still differs"
  | "all as intended";

/** An event that is not listed leaves the state as it is. */
const transitions: Readonly<Record<ConfsyncState, Readonly<Partial<Record<ConfsyncEvent, ConfsyncState>>>>> = {
  IDLE: {
    "configuration changed": "REQUESTING",
    "phy or vif came or went": "REQUESTING",
    "phy or vif changed": "REQUESTING",
    "CAC took too long": "REQUESTING",
  },
  REQUESTING: {
    requested: "WAITING",
    "requested already": "VERIFYING",
    "still differs": "WAITING",
    "all as intended": "IDLE",
  },
  WAITING: {
    "configuration changed": "REQUESTING",
    "phy or vif came or went": "REQUESTING",
    "phy or vif changed": "VERIFYING",
    "CAC took too long": "VERIFYING",
    "enable grace is over": "REQUESTING",
    retry: "REQUESTING",
  },
  VERIFYING: {
    "configuration changed": "REQUESTING",
    "phy or vif came or went": "REQUESTING",
    "enable grace is over": "REQUESTING",
    retry: "REQUESTING",
    "new differences": "REQUESTING",
    "still differs": "WAITING",
    "all as intended": "IDLE",
  },
};

interface ConfsyncOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: WirelessState;
  readonly build: () => BuiltConfig;
  /** Hands a request to the drivers; false when none of them took any of it. */
  readonly send: (request: ConfigRequest) => boolean;
}

export class Confsync implements ConfsyncView {
  readonly events = new Emitter<ConfsyncEvents>();
  readonly #options: ConfsyncOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #memory = new RequestMemory();
  readonly #cac: CacWatch;
  /** Vifs asked to come up, by object; running ones only. */
  readonly #graces = new Map<string, { readonly phy: string; readonly timer: Timer }>();
  /** Vifs asked to come up that have a CAC to wait for first; it outlasts IDLE. */
  readonly #checking = new Map<string, { readonly phy: string }>();
  readonly #unsubscribe: readonly (() => void)[];
  #state: ConfsyncState = "IDLE";
  #settled = true;
  #requests = 0;
  #last: DiffResult = { changes: [], unverified: [], comingUp: [], postponed: [] };
  #limitations: readonly Limitation[] = [];
  #work: Timer | undefined;
  #retry: Timer | undefined;
  #stopped = false;

  constructor(options: ConfsyncOptions) {
    const { clock, log, state } = options;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#cac = new CacWatch(clock, () => this.#on("CAC took too long"));
    this.#unsubscribe = [
      state.events.on("phy", (event) => {
        this.#phyReported(event.name, event.new);
        this.#on(event.old && event.new ? "phy or vif changed" : "phy or vif came or went");
      }),
      state.events.on("vif", (event) => {
        if (!event.new) this.#endGrace(objectName(event.phy, event.name));
        if (event.new?.status !== "disabled") this.#checking.delete(objectName(event.phy, event.name));
        this.#on(event.old && event.new ? "phy or vif changed" : "phy or vif came or went");
      }),
    ];
  }

  get state(): ConfsyncState {
    return this.#state;
  }

  get settled(): boolean {
    return this.#settled;
  }

  get unsettled(): readonly string[] {
    if (this.#settled) return [];
    const { changes, unverified, comingUp } = this.#last;
    const differing = changes.flatMap(({ object, differences }) =>
      differences.map(({ attribute }) => `${object}: ${attribute}`),
    );
    return [...differing, ...unverified, ...comingUp.map((object) => `${object}: enabled`)];
  }

  get postponed(): readonly string[] {
    return this.#last.postponed;
  }

  get limitations(): readonly Limitation[] {
    return this.#limitations;
  }

  configurationChanged(): void {
    this.#on("configuration changed");
  }

  stop(): void {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#work?.cancel();
    this.#retry?.cancel();
    this.#endGraces();
    this.#cac.stop();
  }

  #on(event: ConfsyncEvent): void {
    const from = this.#state;
    const to = transitions[from][event];
    if (to === undefined || this.#stopped) return;
    this.#state = to;
    this.#log.debug(() => `osw: confsync: ${from} -> ${to}: ${event}`);
    this.#enter(to);
    this.events.emit("transition", { from, to, reason: event });
  }

  #enter(state: ConfsyncState): void {
    switch (state) {
      case "IDLE":
        this.#memory.clear();
        this.#endGraces();
        this.#retry?.cancel();
        this.#retry = undefined;
        this.#settle();
        break;
      case "WAITING":
        // One that runs already keeps running: reports that come and go must not put it off for ever.
        this.#retry ??= this.#clock.setTimer(limits.confsyncRetry, () => {
          this.#retry = undefined;
          this.#on("retry");
        });
        this.#unsettle();
        break;
      case "REQUESTING":
      case "VERIFYING":
        this.#workSoon();
        break;
    }
  }

  /** On the next turn of the clock, so that changes that come together are seen together. */
  #workSoon(): void {
    this.#work ??= this.#clock.setTimer(0, () => {
      this.#work = undefined;
      const { limitations } = this;
      if (this.#state === "REQUESTING") this.#request();
      else if (this.#state === "VERIFYING") this.#verify();
      // Last, when a listener may change the configuration again.
      if (limitations !== this.#limitations) this.events.emit("limitations", this.#limitations);
    });
  }

  #request(): void {
    const fresh = this.#compare();
    if (this.#synced()) this.#on("all as intended");
    else if (fresh.length > 0) this.#send(fresh);
    else this.#on(this.#last.changes.length > 0 ? "requested already" : "still differs");
  }

  #send(changes: readonly ObjectChange[]): void {
    for (const { object, differences } of changes) {
      for (const { attribute, from, to } of differences) {
        this.#log.info(`osw: confsync: ${object}: ${attribute}: ${from} -> ${to}`);
      }
    }
    this.#memory.remember(changes, this.#clock.now());
    for (const change of changes)
      if (change.vif !== null && change.bringsUp) this.#startGrace(change.object, change.phy);
    this.#requests++;
    // Before it is sent: a driver may report the effect before the call returns.
    this.#on("requested");
    if (this.#options.send(requestOf(changes))) return;
    for (const { object } of changes) {
      this.#memory.forget(object);
      this.#endGrace(object);
    }
  }

  #verify(): void {
    const fresh = this.#compare();
    if (this.#synced()) this.#on("all as intended");
    else this.#on(fresh.length > 0 ? "new differences" : "still differs");
  }

  /** Compares intent and state anew; the changes that drivers have not been asked for. */
  #compare(): readonly ObjectChange[] {
    const { state, build } = this.#options;
    const { tree, limitations } = build();
    this.#last = diff(tree, state, { cac: this.#cac.ongoing, comingUp: new Set(this.#graces.keys()) });
    this.#limit(limitations);
    this.#updateGraces();
    return this.#memory.fresh(this.#last.changes, this.#clock.now());
  }

  #synced(): boolean {
    const { changes, unverified, comingUp } = this.#last;
    return changes.length === 0 && unverified.length === 0 && comingUp.length === 0;
  }

  #limit(limitations: readonly Limitation[]): void {
    const before = this.#limitations;
    if (isDeepStrictEqual(limitations, before)) return;
    this.#limitations = limitations;
    for (const limitation of limitations) {
      if (before.some((known) => isDeepStrictEqual(known, limitation))) continue;
      this.#log.warning(`osw: confsync: ${describeLimitation(limitation)}`);
    }
  }

  #settle(): void {
    if (this.#settled) return;
    const requests = this.#requests;
    this.#settled = true;
    this.#requests = 0;
    this.#log.notice("osw: confsync: settled");
    this.events.emit("settled", { requests });
  }

  #unsettle(): void {
    if (!this.#settled) return;
    this.#settled = false;
    this.#log.notice("osw: confsync: unsettled");
    this.events.emit("unsettled", { differences: this.unsettled });
  }

  /** When a CAC ends, the vifs that were asked to come up before it are about to do so on their own. */
  #phyReported(name: string, phy: PhyState | null): void {
    const ended = this.#cac.update(name, phy);
    if (!ended && phy !== null) return;
    for (const [object, waiting] of this.#checking) {
      if (waiting.phy !== name) continue;
      this.#checking.delete(object);
      if (phy !== null) this.#startGrace(object, name);
    }
  }

  /** A grace lasts while its vif is coming up; a CAC interrupts it. */
  #updateGraces(): void {
    for (const [object, { phy }] of this.#graces) {
      if (this.#last.comingUp.includes(object)) continue;
      this.#endGrace(object);
      if (this.#cac.ongoing.has(phy)) this.#checking.set(object, { phy });
    }
  }

  #startGrace(object: string, phy: string): void {
    this.#endGrace(object);
    const timer = this.#clock.setTimer(limits.enableGrace, () => {
      this.#graces.delete(object);
      this.#on("enable grace is over");
    });
    this.#graces.set(object, { phy, timer });
  }

  #endGrace(object: string): void {
    this.#graces.get(object)?.timer.cancel();
    this.#graces.delete(object);
  }

  #endGraces(): void {
    for (const { timer } of this.#graces.values()) timer.cancel();
    this.#graces.clear();
  }
}
