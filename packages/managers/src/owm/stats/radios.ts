/** The radios of the device as rows of `Wifi_Stats_Config` name them: by band, and what channel each is on. */

import type { Unsubscribe } from "@opensync-ts/base/emitter";
import type { Channel, PhyState } from "@opensync-ts/target/radio";
import type { Band } from "@opensync-ts/telemetry/names";
import type { WirelessState } from "@opensync-ts/wireless/contract";
import { freqBand } from "../radio-mapping.ts";
import { statsLimits } from "./limits.ts";

type State = Pick<WirelessState, "phys" | "vifs" | "events">;

export class Radios {
  readonly #state: State;
  /** Also of radios that have gone: what they counted last comes after them. */
  readonly #bands = new Map<string, Band>();
  readonly #unsubscribe: Unsubscribe;

  constructor(state: State) {
    this.#state = state;
    for (const phy of state.phys.values()) this.#remember(phy);
    this.#unsubscribe = state.events.on("phy", ({ new: phy }) => phy && this.#remember(phy));
  }

  stop(): void {
    this.#unsubscribe();
  }

  /** As `Wifi_Radio_State.freq_band` shows it; null: never heard of. */
  bandOf(phy: string): Band | null {
    return this.#bands.get(phy) ?? null;
  }

  /** Those that are there, by name; `band` null: all. */
  namesOf(band: Band | null): readonly string[] {
    return [...this.#state.phys.keys()].filter((name) => band === null || this.bandOf(name) === band).sort();
  }

  /** The first by name, for what there is only one of. */
  firstOf(band: Band | null): PhyState | null {
    const [name] = this.namesOf(band);
    return (name !== undefined && this.#state.phys.get(name)) || null;
  }

  /** That of the first access point by name that is up and has one; those of uplinks do not count. */
  operatingChannel(phy: string): Channel | null {
    let first: string | null = null;
    let channel: Channel | null = null;
    for (const [name, vif] of this.#state.vifs) {
      if (vif.phy !== phy || vif.type !== "ap" || vif.status !== "enabled" || !vif.ap.channel) continue;
      if (first !== null && first < name) continue;
      first = name;
      channel = vif.ap.channel;
    }
    return channel;
  }

  #remember(phy: PhyState): void {
    const band = freqBand(phy);
    this.#bands.delete(phy.name);
    if (band !== "") this.#bands.set(phy.name, band);
    for (const name of this.#bands.keys()) {
      if (this.#bands.size <= statsLimits.radios) break;
      if (!this.#state.phys.has(name)) this.#bands.delete(name);
    }
  }
}
