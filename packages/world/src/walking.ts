/** Somebody on a walk: moved step by step, until it is over or another one begins. */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Place } from "./geometry.ts";
import { nextStep, placeAt, type Walk } from "./walk.ts";

/** While moving, its place is looked at this often (ms). */
const walkStep = 1000;

export class Walking {
  readonly #clock: Clock;
  readonly #move: (place: Place) => void;
  #walk: { readonly walk: Walk; readonly since: number } | null = null;
  #timer: Timer | null = null;

  constructor(clock: Clock, move: (place: Place) => void) {
    this.#clock = clock;
    this.#move = move;
  }

  /** An earlier walk is over. `since`: clock time, ms. */
  begin(walk: Walk, since = this.#clock.now()): void {
    this.stop();
    this.#walk = { walk, since };
    this.#step();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#walk = null;
  }

  /** Where the walk ends; `null`: there is none, or it goes round and round. */
  get to(): Place | null {
    const walk = this.#walk?.walk;
    return !walk || walk.repeat ? null : (walk.waypoints.at(-1)?.place ?? null);
  }

  #step(): void {
    const present = this.#walk;
    if (!present) return;
    const { walk, since } = present;
    const elapsed = this.#clock.now() - since;
    const next = nextStep(walk, elapsed, walkStep);
    if (next === null) {
      this.#walk = null;
      return;
    }
    this.#timer = this.#clock.setTimer(next - elapsed, () => {
      this.#move(placeAt(walk, this.#clock.now() - since));
      if (this.#walk === present) this.#step();
    });
  }
}
