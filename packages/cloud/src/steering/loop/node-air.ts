/** What a node's tables say of its part of the air: its home access points, who is on them, its stations, its leases. Pure. */

import { type Mac, parseMac } from "@opensync-ts/base/units";
import type { Datum, Row, Uuid } from "@opensync-ts/ovsdb/datum";
import { isBackhaulAp } from "../../backhaul-names.ts";
import { nodeFacts } from "../../node-facts.ts";
import { bandOf, type FrequencyBand, isHomeAp, radioSuffixes } from "../../radio-bands.ts";
import type { TableReader } from "../../rows.ts";
import type { Generation } from "../generations.ts";
import { plainText } from "../plain-text.ts";
import type { SteeringAp } from "../steering-rows.ts";

/** A home access point that is up, and what it can do. */
export interface AirAp extends SteeringAp {
  readonly generation: Generation;
  readonly streams: number;
}

/** A client on a home access point; of one with several links, one of each. */
export interface Association {
  /** Of the whole client. */
  readonly mac: Mac;
  readonly bssid: Mac;
  readonly band: FrequencyBand;
  readonly network: string;
  readonly key: string | null;
  /** Of `Wifi_Associated_Clients`. */
  readonly row: Row;
}

/** A home access point that is not on the air. */
export interface OffAir {
  /** Null: it does not say. */
  readonly bssid: Mac | null;
  readonly band: FrequencyBand;
  /** Its radio listens for radar before it may use its channel; or it is off, for whatever reason. */
  readonly why: "radar" | "off";
}

export interface NodeAir {
  readonly accessPoints: readonly AirAp[];
  readonly offAir: readonly OffAir[];
  readonly associations: readonly Association[];
  /** Its access points for backhaul, and the stations on them. */
  readonly backhaul: readonly {
    readonly bssid: Mac | null;
    readonly radio: AirRadio;
    readonly stations: readonly Mac[];
  }[];
  /** Its own stations, and the BSSID that each is on. */
  readonly stations: readonly { readonly mac: Mac; readonly parent: Mac | null }[];
  /** `DHCP_leased_IP`, by address. */
  readonly leases: ReadonlyMap<Mac, Row>;
}

export interface AirRadio {
  readonly band: FrequencyBand;
  readonly channel: number;
  /** MHz. */
  readonly width: number;
}

export function nodeAir(rows: TableReader): NodeAir {
  const radios = radiosOf(rows);
  const clients = rows("Wifi_Associated_Clients");
  const accessPoints: AirAp[] = [];
  const offAir: OffAir[] = [];
  const associations: Association[] = [];
  const backhaul: NodeAir["backhaul"][number][] = [];
  const stations: NodeAir["stations"][number][] = [];
  for (const vif of rows("Wifi_VIF_State").values()) {
    const { if_name: ifName, mode, enabled } = vif;
    if (typeof ifName !== "string") continue;
    const own = macOf(vif.mac);
    if (mode === "sta") {
      if (own && enabled !== false) stations.push({ mac: own, parent: macOf(vif.parent) ?? null });
      continue;
    }
    const radio = radios.get(suffixOf(ifName));
    if (!radio) continue;
    if (enabled === false || radio.isOff) {
      const why = radio.listens && !radio.isOff ? "radar" : "off";
      if (isHomeAp(ifName)) offAir.push({ bssid: own ?? null, band: radio.band, why });
      continue;
    }
    // All that is on a radio is where the radio is: what of it is told later says where it was.
    const channel = radio.channel ?? (typeof vif.channel === "number" ? vif.channel : null);
    const joined = rowsOf(vif.associated_clients, clients);
    const isBackhaul: boolean = isBackhaulAp(ifName);
    if (isBackhaul) {
      const macs = joined.flatMap(({ mac }) => macOf(mac) ?? []);
      if (channel !== null) {
        const { band, width } = radio;
        backhaul.push({ bssid: own ?? null, radio: { band, channel, width }, stations: macs });
      }
      continue;
    }
    const network = typeof vif.ssid === "string" ? plainText(vif.ssid, 32) : "";
    // Deployed nodes may report no address of their access points: then nothing can be said of who is on them.
    if (!isHomeAp(ifName) || !own || channel === null || network === "") continue;
    const { band, width, generation, streams } = radio;
    const mldAddress = macOf(vif.mld_addr);
    accessPoints.push({
      ...{ ifName, bssid: own, band, network, channel, width, generation, streams },
      ...(mldAddress && { mldAddress }),
    });
    for (const row of joined) {
      const mac = macOf(row.mld_addr) ?? macOf(row.mac);
      const key = typeof row.key_id === "string" && row.key_id !== "" ? row.key_id : null;
      if (mac) associations.push({ mac, bssid: own, band, network, key, row });
    }
  }
  accessPoints.sort((a, b) => (a.ifName < b.ifName ? -1 : 1));
  return { accessPoints, offAir, associations, backhaul, stations, leases: leasesOf(rows) };
}

