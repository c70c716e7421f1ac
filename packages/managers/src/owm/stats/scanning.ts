/** The scans that a row asks for, on the first radio of its band: as long as there is one, of the channels that it offers. */

import { messageOf } from "@opensync-ts/base/errors";
import type { Mhz } from "@opensync-ts/base/units";
import type { PhyState } from "@opensync-ts/target/radio";
import { bandOf } from "./collector.ts";
import type { EntryContext } from "./entry-context.ts";
import type { StatsPlan } from "./plan.ts";
import { ScanHoldOff } from "./steps.ts";
import type { UtilisationMeter } from "./utilisation.ts";

/** How long before a sample is taken the scan for it begins, ms: not all radios at once. */
const scanAhead = { "2.4G": 1_000, "5G": 2_000, "5GL": 2_000, "5GU": 3_000, "6G": 4_000 } as const;

export class Scanning {
  readonly #name: string;
  readonly #plan: StatsPlan;
  readonly #meter: UtilisationMeter | null;
  readonly #context: Pick<EntryContext, "clock" | "radios" | "startScanSchedule">;
  readonly #holdOff: ScanHoldOff | null;
  #current: { readonly phy: string; readonly channels: readonly Mhz[]; readonly stop: () => void } | null = null;
  #failure: string | null = null;

  /** `name`: of the row. */
  constructor(
    name: string,
    plan: StatsPlan,
    meter: UtilisationMeter | null,
    context: Pick<EntryContext, "clock" | "radios" | "startScanSchedule">,
  ) {
    this.#name = name;
    this.#plan = plan;
    this.#meter = meter;
    this.#context = context;
    this.#holdOff = plan.threshold && new ScanHoldOff(plan.threshold);
    this.update();
  }

  /** Why nothing is scanned though it could be; null: nothing is wrong. */
  get failure(): string | null {
    return this.#failure;
  }

  get summary(): string {
    return this.#current ? `scans ${this.#current.channels.length} channels of ${this.#current.phy}` : "scans nothing";
  }

  /** To be called when radios came, went, or changed what they offer. */
  update(): void {
    const phy = this.#context.radios.firstOf(this.#plan.band);
    const channels = phy ? offeredOf(this.#plan.channels, phy) : [];
    if (this.#current && this.#current.phy === phy?.name && String(this.#current.channels) === String(channels)) return;
    this.stop();
    this.#failure = null;
    if (!phy || channels.length === 0) return;
    try {
      this.#current = { phy: phy.name, channels, stop: this.#start(phy.name, channels) };
    } catch (error) {
      this.#failure = messageOf(error);
    }
  }

  stop(): void {
    this.#current?.stop();
    this.#current = null;
  }

  #start(phy: string, channels: readonly Mhz[]): () => void {
    const { clock, startScanSchedule } = this.#context;
    const { sampling, dwell } = this.#plan;
    const holdOff = this.#holdOff;
    return startScanSchedule({
      name: this.#name,
      phy,
      channels,
      period: sampling,
      offset: Math.max(0, sampling - scanAhead[bandOf(this.#plan)]),
      dwell,
      mode: "round robin",
      ...(holdOff && { allow: () => holdOff.allow(clock.now(), this.#meter?.value?.own ?? null) }),
    });
  }
}

/** A radio that lists no channels has not said that it has none. */
export function offeredOf(channels: readonly Mhz[], { channelStates }: PhyState): readonly Mhz[] {
  if (channelStates.length === 0) return channels;
  const offered = new Set(channelStates.map(({ control }) => control));
  return channels.filter((channel) => offered.has(channel));
}
