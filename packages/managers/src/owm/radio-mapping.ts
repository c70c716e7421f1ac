/** `Wifi_Radio_Config` → a radio and all its vifs → `Wifi_Radio_State`, column by column. */

import { isDeepStrictEqual } from "node:util";
import type { Row } from "@opensync-ts/schema/opensync";
import { channelNumber } from "@opensync-ts/target/channels";
import type { Band, Channel, ChannelState, DfsState, LegacyRate, PhyState, VifState } from "@opensync-ts/target/radio";
import type { PhyOverrides } from "@opensync-ts/wireless/contract";
import { hwModeOf, modeOfHwMode } from "./hw-mode.ts";
import { beaconIntervals } from "./limits.ts";
import { common, given, type LeftOut, positive, rowsOf } from "./mapping.ts";
import { type RadarRecord, radarColumn } from "./radar-history.ts";
import { askedChannel, channelColumns, type ReportRadio } from "./radio-channel.ts";
import { beaconRateColumn, type RateColumn, rateColumn, rateOf, ratesColumn, ratesOf } from "./rates.ts";
import { countryOf, domainOf } from "./regulatory-domain.ts";
import type { RadioConfig, RadioStateRecord } from "./rows.ts";

/** What the mapping of a `Wifi_Radio_Config` row needs beside the columns. */
export interface RadioAsking {
  readonly row: RadioConfig;
  /** As its driver reports it; `null` while it does not. */
  readonly phy: PhyState | null;
  readonly band: Band;
  readonly report: ReportRadio;
}

export interface RadioFacts {
  readonly phy: PhyState;
  /** The vifs of this phy. */
  readonly vifs: readonly VifState[];
  readonly config: RadioConfig | null;
  /** What `config` asks for, as far as that can be. */
  readonly asked: PhyOverrides | null;
  /** What `agreedChannel` gives, bridged over short disagreements (`channel-hold.ts`). */
  readonly channel: Channel | null;
  /** `null`: none was heard. */
  readonly radar: RadarRecord | null;
}

const row = rowsOf<RadioConfig, RadioStateRecord, RadioAsking, PhyOverrides, RadioFacts>();

