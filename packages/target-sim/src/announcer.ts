/** Tells a listener that something has changed, if it has since it was last told, and if no fault keeps that quiet. */

import type { RadioDriverEvents } from "@opensync-ts/target/driver";
import type { PhyState, VifState } from "@opensync-ts/target/radio";
import type { FaultSwitch } from "./faults.ts";
import type { SimRadio } from "./sim-radio.ts";

export interface AnnouncerOptions {
  readonly faults: FaultSwitch;
  readonly radios: () => Iterable<readonly [string, SimRadio]>;
  /** As they would be reported now. */
  readonly phyState: (phy: string) => PhyState | null;
  readonly vifState: (phy: string, vif: string) => VifState | null;
}

export class Announcer {
  readonly #options: AnnouncerOptions;
  /** What was last told, by what it is about. */
  readonly #told = new Map<string, string>();
  /** A fault has kept a change quiet. */
  #lost = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Whoever listens next knows nothing. */
  forget(): void {
    this.#told.clear();
  }

  announce(events: RadioDriverEvents): void {
    const { radios, phyState, vifState } = this.#options;
    for (const [phy, { vifs }] of radios()) {
      if (this.#isNews(`phy ${phy}`, phyState(phy)) && this.#isTold(phy)) events.phyChanged(phy);
      for (const vif of vifs.keys()) {
        if (this.#isNews(`vif ${phy} ${vif}`, vifState(phy, vif)) && this.#isTold(phy, vif))
          events.vifChanged(phy, vif);
      }
    }
  }

  /** Whether changes were lost and none are lost any more; true once. */
  recovers(): boolean {
    if (!this.#lost) return false;
    for (const radio of this.#options.radios()) if (this.#loses(radio)) return false;
    this.#lost = false;
    return true;
  }

  #loses([phy, { vifs }]: readonly [string, SimRadio]): boolean {
    return [undefined, ...vifs.keys()].some((vif) => this.#options.faults.of(phy, vif).loseChanges > 0);
  }

  #isTold(phy: string, vif?: string): boolean {
    const { faults } = this.#options;
    const lost = faults.strikes(faults.of(phy, vif).loseChanges);
    this.#lost ||= lost;
    return !lost;
  }

  #isNews(about: string, state: PhyState | VifState | null): boolean {
    // Seconds that pass are no change.
    const text = JSON.stringify(state, (name, value) => (name === "nolRemaining" ? undefined : value));
    if (this.#told.get(about) === text) return false;
    this.#told.set(about, text);
    return true;
  }
}
