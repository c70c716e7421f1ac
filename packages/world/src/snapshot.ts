/** What a view wants to show of a world at a moment: who is where, hears whom how well, and how busy the air is. */

import type { Db, Dbm, Mac, Mhz } from "@opensync-ts/base/units";
import type { Bss } from "./access-point.ts";
import { beaconAirtime, blockage, type Heard, shareAirtime, utilisation } from "./airtime.ts";
import type { Client, ClientState } from "./client.ts";
import type { Place } from "./geometry.ts";
import type { Interferer } from "./interferer.ts";
import type { Medium, Site } from "./medium.ts";
import { commonAbility, macEfficiency, phyRate } from "./rates.ts";
import type { ServiceView } from "./service-book.ts";
import { airBandwidth, type Band, carrierSense, noiseFloor } from "./spectrum.ts";
import type { Load, Volume } from "./traffic.ts";

export interface WorldSnapshot {
  /** Clock time, ms. */
  readonly time: number;
  readonly clients: readonly ClientView[];
  readonly bsses: readonly BssView[];
}

export interface ClientView {
  readonly name: string;
  readonly mac: Mac;
  /** The device it is part of (a backhaul station); `null` for clients proper. */
  readonly partOf: string | null;
  readonly place: Place;
  readonly state: ClientState;
  readonly link: LinkView | null;
  /** What it wants to move, Mbit/s. */
  readonly wanted: Load;
  /** Share of it that the air has room for, 0 to 1; of its tries, where it is held back. */
  readonly satisfaction: number;
  /** Bytes so far. */
  readonly delivered: Volume;
  /** Bytes that it wanted so far; `delivered` is what it got of them. */
  readonly asked: Volume;
  readonly service: ServiceView;
}

export interface LinkView {
  readonly bssid: Mac;
  /** The BSS's name and its device's site. */
  readonly bss: string;
  readonly site: string;
  readonly ssid: string;
  readonly band: Band;
  /** As the client hears the access point. */
  readonly rssi: Dbm;
  /** As the access point hears the client, over the noise floor. */
  readonly snr: Db;
  /** Mbit/s, physical, towards the client. */
  readonly rate: number;
  /** Links of a multi-link device that it runs, else 1. `bssid` is the one that it came in on. */
  readonly links: number;
  /** Clock time, ms. */
  readonly since: number;
}

export interface BssView {
  readonly bssid: Mac;
  readonly name: string;
  readonly site: string;
  readonly ssid: string;
  readonly band: Band;
  readonly control: Mhz;
  readonly width: Mhz;
  readonly power: Dbm;
  readonly stations: number;
  /** Fraction of time its channel is busy where it stands. */
  readonly utilisation: number;
}

export interface SurveyInput {
  readonly now: number;
  readonly medium: Medium;
  readonly sites: ReadonlyMap<string, Site>;
  readonly bsses: readonly Bss[];
  readonly clients: readonly Client[];
  /** Those on the air. */
  readonly interferers: readonly Interferer[];
}

export interface Link {
  readonly client: Client;
  readonly view: LinkView;
  /** The one that the client came in on, or the only one. */
  readonly main: boolean;
  /** Fraction of time it needs to get all it wants; more than 1: there is not so much time. */
  readonly need: number;
  /** Fraction of time that it takes, if it gets it. */
  readonly demand: number;
  /** Part of the client's traffic that goes over this link. */
  readonly part: number;
  /** What of that is towards the client, 0 to 1. */
  readonly downShare: number;
}

export function survey(input: SurveyInput): WorldSnapshot {
  const { now, clients, bsses } = input;
  const links = bsses.map((bss) => linksOf(bss, input));
  const satisfaction = new Map<Client, number>();
  const bssViews = bsses.map((bss, index) => {
    const own = links[index] ?? [];
    const air = airOf(bss, bsses, links, input);
    const shares = shareAirtime([...own.map(({ demand }) => demand), ...air.rivals], 1 - air.foreign);
    own.forEach((link, position) => {
      const given = link.need > 0 ? (shares[position] ?? 0) / link.need : Number(link.view.rate > 0);
      satisfaction.set(link.client, (satisfaction.get(link.client) ?? 0) + given * link.part);
    });
    const busy = beaconAirtime + own.reduce((sum, { demand }) => sum + demand, 0) + air.busy;
    return bssView(bss, own.length, Math.min(1, busy));
  });
  const views = new Map(links.flatMap((all) => all.filter(({ main }) => main)).map((link) => [link.client, link.view]));
  return {
    time: now,
    bsses: bssViews,
    clients: clients.map((client) => ({
      name: client.device.name,
      mac: client.device.mac,
      partOf: client.device.site,
      place: client.place,
      state: client.state,
      link: views.get(client) ?? null,
      wanted: client.traffic.wants(now),
      satisfaction: satisfaction.get(client) ?? 0,
      delivered: client.traffic.delivered,
      asked: client.traffic.wanted,
      service: client.service,
    })),
  };
}

