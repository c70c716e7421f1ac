/**
 * `min_hw_mode`: the oldest generation of stations that an access point serves, by the rates it knows and the generation it
 * requires. It comes before the rates of the radio.
 */

import { isDeepStrictEqual } from "node:util";
import { bandOf } from "@opensync-ts/target/channels";
import type { ApState, Band, LegacyRate } from "@opensync-ts/target/radio";
import type { ApOverrides } from "@opensync-ts/wireless/contract";
import { cckRates, ofdmRates } from "./rates.ts";
import type { VifConfig, VifStateRecord } from "./rows.ts";
import type { ReportVif } from "./vif-context.ts";

export type MinHwMode = NonNullable<VifConfig["min_hw_mode"]>;

interface Preset {
  readonly htRequired: boolean;
  readonly vhtRequired: boolean;
  readonly supported: readonly LegacyRate[];
  readonly basic: readonly LegacyRate[];
  readonly beacon: LegacyRate;
}

const ofdm = { supported: ofdmRates, basic: [6, 9, 12], beacon: 6 } as const;

const presets: Readonly<Record<MinHwMode, Preset>> = {
  "11b": { htRequired: false, vhtRequired: false, supported: cckRates, basic: [1, 2], beacon: 1 },
  "11g": { htRequired: false, vhtRequired: false, ...ofdm },
  "11a": { htRequired: false, vhtRequired: false, ...ofdm },
  "11n": { htRequired: true, vhtRequired: false, ...ofdm },
  "11ac": { htRequired: false, vhtRequired: true, ...ofdm },
};

export function askedMinHwMode(value: MinHwMode | null, band: Band, report: ReportVif): ApOverrides {
  if (value === null) return {};
  const impossible = impossibleOn(band, value);
  if (impossible) {
    report("min_hw_mode", value, `${impossible}; stations are served as before`);
    return {};
  }
  const { htRequired, vhtRequired, supported, basic, beacon } = presets[value];
  return {
    mode: { htRequired, vhtRequired },
    rates: { supported, basic, beacon: { kind: "abg", rate: beacon } },
  };
}

/** What the access point does, where that is exactly one of them; `11a` and `11g` differ by band alone. */
export function minHwModeColumn(
  ap: Pick<ApState, "mode" | "rates" | "channel">,
  config: VifConfig | null,
): VifStateRecord["min_hw_mode"] {
  const band = ap.channel && bandOf(ap.channel.control);
  const matching = (Object.keys(presets) as MinHwMode[]).filter((value) => matches(ap, presets[value]));
  const configured = config?.min_hw_mode ?? null;
  if (configured !== null && matching.includes(configured)) return configured;
  return matching.find((value) => fits(value, band)) ?? null;
}

function matches({ mode, rates }: Pick<ApState, "mode" | "rates">, preset: Preset): boolean {
  return (
    mode.htRequired === preset.htRequired &&
    mode.vhtRequired === preset.vhtRequired &&
    isDeepStrictEqual(rates.supported, preset.supported) &&
    isDeepStrictEqual(rates.basic, preset.basic) &&
    isDeepStrictEqual(rates.beacon, { kind: "abg", rate: preset.beacon })
  );
}

function fits(value: MinHwMode, band: Band | null): boolean {
  if (value === "11b" || value === "11g") return band === "2.4G";
  return value !== "11a" || band !== "2.4G";
}

function impossibleOn(band: Band, value: MinHwMode): string | null {
  if (value === "11b" && band !== "2.4G") return `${band} has none of the rates of 11b`;
  if (band === "6G" && (value === "11n" || value === "11ac")) return "6 GHz has neither HT nor VHT to require";
  return null;
}