/** Bands on which it has home access points, none of them on the air; of each why that is so. */
export function offAirBands({ accessPoints, offAir }: NodeAir): readonly Pick<OffAir, "band" | "why">[] {
  const silent = offAir.filter(({ band }) => !accessPoints.some((each) => each.band === band));
  const bands = new Map(silent.map(({ band, why }) => [band, why]));
  return [...bands].map(([band, why]) => ({ band, why }));
}

/** `home-ap-l50` is of the radio `l50`. */
function suffixOf(ifName: string): string {
  return ifName.slice(ifName.lastIndexOf("-") + 1);
}

interface Radio {
  readonly band: FrequencyBand;
  readonly channel: number | null;
  readonly width: number;
  readonly generation: Generation;
  readonly streams: number;
  readonly isOff: boolean;
  /** For radar, on any channel. */
  readonly listens: boolean;
}

function radiosOf(rows: TableReader): ReadonlyMap<string, Radio> {
  const { radios } = nodeFacts(rows);
  const suffixes = radioSuffixes(radios);
  const states = [...rows("Wifi_Radio_State").values()];
  const found = new Map<string, Radio>();
  for (const { ifName, band } of radios) {
    const suffix = suffixes.get(ifName);
    const state = states.find(({ if_name }) => if_name === ifName);
    if (suffix === undefined || !state) continue;
    found.set(suffix, {
      band,
      channel: typeof state.channel === "number" ? state.channel : null,
      width: widthOf(state.ht_mode, band),
      generation: generationOf(state.hw_mode, band),
      streams: streamsOf(state.tx_chainmask),
      isOff: state.enabled === false,
      listens: listens(state.channels),
    });
  }
  return found;
}

/** Of `channels`: number → `{"state": "cac_started"}`. */
function listens(channels: Datum | undefined): boolean {
  return channels instanceof Map && [...channels.values()].some((text) => /"cac_started"/.test(String(text)));
}

/** `HT80`, `HT40+` */
function widthOf(mode: Datum | undefined, band: FrequencyBand): number {
  const width = typeof mode === "string" ? Number(/^\D*(\d+)/.exec(mode)?.[1]) : Number.NaN;
  return [20, 40, 80, 160, 320].includes(width) ? width : band === "2.4G" ? 20 : 80;
}

const modes: Readonly<Record<string, Generation>> = {
  ...{ "11a": "legacy", "11b": "legacy", "11g": "legacy", "11n": "n", "11ac": "ac", "11ax": "ax", "11be": "be" },
};

/** Where a node does not say: what all are capable of that know the band. */
function generationOf(mode: Datum | undefined, band: FrequencyBand): Generation {
  const said = typeof mode === "string" ? modes[mode] : undefined;
  return said ?? (bandOf(band) === "6G" ? "ax" : band === "2.4G" ? "n" : "ac");
}

/** One for each antenna that sends; two where the node does not say. */
function streamsOf(mask: Datum | undefined): number {
  if (typeof mask !== "number" || mask <= 0 || mask > 0xffff) return 2;
  return [...mask.toString(2)].filter((bit) => bit === "1").length;
}

function leasesOf(rows: TableReader): ReadonlyMap<Mac, Row> {
  const leases = new Map<Mac, Row>();
  for (const row of rows("DHCP_leased_IP").values()) {
    const mac = macOf(row.hwaddr);
    if (mac) leases.set(mac, row);
  }
  return leases;
}

function rowsOf(references: Datum | undefined, rows: ReadonlyMap<Uuid, Row>): readonly Row[] {
  return (Array.isArray(references) ? (references as readonly Uuid[]) : []).flatMap((uuid) => rows.get(uuid) ?? []);
}

/** Nodes write zeros for none. */
function macOf(value: Datum | undefined): Mac | undefined {
  const mac = typeof value === "string" ? parseMac(value) : undefined;
  return mac === undefined || /^00(:00){5}$/.test(mac) ? undefined : mac;
}
