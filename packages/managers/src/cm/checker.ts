/** Carries out checks of uplinks, one at a time, each within its deadline, through what the target can probe. */

import { type Clock, withDeadline } from "@opensync-ts/base/clock";
import type { IpFamily, Network, ProbeTarget } from "@opensync-ts/target/network";
import { type CheckKind, type CheckOutcome, type FamilyOutcome, nothingKnown } from "./checks.ts";
import { cmLimits } from "./limits.ts";

export interface CheckRequest {
  /** The state machine's number; null: nobody waits for it. */
  readonly check: number | null;
  readonly ifName: string;
  readonly kinds: readonly CheckKind[];
  /** One attempt per probe. */
  readonly fast: boolean;
}

/** What is to be probed of an uplink, when its turn comes. */
export interface CheckedUplink {
  /** Where its address is: itself, or the bridge that it is in. */
  readonly device: string;
  /** A GRE tunnel: its far end is part of the link. */
  readonly tunnel: boolean;
  readonly hasL2: boolean;
  /** Routers of mobile networks do not answer. */
  readonly skipRouter: boolean;
  readonly families: readonly IpFamily[];
}

export interface CheckerOptions {
  readonly clock: Clock;
  readonly network: Network;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Undefined: there is no such uplink any longer. */
  readonly describe: (ifName: string) => CheckedUplink | undefined;
  readonly clockSane: () => boolean;
  readonly onOutcome: (request: CheckRequest, outcome: CheckOutcome) => void;
}

export class Checker {
  readonly #options: CheckerOptions;
  readonly #waiting: CheckRequest[] = [];
  #running: CheckRequest | null = null;
  /** Also between two checks: an outcome may bring about the next request. */
  #busy = false;
  /** Of the check under way: its probes end with it. */
  #probes = new AbortController();

  constructor(options: CheckerOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#probes.abort(checkOver), { once: true });
  }

  /** What is under way, for people. */
  get current(): CheckRequest | null {
    return this.#running;
  }

  request(request: CheckRequest): void {
    // The same question once more is the same question; the later number counts, for whoever waits for one.
    const same = this.#waiting.findIndex((each) => each.ifName === request.ifName && sameKinds(each, request));
    const [before] = same >= 0 ? this.#waiting.splice(same, 1) : [];
    this.#waiting.push({ ...request, check: request.check ?? before?.check ?? null });
    const dropped = this.#waiting.length > cmLimits.waitingChecks ? this.#waiting.shift() : undefined;
    if (dropped) this.#options.onOutcome(dropped, nothingKnown);
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let next = this.#waiting.shift(); next && !this.#options.signal.aborted; next = this.#waiting.shift()) {
      this.#running = next;
      const outcome = await this.#check(next);
      this.#running = null;
      if (!this.#options.signal.aborted) this.#options.onOutcome(next, outcome);
    }
    this.#busy = false;
  }

  async #check(request: CheckRequest): Promise<CheckOutcome> {
    const uplink = this.#options.describe(request.ifName);
    if (!uplink) return nothingKnown;
    this.#probes = new AbortController();
    try {
      return await this.#ask(uplink, request);
    } finally {
      this.#probes.abort(checkOver);
    }
  }

  async #ask(uplink: CheckedUplink, { ifName, kinds, fast }: CheckRequest): Promise<CheckOutcome> {
    const { clockSane } = this.#options;
    const [tunnel, router, internet] = await Promise.all([
      kinds.includes("link") && uplink.tunnel && uplink.hasL2
        ? this.#probe(ifName, "tunnel", "ipv4", fast)
        : Promise.resolve(true),
      kinds.includes("router") && !uplink.skipRouter ? this.#families(uplink, "router", fast) : undefined,
      kinds.includes("internet") ? this.#families(uplink, "internet", fast) : undefined,
    ]);
    return {
      ...(kinds.includes("link") ? { link: uplink.hasL2 && tunnel } : {}),
      ...(router ? { router } : {}),
      ...(internet ? { internet } : {}),
      ...(kinds.includes("ntp") ? { ntp: clockSane() } : {}),
    };
  }

  async #families({ device, families }: CheckedUplink, what: ProbeTarget, fast: boolean): Promise<FamilyOutcome> {
    const outcomes = families.map(async (family) => [family, await this.#probe(device, what, family, fast)] as const);
    return Object.fromEntries(await Promise.all(outcomes));
  }

  /** A probe that does not end in time, or fails in any other way, has not answered. */
  async #probe(link: string, what: ProbeTarget, family: IpFamily, fast: boolean): Promise<boolean> {
    const { clock, network } = this.#options;
    const probe = network.probe(link, what, family, { fast, signal: this.#probes.signal });
    try {
      return await withDeadline(clock, probe, cmLimits.probeDeadlineMs, what);
    } catch {
      return false;
    }
  }
}

/** One for all: an error of its own for each check is work for nothing. */
const checkOver = new Error("the check is over");

function sameKinds(a: CheckRequest, b: CheckRequest): boolean {
  return a.kinds.join() === b.kinds.join() && a.fast === b.fast;
}
