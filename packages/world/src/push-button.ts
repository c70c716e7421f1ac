/** Wi-Fi Protected Setup by push button, on the client's side: whose buttons are pressed, and for how long that counts. */

import type { Mac } from "@opensync-ts/base/units";

/** Milliseconds that a pressed button counts (Wi-Fi Protected Setup specification, "walk time"). */
export const walkTime = 120_000;

export class PushButtons {
  /** Until when, clock time in ms; bounded by the number of clients. */
  readonly #pressed = new Map<Mac, number>();

  press(mac: Mac, now: number): void {
    this.#pressed.set(mac, now + walkTime);
  }

  forget(mac: Mac): void {
    this.#pressed.delete(mac);
  }

  /** Those whose button is pressed and that are `reachable`; their buttons are done with. */
  take(now: number, reachable: (mac: Mac) => boolean): Mac[] {
    const taken: Mac[] = [];
    for (const [mac, until] of this.#pressed) {
      if (until <= now) this.#pressed.delete(mac);
      else if (reachable(mac)) taken.push(mac);
    }
    for (const mac of taken) this.#pressed.delete(mac);
    return taken;
  }
}
