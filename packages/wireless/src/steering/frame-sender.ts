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

export class FrameSender {
  readonly #clock: Clock;
  readonly #transmit: Wireless["transmit"];
  /** By phy. */
  readonly #lines = new Map<string, Line>();
  #token = 0;
  #stopped = false;

  constructor(clock: Clock, transmit: Wireless["transmit"]) {
    this.#clock = clock;
    this.#transmit = transmit;
  }

  /** `done` is called once, never before `send` returns. */
  send(phy: string, vif: string, frame: Uint8Array, done: (sent: boolean) => void): void {
    const line = this.#lines.get(phy) ?? { queue: new BoundedQueue<Waiting>(steeringLimits.frames), current: null };
    this.#lines.set(phy, line);
    if (!line.queue.push({ phy, vif, frame, done })) this.#clock.setTimer(0, () => done(false));
    else this.#next(line);
  }

  transmitted(token: number, sent: boolean): void {
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
    // A driver without the operation answers at once, and none may answer while it is asked.
    const timer = this.#clock.setTimer(steeringLimits.frameAnswer, () => this.#finish(line, false));
    line.current = { token, waiting, timer };
    if (this.#transmit({ phy, vif, frame, token })) return;
    timer.cancel();
    line.current = { token, waiting, timer: this.#clock.setTimer(0, () => this.#finish(line, false)) };
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