export const radioMapping = [
  row({
    config: ["if_name"],
    attributes: ["phy.name"],
    state: ["if_name"],
    note: "the key: the row speaks of the phy of this name",
    report: ({ phy }) => ({ if_name: phy.name }),
  }),
  row({
    attributes: ["phy.mac"],
    state: ["mac"],
    report: ({ phy }) => ({ mac: phy.mac }),
  }),
  row({
    state: ["radio_config"],
    note: "the configuration row",
    report: ({ config }) => ({ radio_config: config?._uuid ?? null }),
  }),
  row({
    config: ["vif_configs"],
    note: "binds `Wifi_VIF_Config` rows to the radio (`binding.ts`); their state rows are in `vif_states`",
  }),
  row({
    config: ["enabled"],
    attributes: ["phy.enabled"],
    state: ["enabled"],
    apply: ({ enabled }) => given("enabled", enabled),
    report: ({ phy }) => ({ enabled: phy.enabled }),
  }),
  row({
    config: ["tx_chainmask", "thermal_tx_chainmask"],
    attributes: ["phy.txChainmask"],
    state: ["tx_chainmask", "thermal_tx_chainmask"],
    note: "`thermal_tx_chainmask` replaces the other where it is set, and is shown as configured",
    apply: (columns, { report }) => given("txChainmask", chainmask(columns, report)),
    report: ({ phy, config }) => ({
      tx_chainmask: phy.txChainmask,
      thermal_tx_chainmask: config?.thermal_tx_chainmask ?? null,
    }),
  }),
  row({
    config: ["tx_power"],
    attributes: ["vif.txPower"],
    state: ["tx_power"],
    note: "dBm, of every AP and STA; shown where all that have one agree",
    apply: ({ tx_power }, { report }) => given("txPower", transmitPower(tx_power, report)),
    report: ({ vifs }) => ({
      tx_power: positive(common(vifs.map(({ txPower }) => txPower).filter((power) => power !== 0))),
    }),
  }),
  row({
    config: ["channel", "ht_mode", "freq_band", "center_freq0_chan", "puncture_bitmap", "channel_mode"],
    attributes: ["ap.channel"],
    state: ["channel", "ht_mode", "center_freq0_chan", "puncture_bitmap"],
    note:
      "of all APs; `channel_mode` `auto` and `acs` leave it to the driver. `HT40+` and `HT40-` extend upwards and " +
      "downwards, `HT2040` is 40 MHz where that is possible, the second half of `HT80+80` is the first free block " +
      "apart. Shown where all enabled APs and connected STAs agree, else the last for 5 s",
    apply: (_, { row, phy, report }) => {
      const channel = askedChannel(row, phy, report);
      return channel ? { ap: { channel } } : {};
    },
    report: ({ phy, config, asked, channel }) => channelColumns(channel, phy, config, asked?.ap?.channel ?? null),
  }),
  row({
    config: ["freq_band"],
    attributes: ["phy.channelStates", "phy.capabilities"],
    state: ["freq_band"],
    note: "says of which band `channel` is; shown by the channels on offer: `5GL` to 64, `5GU` from 100",
    report: ({ phy }) => ({ freq_band: freqBand(phy) }),
  }),
  row({
    config: ["channel_mode"],
    state: ["channel_mode"],
    note: "shown as configured",
    report: ({ config }) => ({ channel_mode: config?.channel_mode ?? null }),
  }),
  row({
    attributes: ["phy.channelStates"],
    state: ["allowed_channels", "channels"],
    note: "every channel on offer, and its DFS state",
    report: ({ phy }) => ({
      allowed_channels: numbersOf(phy.channelStates).map(([number]) => number),
      channels: channelMap(phy.channelStates),
    }),
  }),
  row({
    config: ["bcn_int"],
    attributes: ["ap.beaconInterval"],
    state: ["bcn_int"],
    note: "TU; shown where all enabled APs agree",
    apply: ({ bcn_int }, { report }) => {
      const interval = beaconInterval(bcn_int, report);
      return interval === null ? {} : { ap: { beaconInterval: interval } };
    },
    report: (facts) => ({ bcn_int: positive(common(enabledAps(facts).map(({ beaconInterval }) => beaconInterval))) }),
  }),
  row({
    config: ["hw_mode", "freq_band"],
    attributes: ["ap.mode.ht", "ap.mode.vht", "ap.mode.he", "ap.mode.eht", "ap.mode.wmm"],
    state: ["hw_mode"],
    note: "`11ax` is HE, and off 6 GHz VHT and HT; the latest that any enabled AP speaks is shown",
    apply: ({ hw_mode }, { band, report }) => {
      if (hw_mode === null) return {};
      const mode = modeOfHwMode(hw_mode, band);
      if (mode) return { ap: { mode } };
      report("hw_mode", "6 GHz has 11ax and 11be only; the mode in use is kept");
      return {};
    },
    report: (facts) => ({
      hw_mode: hwModeOf(
        enabledAps(facts).map(({ mode }) => mode),
        freqBand(facts.phy),
      ),
    }),
  }),
  row({
    config: ["supported_rates", "basic_rates"],
    attributes: ["ap.rates.supported", "ap.rates.basic"],
    state: ["supported_rates", "basic_rates"],
    note: "Mbit/s; an empty set is no opinion; shown where all enabled APs agree",
    apply: (columns, { report }) => {
      const supported = ratesOf(columns.supported_rates);
      const basic = basicRates(ratesOf(columns.basic_rates), supported, report);
      return supported || basic
        ? { ap: { rates: { ...given("supported", supported), ...given("basic", basic) } } }
        : {};
    },
    report: (facts) => ({
      supported_rates: ratesColumn(common(ratesIn(facts, "supported"), isDeepStrictEqual) ?? []),
      basic_rates: ratesColumn(common(ratesIn(facts, "basic"), isDeepStrictEqual) ?? []),
    }),
  }),
  row({
    config: ["beacon_rate"],
    attributes: ["ap.rates.beacon"],
    state: ["beacon_rate"],
    note: "Mbit/s; shown where it is a legacy rate and all enabled APs agree",
    apply: ({ beacon_rate }) =>
      beacon_rate === null ? {} : { ap: { rates: { beacon: { kind: "abg", rate: rateOf(beacon_rate) } } } },
    report: (facts) => ({ beacon_rate: common(enabledAps(facts).map(({ rates }) => beaconRateColumn(rates))) }),
  }),
  row({
    config: ["mcast_rate"],
    attributes: ["ap.rates.mcast"],
    state: ["mcast_rate"],
    note: "Mbit/s; shown where all enabled APs agree",
    apply: ({ mcast_rate }) => (mcast_rate === null ? {} : { ap: { rates: { mcast: rateOf(mcast_rate) } } }),
    report: (facts) => ({ mcast_rate: commonRate(ratesIn(facts, "mcast")) }),
  }),
  row({
    config: ["mgmt_rate"],
    attributes: ["ap.rates.mgmt"],
    state: ["mgmt_rate"],
    note: "Mbit/s; shown where all enabled APs agree",
    apply: ({ mgmt_rate }) => (mgmt_rate === null ? {} : { ap: { rates: { mgmt: rateOf(mgmt_rate) } } }),
    report: (facts) => ({ mgmt_rate: commonRate(ratesIn(facts, "mgmt")) }),
  }),
  row({
    config: ["country"],
    attributes: ["phy.regDomain"],
    state: ["country"],
    note: "ISO 3166 alpha-2; number and DFS rules follow from it, the revision is the driver's",
    apply: ({ country }, { phy, report }) => {
      if (country === null || !phy) return {};
      if (!phy.regDomain) {
        report("country", `the driver of ${phy.name} does not say in which country it is; it cannot be told either`);
        return {};
      }
      const regDomain = domainOf(country, phy.regDomain);
      if (regDomain) return { regDomain };
      report("country", "no ISO 3166 alpha-2 code of a country (US, DE …); the one in force is kept");
      return {};
    },
    report: ({ phy, config }) => {
      const country = countryOf(phy.regDomain);
      const configured = config?.country ?? null;
      return { country: configured?.toUpperCase() === country ? configured : country };
    },
  }),
  row({
    config: ["hw_type"],
    attributes: ["phy.regDomain"],
    state: ["hw_type", "hw_params"],
    note: "shown as configured; of `qca…` and `qcn…` number and revision of the country in `hw_params`",
    report: ({ phy, config }) => ({ hw_type: config?.hw_type ?? null, hw_params: hwParams(config, phy.regDomain) }),
  }),
  row({
    config: ["dfs_demo"],
    attributes: ["phy.radar"],
    state: ["dfs_demo"],
    note: "true: radar detection is off",
    apply: ({ dfs_demo }, { phy, report }) => {
      if (dfs_demo === null || !phy) return {};
      if (phy.radar !== "unsupported") return { radar: dfs_demo ? "disabled" : "enabled" };
      if (dfs_demo) report("dfs_demo", `${phy.name} has no radar detection that could be switched off`);
      return {};
    },
    report: ({ phy }) => ({ dfs_demo: phy.radar === "disabled" }),
  }),
  row({
    config: ["zero_wait_dfs"],
    attributes: ["phy.zeroWaitDfs"],
    state: ["zero_wait_dfs"],
    note: "a radio that cannot shows `disable`, where the column is configured at all",
    apply: ({ zero_wait_dfs }, { phy, report }) => {
      if (zero_wait_dfs === null || !phy) return {};
      if (phy.zeroWaitDfs !== "unsupported") return { zeroWaitDfs: zero_wait_dfs };
      if (zero_wait_dfs !== "disable")
        report("zero_wait_dfs", `${phy.name} cannot check a channel while it serves another; it falls silent for it`);
      return {};
    },
    report: ({ phy, config }) => {
      if (phy.zeroWaitDfs !== "unsupported") return { zero_wait_dfs: phy.zeroWaitDfs };
      return { zero_wait_dfs: (config?.zero_wait_dfs ?? null) === null ? null : "disable" };
    },
  }),
  row({
    attributes: ["phy.channelStates"],
    state: ["radar"],
    note: "`last_channel`, `num_detected`, `time` (seconds since 1970) of radar since OWM started",
    report: ({ radar }) => ({ radar: radarColumn(radar) }),
  }),
  row({
    config: ["hw_config"],
    state: ["hw_config"],
    note: "for vendors; shown as configured",
    report: ({ config }) => ({ hw_config: config?.hw_config ?? new Map() }),
  }),
  row({
    config: ["fallback_parents"],
    state: ["fallback_parents"],
    note: "where a STA turns that lost its parent to radar; shown as configured",
    report: ({ config }) => ({ fallback_parents: config?.fallback_parents ?? new Map() }),
  }),
];

