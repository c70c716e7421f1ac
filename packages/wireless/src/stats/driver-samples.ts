/** What a driver reports, as samples. A number that is none, or negative where nothing can be, is left out and counted. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import { maxSsidLength } from "@opensync-ts/target/beacon-channel";
import type { ChannelSurvey, HeardBss, StationStatistics, StatisticsReport } from "@opensync-ts/target/driver";
import { limits } from "../limits.ts";
import type { StatsValues, Value } from "./definitions.ts";
import type { Faults, Sample } from "./sample-codec.ts";

/** `faults` is added to. */
export function samplesOf(report: StatisticsReport, faults: Faults): readonly Sample[] {
  const { phy, stations, survey, temperature, bsses = [] } = report;
  const radio = temperature === undefined ? [] : [{ phy_name: phy, temperature_celsius: temperature }];
  return [
    ...radio.map((values): Sample => ({ stats: "PHY", values: sound(values, faults) })),
    ...stations.map((of): Sample => ({ stats: "STA", values: sound(stationValues(phy, of), faults), ...sinceOf(of) })),
    ...survey.map((of): Sample => ({ stats: "CHAN", values: sound(surveyValues(phy, of), faults), ...sinceOf(of) })),
    ...samplesOfBsses(phy, bsses, faults),
  ];
}

/** What strangers send is checked here: it goes into reports as it is. */
export function samplesOfBsses(phy: string, bsses: readonly HeardBss[], faults: Faults): readonly Sample[] {
  return bsses.flatMap((bss): Sample[] => {
    const bssid = parseMac(bss.bssid);
    if (bssid !== undefined) {
      return [{ stats: "BSS_SCAN", values: fitting(sound(bssValues(phy, bssid, bss), faults), faults) }];
    }
    faults.malformed++;
    return [];
  });
}

function sinceOf({ since }: { readonly since?: number }): { readonly since?: number } {
  return Number.isFinite(since) ? { since: since as number } : {};
}

function bssValues(phy: string, bssid: Mac, of: HeardBss): StatsValues<"BSS_SCAN"> {
  const { control, width, center0, center1, ssid, ies } = of;
  return {
    phy_name: phy,
    mac_address: bssid,
    snr_db: Math.max(0, Math.round(of.snr)),
    ...(control === undefined ? {} : { freq_mhz: control }),
    ...(width === undefined ? {} : { width_mhz: widthOnTheWire(width) }),
    ...(center0 ? { center_freq0_mhz: center0 } : {}),
    ...(center1 ? { center_freq1_mhz: center1 } : {}),
    ...(ssid === undefined ? {} : { ssid }),
    ...(ies === undefined ? {} : { ies }),
  };
}

/** 80+80 MHz is written 8080. */
export function widthOnTheWire(width: NonNullable<HeardBss["width"]>): number {
  return width === "80p80" ? 8080 : width;
}

/** Octets are kept, so they must not be more than a frame can have, and not a view of a driver's buffer. */
function fitting(values: StatsValues<"BSS_SCAN">, faults: Faults): StatsValues<"BSS_SCAN"> {
  const { ssid, ies, ...rest } = values;
  const kept = (octets: Uint8Array | undefined, most: number) => {
    if (octets && octets.length <= most) return octets.slice();
    if (octets) faults.malformed++;
    return undefined;
  };
  const [name, elements] = [kept(ssid, maxSsidLength), kept(ies, limits.statsIes)];
  return { ...rest, ...(name && { ssid: name }), ...(elements && { ies: elements }) };
}

function stationValues(phy: string, of: StationStatistics): StatsValues<"STA"> {
  return {
    phy_name: phy,
    vif_name: of.vif,
    mac_address: of.station,
    snr_db: Math.max(0, Math.round(of.snr)),
    tx_bytes: of.txBytes,
    tx_frames: of.txFrames,
    tx_retries: of.txRetries,
    tx_errors: of.txErrors,
    tx_rate_mbps: Math.round(of.txRate),
    rx_bytes: of.rxBytes,
    rx_frames: of.rxFrames,
    rx_retries: of.rxRetries,
    rx_errors: of.rxErrors,
    rx_rate_mbps: Math.round(of.rxRate),
  };
}

function surveyValues(phy: string, of: ChannelSurvey): StatsValues<"CHAN"> {
  return {
    phy_name: phy,
    freq_mhz: of.control,
    active_msec: of.active,
    cnt_msec: { tx: of.tx, rx: of.rx, rx_inbss: of.rxSelf, busy: of.busy },
    noise_floor_dbm: of.noise,
  };
}

function sound<V extends object>(values: V, faults: Faults): V {
  let good: V | undefined;
  for (const name in values) {
    const value = values[name] as Value;
    if (typeof value === "number" && isUnsound(name, value)) {
      good ??= { ...values };
      delete good[name];
      faults.malformed++;
    } else if (typeof value === "object" && !(value instanceof Uint8Array)) {
      const inner = sound(value, faults);
      if (inner === value) continue;
      good ??= { ...values };
      good[name] = inner as V[typeof name];
    }
  }
  return good ?? values;
}

function isUnsound(name: string, value: number): boolean {
  return !Number.isFinite(value) || (value < 0 && !signed.has(name));
}

const signed: ReadonlySet<string> = new Set(["noise_floor_dbm", "temperature_celsius"]);
