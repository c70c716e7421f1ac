/** Long-lived connections of hosts: they stand as long as packets come through in time, and the machines on the way know them. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { maxPathLoss } from "./limits.ts";
import type { Trace, Translator } from "./trace.ts";

/**
 * `no path`: there was none to begin with, or for longer than `maxPathLoss`. `address`: the host has another one.
 * `translation`: the router has forgotten it (it has rebooted, or its own address has changed). `closed`: by whoever opened it.
 */
export type BreakReason = "no path" | "address" | "translation" | "closed";

export interface Connection {
  readonly host: string;
  readonly stands: boolean;
  /** Clock time, ms; `null`: it stands. */
  readonly brokenAt: number | null;
  readonly reason: BreakReason | null;
  /** Clock time since when nothing comes through, while it stands; `null`: all is well. */
  readonly silentSince: number | null;
  close(): void;
}

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly address: () => number | null;
  readonly trace: () => Trace;
  /** It is over; nobody needs to look any more. */
  readonly onEnd: (connection: WatchedConnection) => void;
}

export class WatchedConnection implements Connection {
  readonly host: string;
  readonly #options: ConnectionOptions;
  readonly #address: number | null;
  readonly #translators: readonly Translator[];
  #silence: { readonly since: number; readonly timer: Timer } | null = null;
  #broken: { readonly at: number; readonly reason: BreakReason } | null = null;

  constructor(options: ConnectionOptions) {
    this.host = options.host;
    this.#options = options;
    this.#address = options.address();
    const way = options.trace();
    this.#translators = "reached" in way ? way.translators : [];
    if (!("reached" in way)) this.#end("no path");
  }

  get stands(): boolean {
    return this.#broken === null;
  }

  get brokenAt(): number | null {
    return this.#broken?.at ?? null;
  }

  get reason(): BreakReason | null {
    return this.#broken?.reason ?? null;
  }

  get silentSince(): number | null {
    return this.#silence?.since ?? null;
  }

  /** Something has changed somewhere. */
  check(): void {
    if (this.#broken) return;
    const { address, trace, clock } = this.#options;
    const now = address();
    if (now !== null && now !== this.#address) {
      this.#end("address");
      return;
    }
    const way = trace();
    if (!("reached" in way)) {
      this.#silence ??= { since: clock.now(), timer: clock.setTimer(maxPathLoss, () => this.#end("no path")) };
      return;
    }
    this.#silence?.timer.cancel();
    this.#silence = null;
    if (!sameTranslators(way.translators, this.#translators)) this.#end("translation");
  }

  close(): void {
    this.#end("closed");
  }

  #end(reason: BreakReason): void {
    if (this.#broken) return;
    this.#silence?.timer.cancel();
    this.#silence = null;
    this.#broken = { at: this.#options.clock.now(), reason };
    this.#options.onEnd(this);
  }
}

/** A machine that has rebooted is another one. */
function sameTranslators(a: readonly Translator[], b: readonly Translator[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ machine, address }, index) => machine === b[index]?.machine && address === b[index]?.address)
  );
}