const ofPm = "PM's: it guards the temperature, and says by `thermal_tx_chainmask` what OWM has to do";

export const radioConfigLeftOut: LeftOut<RadioConfig> = {
  channel_sync: "no meaning in OpenSync 7.0; a channel is switched by announcement wherever clients would notice",
  thermal_shutdown: ofPm,
  thermal_downgrade_temp: ofPm,
  thermal_upgrade_temp: ofPm,
  thermal_integration: ofPm,
  temperature_control: ofPm,
};

export const radioStateLeftOut: LeftOut<Row<"Wifi_Radio_State">> = {
  vif_states: "references, added with each state row of a vif and gone with it (`write-back.ts`)",
  channel_sync: radioConfigLeftOut.channel_sync ?? "",
  thermal_shutdown: ofPm,
  thermal_downgrade_temp: ofPm,
  thermal_upgrade_temp: ofPm,
  thermal_integration: ofPm,
  thermal_downgraded: ofPm,
  temperature_control: ofPm,
  tpc_uuid: "of the power table, `Wifi_Transmit_Power_Constraints`, which is not OWM's",
};

export function enabledAps({ vifs }: Pick<RadioFacts, "vifs">) {
  return vifs.flatMap((vif) => (vif.type === "ap" && vif.status === "enabled" ? [vif.ap] : []));
}

