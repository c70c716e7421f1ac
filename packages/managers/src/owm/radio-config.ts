/**
 * `Wifi_Radio_Config` → what OWM asks of a radio. A column that is unset is no opinion: the radio keeps what it has.
 *
 * | column                                                                       | asks for                                |
 * |------------------------------------------------------------------------------|-----------------------------------------|
 * | `enabled`                                                                    | the phy enabled                         |
 * | `thermal_tx_chainmask`, else `tx_chainmask`                                  | its TX chainmask                        |
 * | `tx_power`                                                                   | the power of all its vifs, dBm          |
 * | `channel` `ht_mode` `freq_band` (`center_freq0_chan`, `puncture_bitmap`)     | the channel of all its APs              |
 * | `bcn_int`                                                                    | the beacon interval of all its APs, TU  |
 * | `hw_mode` (`freq_band`)                                                      | HT, VHT, HE, EHT, WMM of all its APs    |
 *
 * `channel_mode`, `hw_type`, `hw_config`, `zero_wait_dfs` and `fallback_parents` are echoed to the state only; the rate
 * columns are not realised yet.
 *
 * `freq_band` cannot move a radio to another band: where it names one, the radio's own counts.
 */

import { channelNumber, channelOf, widthOfHtMode } from "@opensync-ts/target/channels";
import type { Band, Channel, PhyState } from "@opensync-ts/target/radio";
import type { ApOverrides, PhyOverrides } from "@opensync-ts/wireless/contract";
import { beaconIntervals } from "./limits.ts";
import type { Mapped, Problem } from "./problems.ts";
import type { RadioConfig } from "./rows.ts";

/** `phy`: the radio as its driver reports it; `null` while it does not. */
export function radioOverrides(row: RadioConfig, phy: PhyState | null): Mapped<PhyOverrides> {
  const problems: Problem[] = [];
  const report: Report = (column, reason) =>
    problems.push({
      table: "Wifi_Radio_Config",
      row: row.if_name ?? "",
      column,
      value: String(row[column]),
      reason,
    });

  const ap: ApOverrides = {
    ...given("channel", bandFits(row, phy, report) ? channel(row, phy, report) : null),
    ...given("beaconInterval", beaconInterval(row, report)),
    ...given("mode", hwMode(row, phy?.capabilities.band ?? bandOfRow(row, phy), report)),
  };
  const value: PhyOverrides = {
    ...given("enabled", row.enabled),
    ...given("txChainmask", chainmask(row, report)),
    ...given("txPower", row.tx_power),
    ...(Object.keys(ap).length > 0 ? { ap } : {}),
  };
  return { value, problems };
}

/** The band that `freq_band` names; `""` (not set) leaves it to the radio. */
function bandOfRow(row: RadioConfig, phy: PhyState | null): Band {
  switch (row.freq_band) {
    case "5G":
    case "5GL":
    case "5GU":
      return "5G";
    case "6G":
      return "6G";
    case "2.4G":
      return "2.4G";
    case "":
      return phy?.capabilities.band ?? "2.4G";
  }
}

/** The radio lists the channel's primary, whether or not it may be used right now. */
export function offers(phy: PhyState | null, channel: Channel): boolean {
  return phy?.channelStates.some(({ control }) => control === channel.control) ?? false;
}

type Report = (column: keyof RadioConfig & string, reason: string) => void;

function bandFits(row: RadioConfig, phy: PhyState | null, report: Report): boolean {
  const band = phy?.capabilities.band;
  if (band === undefined || bandOfRow(row, phy) === band) return true;
  report("freq_band", `${row.if_name} is a ${band} radio; the channel in use is kept`);
  return false;
}

/** Drivers refuse others, and the field of the beacon has 16 bits. */
function beaconInterval(row: RadioConfig, report: Report): number | null {
  const [least, most] = beaconIntervals;
  if (row.bcn_int === null || (row.bcn_int >= least && row.bcn_int <= most)) return row.bcn_int;
  report("bcn_int", `a beacon interval is ${least} to ${most} TU; the one in use is kept`);
  return null;
}

function chainmask(row: RadioConfig, report: Report): number | null {
  const column = row.thermal_tx_chainmask === null ? "tx_chainmask" : "thermal_tx_chainmask";
  const mask = row[column];
  if (mask === null || mask > 0) return mask;
  report(column, "not a mask with at least one antenna chain; the chains in use are kept");
  return null;
}

/** All of `channel`, `ht_mode` and `freq_band` are needed; a combination the band does not have is left out. */
function channel(row: RadioConfig, phy: PhyState | null, report: Report): Channel | null {
  if (row.channel === null) return null;
  if (row.ht_mode === null) {
    report("channel", "ht_mode is not set, and a channel needs both; the channel in use is kept");
    return null;
  }
  const band = bandOfRow(row, phy);
  const wanted = channelOf({
    band,
    number: row.channel,
    width: widthOfHtMode(row.ht_mode),
    puncture: row.puncture_bitmap ?? 0,
    maxChannel2g: highestChannel2g(phy),
    ...(row.center_freq0_chan === null ? {} : { center0: row.center_freq0_chan }),
  });
  if (!wanted) {
    report("channel", `no ${describe(row)} channel on ${band}; the channel in use is kept`);
    return null;
  }
  if (phy && phy.channelStates.length > 0 && !offers(phy, wanted)) {
    report(
      "channel",
      `${row.if_name} does not offer it (see Wifi_Radio_State.allowed_channels); the channel in use is kept`,
    );
    return null;
  }
  return wanted;
}

function describe(row: RadioConfig): string {
  const parts: string[] = [row.ht_mode ?? ""];
  if (row.center_freq0_chan !== null) parts.push(`center_freq0_chan ${row.center_freq0_chan}`);
  else if (row.ht_mode === "HT320") parts.push("(center_freq0_chan is needed)");
  if (row.puncture_bitmap !== null) parts.push(`puncture_bitmap ${row.puncture_bitmap}`);
  return parts.join(" ");
}

/** Decides to which side a 40 MHz channel extends: where 12 and 13 are allowed, upwards more often. */
function highestChannel2g(phy: PhyState | null): number {
  const numbers = phy?.channelStates.map(({ control }) => channelNumber(control)) ?? [];
  return Math.max(11, ...numbers.filter((number) => number <= 13));
}

/** 6 GHz knows neither HT nor VHT, nor anything before HE. */
function hwMode({ hw_mode }: RadioConfig, band: Band, report: Report): NonNullable<ApOverrides["mode"]> | null {
  if (hw_mode === null) return null;
  const eht = hw_mode === "11be";
  const he = eht || hw_mode === "11ax";
  if (band === "6G" && !he) {
    report("hw_mode", "6 GHz has 11ax and 11be only; the mode in use is kept");
    return null;
  }
  const vht = he ? band !== "6G" : hw_mode === "11ac";
  const ht = vht || hw_mode === "11n";
  return { ht, vht, he, eht, wmm: ht || he };
}

/** An object with this member, or without any where the column is unset. */
function given<K extends string, V>(name: K, value: V | null): { readonly [Name in K]?: V } {
  return (value === null ? {} : { [name]: value }) as { readonly [Name in K]?: V };
}
