/** What a radio and its vifs report → `Wifi_Radio_State`. */

import { channelNumber, htModeOf, sameChannel } from "@opensync-ts/target/channels";
import type {
  Channel,
  ChannelState,
  DfsState,
  PhyMode,
  PhyState,
  RegulatoryDomain,
  VifState,
} from "@opensync-ts/target/radio";
import type { ApOverrides, PhyOverrides } from "@opensync-ts/wireless/contract";
import { type RadioConfig, type RadioStateRecord, unsetRadioState } from "./rows.ts";

export interface RadioFacts {
  readonly phy: PhyState;
  /** The vifs of this phy. */
  readonly vifs: readonly VifState[];
  readonly config: RadioConfig | null;
  /** What `config` asks for, as far as that can be. */
  readonly asked: PhyOverrides | null;
  /** What `agreedChannel` gives, bridged over short disagreements (`channel-hold.ts`). */
  readonly channel: Channel | null;
}

export function radioStateRecord({ phy, vifs, config, asked, channel }: RadioFacts): RadioStateRecord {
  const aps = vifs.flatMap((vif) => (vif.type === "ap" && vif.status === "enabled" ? [vif.ap] : []));
  const band = freqBand(phy);
  const record: RadioStateRecord = {
    ...unsetRadioState,
    if_name: phy.name,
    mac: phy.mac,
    enabled: phy.enabled,
    freq_band: band,
    tx_chainmask: phy.txChainmask,
    tx_power: positive(common(vifs.map(({ txPower }) => txPower).filter((power) => power !== 0))),
    bcn_int: positive(common(aps.map(({ beaconInterval }) => beaconInterval))),
    hw_mode: hwMode(
      aps.map(({ mode }) => mode),
      band,
    ),
    ...channelColumns(channel, phy),
    allowed_channels: allowedChannels(phy.channelStates),
    channels: channelMap(phy.channelStates),
    country: country(phy.regDomain),
    dfs_demo: phy.radar === "disabled",
    ...(config ? echoed(config, phy.regDomain) : {}),
  };
  // A radio without any vif shows what is asked for: nothing else could show it.
  if (config && config.vif_configs.length === 0 && aps.length === 0)
    return { ...record, ...intended(config, asked?.ap ?? {}, phy, record) };
  return record;
}

function intended(
  config: RadioConfig,
  { channel, mode }: ApOverrides,
  phy: PhyState,
  record: RadioStateRecord,
): Partial<RadioStateRecord> {
  const { ht = false, vht = false, he = false, eht = false } = mode ?? {};
  const lacks = (name: PhyMode) => phy.capabilities.modes?.includes(name) === false;
  const possible = {
    ht: ht && !lacks("ht"),
    vht: vht && !lacks("vht"),
    he: he && !lacks("he"),
    eht: eht && !lacks("eht"),
  };
  const whole = possible.ht === ht && possible.vht === vht && possible.he === he && possible.eht === eht;
  return {
    ...(channel
      ? { channel: positive(channelNumber(channel.control)), ht_mode: htModeOf(channel) }
      : { ht_mode: config.channel === null ? (config.ht_mode ?? record.ht_mode) : record.ht_mode }),
    ...(mode ? { hw_mode: whole ? config.hw_mode : hwMode([possible], record.freq_band) } : {}),
  };
}

/** The channel on which all enabled APs and connected STAs are; `null` when there are none or they differ. */
export function agreedChannel(vifs: readonly VifState[]): Channel | null {
  const channels = vifs.flatMap((vif) => {
    if (vif.type === "ap" && vif.status === "enabled") return [vif.ap.channel];
    if (vif.type === "sta" && vif.sta.link.status === "connected") return [vif.sta.link.channel];
    return [];
  });
  const first = channels[0] ?? null;
  return channels.every((channel) => sameChannel(channel, first)) ? first : null;
}

/** The band by the channels on offer; a radio that lists none is taken at its driver's word. */
function freqBand(phy: PhyState): RadioStateRecord["freq_band"] {
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

function hwMode(
  modes: readonly { ht: boolean; vht: boolean; he: boolean; eht: boolean }[],
  band: RadioStateRecord["freq_band"],
): string {
  if (modes.some(({ eht }) => eht)) return "11be";
  if (modes.some(({ he }) => he)) return "11ax";
  if (modes.some(({ vht }) => vht)) return "11ac";
  if (modes.some(({ ht }) => ht)) return "11n";
  return band === "2.4G" ? "11g" : "11a";
}

type ChannelColumns = Pick<RadioStateRecord, "channel" | "ht_mode" | "center_freq0_chan" | "puncture_bitmap">;

function channelColumns(channel: Channel | null, phy: PhyState): ChannelColumns {
  if (!channel) return { channel: null, ht_mode: null, center_freq0_chan: null, puncture_bitmap: null };
  return {
    channel: positive(channelNumber(channel.control)),
    ht_mode: htModeOf(channel),
    center_freq0_chan: positive(channelNumber(channel.center0)),
    puncture_bitmap: phy.punctureSupported ? channel.puncture : null,
  };
}

function allowedChannels(states: readonly ChannelState[]): number[] {
  return numbersOf(states).map(([number]) => number);
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

function country(domain: RegulatoryDomain | null): string | null {
  if (!domain) return null;
  if (domain.country !== "") return domain.country;
  return alpha2(domain.isoNumber);
}

/** ISO 3166 numeric → alpha-2, as the run time's territory data knows it. */
function alpha2(isoNumber: number): string | null {
  if (!Number.isInteger(isoNumber) || isoNumber <= 0 || isoNumber > 999) return null;
  const region = new Intl.Locale(`und-${String(isoNumber).padStart(3, "0")}`).region;
  // "ZZ" stands for an unknown region.
  return region && region !== "ZZ" && /^[A-Z]{2}$/.test(region) ? region : null;
}

type Echoed = Pick<
  RadioStateRecord,
  | "radio_config"
  | "channel_mode"
  | "hw_type"
  | "zero_wait_dfs"
  | "hw_config"
  | "fallback_parents"
  | "thermal_tx_chainmask"
  | "hw_params"
>;

function echoed(config: RadioConfig, domain: RegulatoryDomain | null): Echoed {
  return {
    radio_config: config._uuid,
    channel_mode: config.channel_mode,
    hw_type: config.hw_type,
    zero_wait_dfs: config.zero_wait_dfs,
    hw_config: config.hw_config,
    fallback_parents: config.fallback_parents,
    thermal_tx_chainmask: config.thermal_tx_chainmask,
    hw_params: hwParams(config, domain),
  };
}

function hwParams({ hw_type }: RadioConfig, domain: RegulatoryDomain | null): ReadonlyMap<string, string> {
  if (!domain || !(hw_type?.startsWith("qca") || hw_type?.startsWith("qcn"))) return new Map();
  return new Map([
    ["country_id", String(domain.isoNumber)],
    ["reg_domain", String(domain.revision)],
  ]);
}

/** The value that all have; `null` when there are none or they differ. */
function common<T>(values: readonly T[]): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

/** The column's bound is 1: what is not positive is unset. */
function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
