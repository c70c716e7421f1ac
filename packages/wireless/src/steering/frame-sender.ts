/** Management frames on their way to drivers: one at a time for each phy, each with an answer, be it that none came. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import { BoundedQueue } from "@opensync-ts/base/queue";
import type { Wireless } from "../contract.ts";
import { steeringLimits } from "./limits.ts";

interface Waiting {
  readonly phy: string;
  readonly vif: string;
  readonly frame: Uint8Array;
  readonly done: (sent: boolean) => void;
}

interface Line {
  readonly queue: BoundedQueue<Waiting>;
  current: { readonly token: number; readonly waiting: Waiting; readonly timer: Timer } | null;
}

interface Asking {
  readonly token: number;
  answer: boolean | null;
}

export class FrameSender {
  readonly #clock: Clock;
  readonly #transmit: Wireless["transmit"];
  /** By phy. */
  readonly #lines = new Map<string, Line>();
  /** The frame that a driver is being asked to take, and what it has already said of it. */
  #asking: Asking | null = null;
  #token = 0;
  #stopped = false;

  constructor(clock: Clock, transmit: Wireless["transmit"]) {
    this.#clock = clock;
    this.#transmit = transmit;
  }

  /** `done` is called once, never before `send` returns; not at all once this has stopped. */
  send(phy: string, vif: string, frame: Uint8Array, done: (sent: boolean) => void): void {
    const line = this.#lines.get(phy) ?? { queue: new BoundedQueue<Waiting>(steeringLimits.frames), current: null };
    this.#lines.set(phy, line);
    if (line.queue.push({ phy, vif, frame, done })) this.#next(line);
    else this.#clock.setTimer(0, () => this.#stopped || done(false));
  }

  transmitted(token: number, sent: boolean): void {
    if (this.#asking?.token === token) {
      this.#asking.answer ??= sent;
      return;
    }
    for (const line of this.#lines.values()) if (line.current?.token === token) this.#finish(line, sent);
  }

  stop(): void {
    this.#stopped = true;
    for (const { current } of this.#lines.values()) current?.timer.cancel();
    this.#lines.clear();
  }

  #next(line: Line): void {
    if (this.#stopped || line.current !== null) return;
    const waiting = line.queue.shift();
    if (!waiting) return;
    this.#token = (this.#token + 1) % 0x1_0000_0000;
    const token = this.#token;
    const { phy, vif, frame } = waiting;
    const finish = (delay: number, sent: boolean) => this.#clock.setTimer(delay, () => this.#finish(line, sent));
    line.current = { token, waiting, timer: finish(steeringLimits.frameAnswer, false) };
    const asking: Asking = { token, answer: null };
    const outer = this.#asking;
    this.#asking = asking;
    const taken = this.#transmit({ phy, vif, frame, token });
    this.#asking = outer;
    if (taken && asking.answer === null) return;
    // A driver without the operation, or one that answers while it is asked: the answer comes on a turn of its own.
    line.current.timer.cancel();
    line.current = { token, waiting, timer: finish(0, taken && asking.answer === true) };
  }

  #finish(line: Line, sent: boolean): void {
    const { current } = line;
    if (!current) return;
    current.timer.cancel();
    line.current = null;
    if (!this.#stopped) current.waiting.done(sent);
    this.#next(line);
  }
}
