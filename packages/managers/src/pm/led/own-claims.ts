/** States that PM's own modules want to be shown, on the first LED, with the device's priorities. */

import { Emitter, type Unsubscribe } from "@opensync-ts/base/emitter";
import type { LedState } from "@opensync-ts/target/platform";

export class OwnLedClaims {
  readonly #states = new Set<LedState>();
  readonly #emitter = new Emitter<{ change: null }>();

  get states(): ReadonlySet<LedState> {
    return this.#states;
  }

  set(state: LedState, wanted: boolean): void {
    if (this.#states.has(state) === wanted) return;
    if (wanted) this.#states.add(state);
    else this.#states.delete(state);
    this.#emitter.emit("change", null);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#emitter.on("change", listener);
  }
}
