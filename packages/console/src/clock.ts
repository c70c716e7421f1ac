/** The clock of the page, the only one. */

import { RealClock } from "@opensync-ts/base/clock";
import { differenceFrom } from "./clock-difference.ts";

/**
 * Its times are the cloud's: all that is shown is of then, and `for 30 minutes` is to be 30 minutes there, whatever the clock of who looks
 * says.
 */
class CloudClock extends RealClock {
  #differenceMs = 0;

  override wallTime(): number {
    return super.wallTime() + this.#differenceMs;
  }

  /** `date`: the cloud's time, as an answer that has come just now says it (RFC 9110, 6.6.1). */
  readonly learn = (date: string | null): void => {
    this.#differenceMs = differenceFrom(date, super.wallTime()) ?? this.#differenceMs;
  };
}

export const clock = new CloudClock();