/** Share of what a client wants that its links carry, with the air to itself; 0 without a link. */
export function carried(client: Client, input: Omit<SurveyInput, "clients">): number {
  const all = { ...input, clients: [client] };
  const links = input.bsses.filter(({ bssid }) => client.association?.links.includes(bssid));
  return links
    .flatMap((bss) => linksOf(bss, all))
    .reduce((sum, { need, part, view }) => sum + (view.rate > 0 ? part * Math.min(1, 1 / need) : 0), 0);
}

export function linksOf(bss: Bss, input: SurveyInput): Link[] {
  const { now, medium, sites, clients } = input;
  const site = sites.get(bss.site);
  if (!site) return [];
  const links: Link[] = [];
  for (const client of clients) {
    const { association, device } = client;
    if (!association?.links.includes(bss.bssid)) continue;
    const rssi = medium.received(bss.power, site, client.place, bss.channel);
    const rate = rateOf(bss, device, rssi);
    const { down, up } = client.traffic.load(now);
    const snr = Math.max(0, rssi - bss.power + device.power - noiseFloor);
    const { bssid, ssid, channel } = bss;
    const view = {
      bssid,
      bss: bss.name,
      site: bss.site,
      ssid,
      band: channel.band,
      rssi,
      snr,
      rate,
      links: association.links.length,
      since: association.since,
    };
    const part = association.links.length === 1 ? 1 : partOf(bss, rate, association.links, client, input);
    const need = rate > 0 ? (part * (down + up)) / (rate * macEfficiency) : 0;
    links.push({
      client,
      view,
      main: association.bssid === bssid,
      part,
      need,
      demand: Math.min(1, need),
      downShare: down + up > 0 ? down / (down + up) : 0,
    });
  }
  return links;
}

/** Mbit/s, physical, at `rssi` of the access point. */
function rateOf(bss: Bss, device: Client["device"], rssi: Dbm): number {
  return phyRate(
    rssi - noiseFloor,
    commonAbility(
      { generation: bss.generation, streams: bss.streams, width: airBandwidth(bss.channel) },
      { generation: device.generation, streams: device.streams, width: device.maxWidth },
    ),
  );
}

/** Traffic is spread over several links by what each carries. */
function partOf(bss: Bss, rate: number, bssids: readonly Mac[], client: Client, input: SurveyInput): number {
  let all = 0;
  for (const link of input.bsses) {
    const site = input.sites.get(link.site);
    if (!site || !bssids.includes(link.bssid)) continue;
    if (link.bssid === bss.bssid) all += rate;
    else all += rateOf(link, client.device, input.medium.received(link.power, site, client.place, link.channel));
  }
  return all > 0 ? rate / all : 1 / bssids.length;
}

/** What else is on the air where `bss` stands: time lost to strangers, the demands of rivals, and how busy it all is. */
function airOf(bss: Bss, bsses: readonly Bss[], links: readonly (readonly Link[])[], input: SurveyInput) {
  const { medium, sites, interferers } = input;
  const site = sites.get(bss.site);
  if (!site) return { foreign: 0, rivals: [], busy: 0 };
  const heard: Heard[] = interferers.map(({ name, place, channel, power, airtime }) => ({
    rssi: medium.received(power, { name, place }, site.place, channel),
    channel,
    airtime,
  }));
  const foreign = utilisation(bss.channel, heard);
  const rivals: number[] = [];
  bsses.forEach((other, index) => {
    const from = sites.get(other.site);
    if (other === bss || !from) return;
    const blocked = blockage(bss.channel, other.channel);
    if (blocked === 0) return;
    const rssi = medium.received(other.power, from, site.place, other.channel);
    if (rssi < carrierSense) return;
    const demands = (links[index] ?? []).map(({ demand }) => demand * blocked);
    rivals.push(...demands);
    heard.push({
      rssi,
      channel: other.channel,
      airtime: beaconAirtime + demands.reduce((sum, d) => sum + d, 0) / blocked,
    });
  });
  return { foreign, rivals, busy: utilisation(bss.channel, heard) };
}

function bssView(bss: Bss, stations: number, busy: number): BssView {
  const { bssid, name, site, ssid, channel, power } = bss;
  const { band, control } = channel;
  return { bssid, name, site, ssid, band, control, width: airBandwidth(channel), power, stations, utilisation: busy };
}
