/**
 * A radio's APs change channel one after the other. So that the radio's channel does not flicker meanwhile, the last one
 * they agreed on is kept for a while.
 */

import type { Clock, Timer } from "@opensync-ts/base/clock";
import type { Channel } from "@opensync-ts/target/radio";
import { limits } from "./limits.ts";

interface Held {
  readonly channel: Channel;
  /** Runs while the APs disagree. */
  timer: Timer | null;
}

export class ChannelHold {
  readonly #clock: Clock;
  readonly #onExpiry: (phy: string) => void;
  readonly #held = new Map<string, Held>();

  /** `onExpiry`: the channel of `phy` is no longer held; it is unknown now. */
  constructor(clock: Clock, onExpiry: (phy: string) => void) {
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  /** The channel to report, given the one agreed on now (`null`: none). */
  update(phy: string, agreed: Channel | null): Channel | null {
    const held = this.#held.get(phy);
    if (agreed) {
      held?.timer?.cancel();
      this.#held.set(phy, { channel: agreed, timer: null });
      return agreed;
    }
    if (!held) return null;
    held.timer ??= this.#clock.setTimer(limits.channelHold, () => {
      this.#held.delete(phy);
      this.#onExpiry(phy);
    });
    return held.channel;
  }

  forget(phy: string): void {
    this.#held.get(phy)?.timer?.cancel();
    this.#held.delete(phy);
  }

  stop(): void {
    for (const { timer } of this.#held.values()) timer?.cancel();
    this.#held.clear();
  }
}
