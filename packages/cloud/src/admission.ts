/** Lets callers in as `admission-queue.ts` decides; who waits too long is sent away, to come again. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { paced } from "./admission-pace.ts";
import { AdmissionQueue, type Caller, type QueueLimits } from "./admission-queue.ts";
import * as limits from "./limits.ts";

/** To be called once when the caller needs its place no more; further calls do nothing. */
export type Release = () => void;

export interface AdmissionOptions extends Omit<QueueLimits, "strangersTurn" | "concurrent"> {
  /** Served at once at the most. */
  readonly concurrent: number;
  readonly clock: Clock;
  /** The longest wait (ms). */
  readonly waitMs: number;
  /** A place is taken back after this time, whatever became of who has it (ms). */
  readonly serveMs: number;
}

export class AdmissionRefused extends Error {
  override readonly name = "AdmissionRefused";
}

interface Waiting {
  readonly admitted: (release: Release) => void;
  readonly refused: (error: Error) => void;
}

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #queue: AdmissionQueue;
  readonly #waiting = new Map<Caller, Waiting>();
  #watching: Timer | undefined;
  #admitted = 0;
  #refused = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    const concurrent = Math.min(options.concurrent, limits.firstAtOnce);
    this.#queue = new AdmissionQueue({ ...options, concurrent, strangersTurn: limits.strangersTurn });
  }

  /** Since the start, and now. */
  get counters() {
    const { served, waiting } = this.#queue;
    return { admitted: this.#admitted, refused: this.#refused, served, waiting };
  }

  /**
   * Resolves when the caller may be served. Rejects with `AdmissionRefused` when too many wait already, or it has waited too long; with
   * the signal's reason when it has gone meanwhile.
   */
  admit({ address, known }: Caller, gone: AbortSignal): Promise<Release> {
    // An object of its own: callers are told apart by it.
    const caller: Caller = { address, known };
    return new Promise((resolve, reject) => {
      if (gone.aborted) return reject(gone.reason);
      const entry = this.#queue.enter(caller);
      if (entry.kind === "refused") return reject(this.#refusal("too many wait already"));
      if (entry.kind === "admitted") return resolve(this.#place(caller));
      this.#watch();
      if (entry.instead) this.#waiting.get(entry.instead)?.refused(this.#refusal("others had to go first"));
      let timer: Timer | undefined;
      const settle = () => {
        timer?.cancel();
        gone.removeEventListener("abort", onGone);
        this.#waiting.delete(caller);
      };
      const giveUp = (error: Error) => {
        settle();
        reject(error);
        this.#leave(caller);
      };
      const onGone = () => giveUp(gone.reason);
      gone.addEventListener("abort", onGone, { once: true });
      timer = this.#options.clock.setTimer(this.#options.waitMs, () =>
        giveUp(this.#refusal(`it has waited for ${this.#options.waitMs / 1000} s`)),
      );
      this.#waiting.set(caller, {
        admitted: (release) => {
          settle();
          resolve(release);
        },
        refused: (error) => {
          settle();
          reject(error);
        },
      });
    });
  }

  #place(caller: Caller): Release {
    this.#admitted++;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      timer.cancel();
      this.#leave(caller);
    };
    const timer = this.#options.clock.setTimer(this.#options.serveMs, release);
    return release;
  }

  #leave(caller: Caller): void {
    this.#letIn(this.#queue.leave(caller));
  }

  #letIn(callers: readonly Caller[]): void {
    for (const next of callers) this.#waiting.get(next)?.admitted(this.#place(next));
  }

  /** While somebody waits it is seen how late timers come, and with it how many can be served at once. */
  #watch(): void {
    if (this.#watching) return;
    const { clock, concurrent } = this.#options;
    const due = clock.now() + limits.paceMs;
    this.#watching = clock.setTimer(limits.paceMs, () => {
      this.#watching = undefined;
      this.#letIn(this.#queue.setConcurrent(paced(this.#queue.concurrent, clock.now() - due, concurrent)));
      if (this.#queue.waiting > 0) this.#watch();
    });
  }

  #refusal(why: string): AdmissionRefused {
    this.#refused++;
    return new AdmissionRefused(`${why}; it is to come again`);
  }
}

/** Of a peer's name (`ssl:10.0.0.7:40312`, `ssl:[2001:db8::7]:40312`); all of an IPv6 network of 64 bits are one. */
export function addressOf(peerName: string): string {
  const [, v6, other] = /^\w+:(?:\[([^\]]*)\]|(.*)):[^:]*$/.exec(peerName) ?? [];
  if (v6 === undefined) return other ?? peerName;
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(v6);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = "", tail] = v6.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  while (tail !== undefined && groups.length + after.length < 8) groups.push("0");
  return [...groups, ...after].slice(0, 4).join(":");
}
