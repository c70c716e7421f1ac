/** A backhaul station that is on no network: what keeps it off, judged against the access points that are up on its own band. Pure. */

import type { Row } from "@opensync-ts/schema/opensync";
import { type Finding, failed } from "../report.ts";
import { type ExtenderRows, type GatewayRows, isBackhaulAp, sameMac } from "./case.ts";

type Vif = Row<"Wifi_VIF_State">;
type ApConfig = Row<"Wifi_VIF_Config">;

export interface Obstacle {
  /** Something is set wrong: the station can join nowhere, however near it is. */
  readonly isCertain: boolean;
  readonly finding: Finding;
}

/** What keeps `station` off the gateway's backhaul. */
export function obstacleOf(gateway: GatewayRows, extender: ExtenderRows, station: Vif): Obstacle {
  const { if_name: name } = station;
  const off = (why: string, fix: string, isCertain = true) => {
    return { isCertain, finding: failed(`${name} is on no network${why}`, fix) };
  };
  const networks = networksOf(extender, name);
  if (networks.length === 0) {
    const fix = "write a row into Wifi_Credential_Config and refer to it in Wifi_VIF_Config.credential_configs";
    return { isCertain: true, finding: failed(`${name} knows no network`, fix) };
  }
  const band = bandOf(extender, station, extender.Wifi_VIF_Config);
  const where = band === null ? "" : ` on ${band}`;
  const aps = accessPoints(gateway, band);
  if (aps.length === 0) {
    const fix = `have the gateway's backhaul AP${where} come up: is it in Wifi_VIF_Config? opensync explain confsync`;
    return off(`: the gateway has no backhaul AP up${where}`, fix, false);
  }
  const known = aps.filter(({ ssid }) => networks.some((network) => network.ssid === ssid));
  if (known.length === 0) {
    const own = networks.map(({ ssid }) => `'${ssid}'`).join(", ");
    const theirs = [...new Set(aps.map(({ ssid }) => `'${ssid ?? ""}'`))].join(", ");
    const fix = "give the extender the gateway's backhaul SSID (Wifi_Credential_Config), or the gateway the extender's";
    return off(`: it knows ${own}, and the gateway's backhaul${where} is ${theirs}`, fix);
  }
  const fitting = known.filter((ap) => fits(ap, networks));
  if (fitting.length === 0) {
    const [ap] = known;
    return off(`: its key for '${ap?.ssid}' is not the gateway's (${ap?.if_name})`, "give both the same key");
  }
  const open = fitting.filter((ap) => !refuses(ap, station));
  const [refusing] = fitting;
  if (open.length === 0 && refusing) {
    const { if_name: ap, mac_list_type: type } = refusing;
    return off(`: ${ap} does not let ${station.mac} in (${type})`, `the cloud has to set mac_list of ${ap} right`);
  }
  const fix = "bring the extender nearer; look at channels, DFS and regulatory domain of both";
  return off(`, though SSID and key are the gateway's`, fix, false);
}

/** Configured, and up by their state, on this band; null: on any. */
function accessPoints(gateway: GatewayRows, band: string | null): readonly ApConfig[] {
  return gateway.Wifi_VIF_Config.filter((config) => {
    if (!isBackhaulAp(config)) return false;
    const state = gateway.Wifi_VIF_State.find(({ if_name: name }) => name === config.if_name);
    return state?.enabled === true && isSameBand(band, bandOf(gateway, state, gateway.Wifi_VIF_Config));
  });
}

/** The band of the radio that it is on; null where no row says. */
function bandOf(
  rows: Pick<GatewayRows, "Wifi_Radio_Config" | "Wifi_Radio_State">,
  vif: Vif,
  configs: readonly ApConfig[],
): string | null {
  const state = rows.Wifi_Radio_State.find(({ vif_states: list }) => list.includes(vif._uuid));
  const config = configs.find(({ if_name: name }) => name === vif.if_name);
  const intended = rows.Wifi_Radio_Config.find(({ vif_configs: list }) => config && list.includes(config._uuid));
  return state?.freq_band || intended?.freq_band || null;
}

/** A radio of 5 GHz as a whole shares channels with those of its halves. */
function isSameBand(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true;
  const [shorter = "", longer = ""] = [a, b].toSorted((one, other) => one.length - other.length);
  return shorter === "5G" && longer.startsWith("5G");
}

interface KnownNetwork {
  readonly ssid: string;
  readonly keys: readonly string[];
}

/** What a station may join: its own row, and the credentials that it refers to. */
function networksOf(extender: ExtenderRows, ifName: string): readonly KnownNetwork[] {
  const config = extender.Wifi_VIF_Config.find((row) => row.if_name === ifName);
  const credentials = extender.Wifi_Credential_Config.filter((row) => config?.credential_configs.includes(row._uuid));
  return [config, ...credentials].flatMap((row) => (row?.ssid ? [{ ssid: row.ssid, keys: keysOf(row) }] : []));
}

/** An access point without a key takes whoever comes. */
function fits(ap: ApConfig, networks: readonly KnownNetwork[]): boolean {
  const keys = keysOf(ap);
  const own = networks.filter(({ ssid }) => ssid === ap.ssid).flatMap((network) => network.keys);
  return keys.length === 0 || own.some((key) => keys.includes(key));
}

/** Never told to anybody: they are compared only. */
function keysOf(row: {
  readonly security: ReadonlyMap<string, string>;
  readonly wpa_psks?: ReadonlyMap<string, string>;
}): readonly string[] {
  const key = row.security.get("key");
  return [...(row.wpa_psks?.values() ?? []), ...(key === undefined ? [] : [key])];
}

function refuses({ mac_list: list, mac_list_type: type }: ApConfig, station: Vif): boolean {
  const isListed = list.some((mac) => sameMac(mac, station.mac?.toLowerCase() ?? ""));
  return (type === "whitelist" && !isListed) || (type === "blacklist" && isListed);
}
