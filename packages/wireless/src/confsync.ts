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
import { nameSome } from "./ap-attributes.ts";
import { describeLimitation } from "./capability-clamp.ts";
import type { ConfsyncEvents, ConfsyncState, ConfsyncView, Limitation, WirelessState } from "./contract.ts";
import {
  type DiffContext,
  type Differing,
  type DiffResult,
  diff,
  nothingFound,
  type ObjectChange,
  objectName,
  requestOf,
} from "./diff.ts";
import type { ConfsyncFindings } from "./explain.ts";
import { History } from "./history.ts";
import { limits } from "./limits.ts";
import type { BuiltConfig } from "./mutators.ts";
import { Quarantine } from "./quarantine.ts";
import { RequestMemory } from "./request-memory.ts";
import { shortfallOf } from "./shortfall.ts";
import { UnderWay, type UnderWayEvent } from "./under-way.ts";

/** What moves confsync: what it is told, its timers, and how its own work came out. */
type ConfsyncEvent =
  | "configuration changed"
  | "phy or vif came or went"
  | "phy or vif changed"
  | UnderWayEvent
  | "quarantine is over"
  | "retry"
  | "requested"
  | "asked once more"
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
    "MBSS freeze is over": "REQUESTING",
    "quarantine is over": "REQUESTING",
  },
  REQUESTING: {
    requested: "WAITING",
    "asked once more": "IDLE",
    "requested already": "VERIFYING",
    "still differs": "WAITING",
    "all as intended": "IDLE",
  },
  WAITING: {
    "configuration changed": "REQUESTING",
    "phy or vif came or went": "REQUESTING",
    "phy or vif changed": "VERIFYING",
    "CAC took too long": "VERIFYING",
    "MBSS freeze is over": "VERIFYING",
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

/** What confsync wants of the observed state. */
export interface ConfsyncSource extends Pick<WirelessState, "phys" | "vifs" | "events"> {
  /** When the driver last reported this (a vif, or null: the phy itself); null: never. */
  reportedAt(phy: string, vif: string | null): number | null;
  /** Asks the driver for its state anew. */
  look(phy: string, vif: string | null): void;
}

interface ConfsyncOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: ConfsyncSource;
  /** What drivers do not do is asked for for ever, as the reference does; else it is learned. */
  readonly strict?: boolean;
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
  readonly #history: History;
  /** null when strict. */
  readonly #quarantine: Quarantine | null;
  readonly #underWay: UnderWay;
  readonly #unsubscribe: readonly (() => void)[];
  #state: ConfsyncState = "IDLE";
  #settled = true;
  #requests = 0;
  #last: DiffResult = nothingFound;
  #limitations: readonly Limitation[] = [];
  #work: Timer | undefined;
  #retry: Timer | undefined;
  #retryAt: number | undefined;
  #look: Timer | undefined;
  #probe: Timer | undefined;
  #stopped = false;

  constructor(options: ConfsyncOptions) {
    const { clock, log, state } = options;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#history = new History(clock);
    this.#quarantine = options.strict ? null : new Quarantine();
    this.#underWay = new UnderWay(clock, (event) => this.#on(event));
    this.#unsubscribe = [
      state.events.on("phy", (event) => {
        this.#underWay.phyReported(event.name, event.new);
        if (event.old && event.new) this.#on("phy or vif changed");
        else this.#onLife(event.name, () => this.#quarantine?.forgetPhy(event.name));
      }),
      state.events.on("vif", (event) => {
        const object = objectName(event.phy, event.name);
        this.#underWay.vifReported(object, event.new);
        if (event.old && event.new) this.#on("phy or vif changed");
        else this.#onLife(object, () => this.#quarantine?.forget(object));
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
    const differing = [...changes, ...unverified].flatMap(({ object, differences }) =>
      differences.map(({ attribute }) => `${object}: ${attribute}`),
    );
    return [...differing, ...comingUp.map(({ object }) => `${object}: enabled`)];
  }

  get postponed(): readonly string[] {
    return this.#last.postponed.map(({ object, reason }) => `${object}: ${reason}`);
  }

  get limitations(): readonly Limitation[] {
    return this.#limitations;
  }

  /** The last transitions and requests, oldest first. */
  get history(): readonly string[] {
    return this.#history.lines;
  }

  /** Intent, state and what is between them as of now; looking changes nothing. */
  findings(): ConfsyncFindings {
    const { state, build } = this.#options;
    const { tree, limitations } = build();
    const result = diff(tree, state, this.#context());
    const all = [...limitations, ...this.#withheldLimitations(result)];
    const now = this.#clock.now();
    return {
      state: this.#state,
      settled: this.#settled,
      tree,
      result,
      limitations: all,
      askedSecondsAgo: (object, difference) => {
        const at = this.#memory.askedAt(object, difference);
        return at === null ? null : Math.round((now - at) / 1000);
      },
      refusals: (object, difference) => this.#quarantine?.refusals(object, difference) ?? 0,
    };
  }

  configurationChanged(): void {
    this.#on("configuration changed");
  }

  stop(): void {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#work?.cancel();
    this.#endRetry();
    this.#probe?.cancel();
    this.#underWay.stop();
  }

  /** What comes anew was never asked for anything. */
  #onLife(object: string, forget: () => void): void {
    forget();
    this.#memory.forget(object);
    this.#on("phy or vif came or went");
  }

  #on(event: ConfsyncEvent): void {
    const from = this.#state;
    const to = transitions[from][event];
    if (to === undefined || this.#stopped) return;
    this.#state = to;
    this.#log.debug(() => `osw: confsync: ${from} -> ${to}: ${event}`);
    this.#history.add(`${from} -> ${to}: ${event}`);
    this.#enter(to);
    this.events.emit("transition", { from, to, reason: event });
  }

  #enter(state: ConfsyncState): void {
    switch (state) {
      case "IDLE":
        this.#memory.clear();
        this.#underWay.settled();
        this.#endRetry();
        this.#probeLater();
        this.#settle();
        break;
      case "WAITING":
        this.#retryLater();
        this.#unsettle();
        break;
      case "REQUESTING":
      case "VERIFYING":
        this.#workSoon();
        break;
    }
  }

  /** A retry that is planned already is not put off: reports that come and go must not do so for ever. */
  #retryLater(): void {
    const now = this.#clock.now();
    const refusal = this.#quarantine?.nextRefusal(now) ?? Number.POSITIVE_INFINITY;
    const due = Math.min(this.#retryAt ?? now + limits.confsyncRetry, refusal);
    if (due === this.#retryAt) return;
    this.#endRetry();
    this.#retryAt = due;
    this.#look = this.#clock.setTimer(due - limits.confsyncLook - now, () => this.#lookAgain());
    this.#retry = this.#clock.setTimer(due - now, () => {
      this.#retryAt = undefined;
      this.#on("retry");
    });
  }

  #endRetry(): void {
    this.#retry?.cancel();
    this.#look?.cancel();
    this.#retryAt = undefined;
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
    const probes = this.#probes();
    const changes = [...fresh.filter(isNotIn(probes)), ...probes];
    const now = this.#clock.now();
    this.#quarantine?.asked(changes, now);
    this.#quarantine?.putOff(now);
    if (changes.length > 0) this.#send(changes, this.#synced() ? "asked once more" : "requested");
    else if (this.#synced()) this.#on("all as intended");
    else this.#on(this.#last.changes.length > 0 ? "requested already" : "still differs");
  }

  #send(changes: readonly ObjectChange[], event: "requested" | "asked once more"): void {
    for (const { object, differences } of changes) {
      for (const { attribute, from, to } of differences) {
        this.#log.info(`osw: confsync: ${object}: ${attribute}: ${from} -> ${to}`);
      }
    }
    this.#memory.remember(changes, this.#clock.now());
    this.#history.add(`request: ${nameSome(changes.map(nameOf), "; ")}`);
    this.#underWay.asked(changes);
    if (event === "requested") this.#requests++;
    // Before it is sent: a driver may report the effect before the call returns.
    this.#on(event);
    if (this.#options.send(requestOf(changes))) return;
    for (const { object } of changes) this.#memory.forget(object);
    this.#underWay.notAsked(changes);
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
    this.#last = diff(tree, state, this.#context());
    if (this.#learn()) this.#last = diff(tree, state, this.#context());
    this.#limit([...limitations, ...this.#withheldLimitations(this.#last)]);
    this.#underWay.compared(this.#last);
    this.#memory.retain(this.#last);
    return this.#memory.fresh(this.#last.changes, this.#clock.now());
  }

  #context(withholds: DiffContext["withholds"] = this.#withholds): DiffContext {
    return this.#underWay.context({ refusing: this.#quarantine?.refusing ?? new Set(), withholds });
  }

  readonly #withholds: DiffContext["withholds"] = (object, difference) =>
    this.#quarantine?.withholds(object, difference) ?? false;

  /** What the comparison says about the drivers. True when something is withheld from now on. */
  #learn(): boolean {
    const { state } = this.#options;
    const verdict = this.#quarantine?.examine(this.#last, {
      now: this.#clock.now(),
      reportedAt: (phy, vif) => state.reportedAt(phy, vif),
    });
    if (!verdict) return false;
    for (const { object, attribute } of verdict.refused) this.#memory.forget(object, attribute);
    for (const { object, attribute } of verdict.released) {
      this.#log.notice(`osw: confsync: ${object}: ${attribute}: the driver does it now`);
    }
    for (const { object, attribute } of verdict.quarantined) this.#history.add(`gives up ${object}: ${attribute}`);
    return verdict.quarantined.length > 0;
  }

  #withheldLimitations({ withheld }: DiffResult): readonly Limitation[] {
    return withheld.flatMap(({ phy, vif, differences }) =>
      differences.map((difference) => ({ phy, vif, ...shortfallOf(difference, refusalAdvice) })),
    );
  }

  /** Changes of what was quarantined long enough. */
  #probes(): readonly ObjectChange[] {
    const quarantine = this.#quarantine;
    const isDue = ({ object, differences }: Differing) =>
      differences.some((difference) => quarantine?.isDue(object, difference));
    if (!this.#last.withheld.some(isDue)) return [];
    const { state, build } = this.#options;
    const context = this.#context(
      (object, difference) => this.#withholds(object, difference) && !quarantine?.isDue(object, difference),
    );
    return diff(build().tree, state, context).changes.filter(isDue);
  }

  #probeLater(): void {
    this.#probe?.cancel();
    const due = this.#quarantine?.nextDue ?? null;
    this.#probe =
      due === null
        ? undefined
        : this.#clock.setTimer(due - this.#clock.now(), () => {
            this.#probe = undefined;
            this.#on("quarantine is over");
          });
  }

  /** What was asked for and has not shown may have happened in silence, or not at all: that is asked for too. */
  #lookAgain(): void {
    const { changes, unverified } = this.#last;
    for (const { phy, vif } of [...changes, ...unverified]) this.#options.state.look(phy, vif);
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
}

/** Of what is in quarantine. */
const refusalAdvice =
  "the driver was asked for it several times and does not do it; it is asked again ever more rarely";

function nameOf({ object, differences }: Differing): string {
  return `${object}: ${differences.map(({ attribute }) => attribute).join(", ")}`;
}

function isNotIn(others: readonly Differing[]): (change: Differing) => boolean {
  return ({ object }) => !others.some((other) => other.object === object);
}