function ratesIn<K extends "supported" | "basic" | "mcast" | "mgmt">(facts: RadioFacts, name: K) {
  return enabledAps(facts).map(({ rates }) => rates[name]);
}

function commonRate(rates: readonly (LegacyRate | null)[]): RateColumn | null {
  const rate = common(rates);
  return rate === null ? null : rateColumn(rate);
}

function chainmask(
  columns: Pick<RadioConfig, "tx_chainmask" | "thermal_tx_chainmask">,
  report: ReportRadio,
): number | null {
  const column = columns.thermal_tx_chainmask === null ? "tx_chainmask" : "thermal_tx_chainmask";
  const mask = columns[column];
  if (mask === null || (mask > 0 && mask <= 0xffff_ffff)) return mask;
  report(column, "not a mask with at least one antenna chain; the chains in use are kept");
  return null;
}

/** Anything beyond is a slip, or no number at all: integers of rows have 64 bits. */
const mostPower = 1_000;

function transmitPower(power: number | null, report: ReportRadio): number | null {
  if (power === null || (power >= -mostPower && power <= mostPower)) return power;
  report("tx_power", "no transmit power in dBm; the one in use is kept");
  return null;
}

/** Drivers refuse others, and the field of the beacon has 16 bits. */
function beaconInterval(bcn_int: number | null, report: ReportRadio): number | null {
  const [least, most] = beaconIntervals;
  if (bcn_int === null || (bcn_int >= least && bcn_int <= most)) return bcn_int;
  report("bcn_int", `a beacon interval is ${least} to ${most} TU; the one in use is kept`);
  return null;
}

/** A station has to support every basic rate, and so has the access point. */
function basicRates(
  basic: readonly LegacyRate[] | null,
  supported: readonly LegacyRate[] | null,
  report: ReportRadio,
): readonly LegacyRate[] | null {
  const missing = basic?.filter((rate) => supported && !supported.includes(rate)) ?? [];
  if (!basic || missing.length === 0) return basic;
  const rest = basic.filter((rate) => !missing.includes(rate));
  const done = rest.length > 0 ? "left out" : "left out, and the basic rates in use are kept";
  report("basic_rates", `not among supported_rates: ${missing.join(", ")}; ${done}`);
  return rest.length > 0 ? rest : null;
}

/** The band by the channels on offer; a radio that lists none is taken at its driver's word. */
/** By the channels on offer; without any, or with those of several bands, what the driver says. */
export function freqBand(phy: PhyState): RadioStateRecord["freq_band"] {
  const frequencies = phy.channelStates.map(({ control }) => control);
  if (frequencies.length === 0) return phy.capabilities.band;
  const some = (low: number, high: number) => frequencies.some((control) => control >= low && control <= high);
  const all = (low: number, high: number) => frequencies.every((control) => control >= low && control <= high);
  if (all(2412, 2484)) return "2.4G";
  if (all(5935, 7115)) return "6G";
  if (!all(5180, 5885)) return phy.capabilities.band;
  const lower = some(5180, 5320);
  const upper = some(5500, 5885);
  return lower === upper ? "5G" : lower ? "5GL" : "5GU";
}

/** Exactly these texts: controllers compare them as strings. */
const dfsText: Readonly<Record<DfsState, string>> = {
  non_dfs: '{"state": "allowed"}',
  cac_possible: '{"state": "nop_finished"}',
  cac_in_progress: '{"state": "cac_started"}',
  cac_completed: '{"state": "cac_completed"}',
  nol: '{"state": "nop_started"}',
};

function channelMap(states: readonly ChannelState[]): ReadonlyMap<string, string> {
  return new Map(numbersOf(states).map(([number, dfs]) => [String(number), dfsText[dfs]]));
}

/** By channel number, ascending, each once. */
function numbersOf(states: readonly ChannelState[]): [number, DfsState][] {
  const byNumber = new Map<number, DfsState>();
  for (const { control, dfs } of states) {
    const number = channelNumber(control);
    if (number > 0) byNumber.set(number, dfs);
  }
  return [...byNumber].sort(([a], [b]) => a - b);
}

function hwParams(config: RadioConfig | null, domain: PhyState["regDomain"]): ReadonlyMap<string, string> {
  const type = config?.hw_type ?? "";
  if (!domain || !(type.startsWith("qca") || type.startsWith("qcn"))) return new Map();
  return new Map([
    ["country_id", String(domain.isoNumber)],
    ["reg_domain", String(domain.revision)],
  ]);
}
