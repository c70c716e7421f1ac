/** Rows and driver reports for tests: everything unset but what the test says. */

import { mac } from "@opensync-ts/base/units";
import type { Uuid } from "@opensync-ts/ovsdb/datum";
import { type OpenSyncTable, openSync, type Row } from "@opensync-ts/schema/opensync";
import { channelFrequency, channelNumbers, channelOf } from "@opensync-ts/target/channels";
import { openWpa, plainAp, plainMode } from "@opensync-ts/target/plain-ap";
import type { ApState, Channel, ChannelWidth, PhyState, StationState, VifState, Wpa } from "@opensync-ts/target/radio";
import { unsetRecord } from "../record.ts";
import {
  type CredentialConfig,
  noReferences,
  type PasspointConfig,
  type RadioConfig,
  type RadiusRow,
  type References,
  type VifConfig,
  type VifNeighbor,
} from "../rows.ts";
import type { VifContext } from "../vif-context.ts";

/** A UUID that tests can name by a small number. */
export function uuid(n: number): Uuid {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}` as Uuid;
}

export function radioConfig(columns: Partial<RadioConfig> = {}): RadioConfig {
  return row("Wifi_Radio_Config", { _uuid: uuid(1), if_name: "wifi1", freq_band: "5G", ...columns });
}

export function vifConfig(columns: Partial<VifConfig> = {}): VifConfig {
  return row("Wifi_VIF_Config", { _uuid: uuid(2), if_name: "home-ap-50", mode: "ap", ...columns });
}

export function credentialConfig(columns: Partial<CredentialConfig> = {}): CredentialConfig {
  return row("Wifi_Credential_Config", { _uuid: uuid(3), ...columns });
}

/** Rows that a vif row may refer to, by identity, and its neighbours. */
export function references(
  rows: {
    readonly credentials?: readonly CredentialConfig[];
    readonly radius?: readonly RadiusRow[];
    readonly passpoints?: readonly PasspointConfig[];
    readonly neighbors?: readonly VifNeighbor[];
  } = {},
): References {
  const byUuid = <R extends { readonly _uuid: string }>(list: readonly R[] = []) =>
    new Map(list.map((each) => [each._uuid as string, each]));
  return {
    credentials: byUuid(rows.credentials),
    radius: byUuid(rows.radius),
    passpoints: byUuid(rows.passpoints),
    neighbors: Map.groupBy(rows.neighbors ?? [], ({ if_name }) => if_name),
  };
}

/** Of an AP on 5 GHz that is not secured yet. */
export function vifContext(members: Partial<VifContext> = {}): VifContext {
  return { radio: radioConfig(), band: "5G", type: "ap", secured: false, references: noReferences, ...members };
}

export function row<T extends OpenSyncTable>(table: T, columns: Partial<Row<T>>): Row<T> {
  const unset = unsetRecord<Row<T>>(openSync.tables[table], []);
  return { ...unset, _uuid: uuid(9), _version: uuid(0), ...columns };
}

/** Channel `number` of 5 GHz, of 2.4 GHz below 15. */
export function channel(number: number, width: ChannelWidth = 20): Channel {
  const found = channelOf({ band: number < 15 ? "2.4G" : "5G", number, width, maxChannel2g: 13 });
  if (!found) throw new RangeError(`no channel ${number}/${width}`);
  return found;
}

/** A 5 GHz radio with all its channels, unless told otherwise. */
export function phyState(members: Partial<PhyState> = {}): PhyState {
  return {
    name: "wifi1",
    mac: mac("02:00:00:00:01:00"),
    enabled: true,
    txChainmask: 15,
    radar: "unsupported",
    radarNextChannel: null,
    regDomain: null,
    channelStates: channelNumbers["5G"].map((number) => ({
      control: channelFrequency("5G", number) ?? 0,
      dfs: "non_dfs",
      nolRemaining: 0,
    })),
    zeroWaitDfs: "unsupported",
    punctureSupported: false,
    capabilities: { band: "5G", widths: [20, 40, 80, 160] },
    ...members,
  };
}

/** Each of these numbers, free to use. */
export function offered(band: "2.4G" | "5G" | "6G", ...numbers: readonly number[]): PhyState["channelStates"] {
  return numbers.map((number) => ({ control: channelFrequency(band, number) ?? 0, dfs: "non_dfs", nolRemaining: 0 }));
}

export { openWpa };

export const wpa2: Wpa = { ...openWpa, rsn: true, akm: ["psk"], pairwise: ["ccmp"] };

export function apState(members: Partial<ApState> = {}): ApState {
  return {
    ...plainAp,
    bridge: "br-home",
    channel: channel(36, 80),
    mode: { ...plainMode, wnmBssTransition: true, rrmNeighborReport: true, wmm: true, ht: true, vht: true, he: true },
    ssid: "home",
    wpa: wpa2,
    mld: null,
    ...members,
  };
}

export type ApVif = VifState & { readonly type: "ap" };
export type StaVif = VifState & { readonly type: "sta" };

export function apVif(members: Partial<Omit<ApVif, "ap" | "type">> = {}, ap: Partial<ApState> = {}): ApVif {
  return {
    name: "home-ap-50",
    phy: "wifi1",
    mac: mac("02:00:00:00:01:01"),
    status: "enabled",
    txPower: 20,
    ...members,
    type: "ap",
    ap: apState(ap),
  };
}

export function staVif(link: Partial<StaVif["sta"]["link"]> = {}, networks: StaVif["sta"]["networks"] = []): StaVif {
  return {
    name: "bhaul-sta-50",
    phy: "wifi1",
    mac: mac("02:00:00:00:01:02"),
    status: "enabled",
    txPower: 20,
    type: "sta",
    sta: {
      link: {
        status: "connected",
        bridge: "",
        channel: channel(36, 80),
        bssid: mac("02:00:00:00:09:01"),
        ssid: "backhaul",
        multiAp: false,
        psk: "",
        wpa: null,
        apMld: null,
        ...link,
      },
      networks,
      mld: null,
    },
  };
}

export function station(members: Partial<StationState> = {}): StationState {
  return {
    mac: mac("02:00:00:00:0a:01"),
    vif: "home-ap-50",
    phy: "wifi1",
    connectedAt: 1_000,
    keyId: 0,
    pmf: false,
    akm: "psk",
    pairwise: "ccmp",
    snr: 40,
    mldAddr: null,
    ...members,
  };
}
