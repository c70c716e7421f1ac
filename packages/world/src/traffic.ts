/**
 * What a client wants to send and receive: bursts and silence of random length. Nothing runs; the sequence is
 * unrolled when somebody asks, and does not depend on how often.
 */

import type { Random } from "@opensync-ts/base/random";
import { maxBurstsReplayed } from "./limits.ts";

export type TrafficKind = "none" | "idle" | "web" | "voice" | "call" | "game" | "camera" | "video" | "bulk";

/** Bursts of random length (exponentially distributed) with silence between. */
export interface TrafficSpec {
  /** Mbit/s to the client during a burst. */
  readonly down: number;
  /** Mbit/s from the client during a burst. */
  readonly up: number;
  /** Mean seconds of a burst. */
  readonly burst: number;
  /** Mean seconds of silence; 0 = never silent. */
  readonly silence: number;
}

/** Mbit/s. */
export interface Load {
  readonly down: number;
  readonly up: number;
}

/** Bytes. */
export interface Volume {
  readonly down: number;
  readonly up: number;
}

export const trafficKinds: Readonly<Record<TrafficKind, TrafficSpec>> = {
  none: { down: 0, up: 0, burst: 60, silence: 60 },
  idle: { down: 0.05, up: 0.02, burst: 2, silence: 58 },
  web: { down: 8, up: 0.6, burst: 3, silence: 12 },
  /** A telephone call: 50 packets a second each way. */
  voice: { down: 0.09, up: 0.09, burst: 180, silence: 600 },
  call: { down: 1.5, up: 1.5, burst: 300, silence: 600 },
  game: { down: 0.6, up: 0.2, burst: 1200, silence: 600 },
  camera: { down: 0.05, up: 2.5, burst: 20, silence: 300 },
  video: { down: 12, up: 0.2, burst: 8, silence: 4 },
  bulk: { down: 150, up: 4, burst: 60, silence: 30 },
};

export const trafficNames = Object.keys(trafficKinds) as TrafficKind[];

/**
 * Mbit/s that somebody sends who gets no answer from the Internet, while it wants something: names that it asks for and connections that it
 * tries to open, some ten packets a second.
 */
export const triesUp = 0.01;

/** What is left of a load where nothing comes back. No more than the load itself. */
export function triesOf({ up }: Load): Load {
  return { down: 0, up: Math.min(up, triesUp) };
}

const silent: Load = { down: 0, up: 0 };

export class TrafficSource {
  readonly #spec: TrafficSpec;
  readonly #random: Random;
  #bursting: boolean;
  /** Until when the present burst or silence lasts, ms. */
  #until: number;
  #at: number;

  constructor(spec: TrafficSpec, random: Random, now: number) {
    this.#spec = spec;
    this.#random = random;
    this.#bursting = spec.silence === 0 || random.next() < spec.burst / (spec.burst + spec.silence);
    this.#at = now;
    this.#until = now + this.#duration();
  }

  /** The part of what it sends in a burst that is tries, where nothing comes back. */
  get triedPart(): number {
    return this.#spec.up > 0 ? triesOf(this.#spec).up / this.#spec.up : 0;
  }

  /** What it wants at `now`, which must not go back. */
  load(now: number): Load {
    this.take(now);
    return this.#bursting ? this.#spec : silent;
  }

  /** What it wanted since it was last asked; for a long silence the mean stands in for the oldest part. */
  take(now: number): Volume {
    let burstMs = 0;
    for (let bursts = 0; this.#until <= now; bursts++) {
      if (bursts >= maxBurstsReplayed) {
        burstMs += (now - this.#at) * this.#duty();
        this.#at = now;
        this.#until = now + this.#duration();
        break;
      }
      if (this.#bursting) burstMs += this.#until - this.#at;
      this.#at = this.#until;
      this.#bursting = this.#spec.silence === 0 || !this.#bursting;
      this.#until += this.#duration();
    }
    if (this.#bursting) burstMs += now - this.#at;
    this.#at = now;
    return { down: volume(this.#spec.down, burstMs), up: volume(this.#spec.up, burstMs) };
  }

  #duty(): number {
    return this.#spec.burst / (this.#spec.burst + this.#spec.silence);
  }

  /** Exponentially distributed, at least a millisecond. */
  #duration(): number {
    const mean = this.#bursting ? this.#spec.burst : this.#spec.silence;
    return Math.max(1, -Math.log(1 - this.#random.next()) * mean * 1000);
  }
}

function volume(mbits: number, ms: number): number {
  return (mbits * ms * 1000) / 8;
}
