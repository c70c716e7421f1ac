/** What a driver reports, as samples. A number that is none, or negative where nothing can be, is left out and counted. */

import type { ChannelSurvey, StationStatistics, StatisticsReport } from "@opensync-ts/target/driver";
import type { StatsValues, Value } from "./definitions.ts";
import type { Faults, Sample } from "./sample-codec.ts";

/** `faults` is added to. */
export function samplesOf({ phy, stations, survey }: StatisticsReport, faults: Faults): readonly Sample[] {
  return [
    ...stations.map((station): Sample => ({ stats: "STA", values: sound(stationValues(phy, station), faults) })),
    ...survey.map((channel): Sample => ({ stats: "CHAN", values: sound(surveyValues(phy, channel), faults) })),
  ];
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
    rx_errors: of.rxErrors,
    rx_rate_mbps: Math.round(of.rxRate),
  };
}

/** `noise_floor_dbm` is the one value that is negative. */
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
  return !Number.isFinite(value) || (value < 0 && name !== "noise_floor_dbm");
}
