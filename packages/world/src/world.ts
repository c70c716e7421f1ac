/**
 * A world: devices with radios at their sites, the BSSs they put on the air, clients that join them, and what all
 * of them hear of each other. It runs on a clock and on one seed: the same calls at the same times on the same seed
 * give the same events and snapshots, byte for byte.
 */

import { type Clock, every, type Timer } from "@opensync-ts/base/clock";
import { Emitter } from "@opensync-ts/base/emitter";
import { UserError } from "@opensync-ts/base/errors";
import { SeededRandom } from "@opensync-ts/base/random";
import type { Dbm, Mac, Mhz } from "@opensync-ts/base/units";
import {
  type Admission,
  admit,
  type Bss,
  concernsOutsiders,
  type LeaveReason,
  outcomeOfChange,
  type Refusal,
} from "./access-point.ts";
import type { BeaconRequest } from "./beacon-measurement.ts";
import { type Association, Client, type Surroundings } from "./client.ts";
import { deviceOf, type KnownNetwork, knownNetworks, resolvePlace } from "./device.ts";
import type { Place, Wall } from "./geometry.ts";
import { beaconsAt, type HeardNetwork, heardNetworks } from "./hearing.ts";
import { Interferers } from "./interferer.ts";
import { airShareInterval, maxBsses, maxClients, maxSites, maxWalls } from "./limits.ts";
import { Medium, type Site } from "./medium.ts";
import { linksFor } from "./multi-link.ts";
import { type Occupancy, type OwnTraffic, occupancy } from "./occupancy.ts";
import { PushButtons } from "./push-button.ts";
import type { ClientMessage } from "./requests.ts";
import { type Agreement, type Akm, agree, type SecurityTerms } from "./security.ts";
import { carried, type SurveyInput, survey, type WorldSnapshot } from "./snapshot.ts";
import type { ClientNetworkSpec, ClientSpec, InterfererSpec, WorldSpec } from "./spec.ts";
import { type AirChannel, sameAirChannel, sensitivity } from "./spectrum.ts";
import type { TransitionRequest } from "./transition.ts";

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed: string | number;
  readonly spec?: WorldSpec;
}

export type { LeaveReason };

export interface WorldEvents {
  associated: {
    readonly client: string;
    readonly mac: Mac;
    readonly bssid: Mac;
    /** Where it was until now; `null`: nowhere. */
    readonly from: Mac | null;
    readonly keyId: number | null;
    readonly agreement: Agreement;
    /** As the access point hears the client. */
    readonly rssi: Dbm;
  };
  /** A client asks to be let in, heard by the access point; what comes of it follows. */
  authenticating: {
    readonly client: string;
    readonly mac: Mac;
    readonly bssid: Mac;
    readonly rssi: Dbm;
    /** What it goes by: the kind of key, and whether it hands over from another BSS. */
    readonly akm: Akm | null;
    readonly fast: boolean;
  };
  disassociated: { readonly client: string; readonly mac: Mac; readonly bssid: Mac; readonly reason: LeaveReason };
  failed: { readonly client: string; readonly mac: Mac; readonly bssid: Mac; readonly reason: Refusal };
  /** A client looks around for a network, or ("") for any. */
  probed: { readonly client: Client; readonly ssid: string };
  /** A client answers its access point, or asks it something. */
  clientMessage: { readonly client: string; readonly mac: Mac; readonly bssid: Mac; readonly message: ClientMessage };
  /** A BSS tells its stations of the channel that it is about to change to; it has not changed yet. */
  switchAnnounced: { readonly bssid: Mac; readonly channel: AirChannel };
  /** What became of a BSS's push button; `mac` of the client that has learnt the network. */
  pushButton:
    | { readonly bssid: Mac; readonly outcome: "success"; readonly mac: Mac }
    | { readonly bssid: Mac; readonly outcome: "overlap" };
  /** A management frame of a BSS for a station, or of a station for its BSS; header included. */
  frameToClient: { readonly bssid: Mac; readonly mac: Mac; readonly frame: Uint8Array };
  frameFromClient: { readonly bssid: Mac; readonly mac: Mac; readonly frame: Uint8Array };
}

export class World {
  readonly events = new Emitter<WorldEvents>();
  readonly clock: Clock;
  readonly #spec: WorldSpec;
  readonly #medium: Medium;
  readonly #random: SeededRandom;
  readonly #sites = new Map<string, Site>();
  readonly #bsses = new Map<Mac, { bss: Bss; readonly stations: Map<Mac, Association> }>();
  readonly #clients = new Map<Mac, Client>();
  readonly #interferers: Interferers;
  readonly #surroundings: Surroundings;
  readonly #buttons = new PushButtons();
  #sharing: Timer | undefined;

  /** Throws a `UserError` where the scenario exceeds the world's bounds or refers to what it does not have. */
  constructor(options: WorldOptions) {
    const { clock, seed, spec = {} } = options;
    bounded(spec.walls?.length ?? 0, maxWalls, "walls");
    this.clock = clock;
    this.#spec = spec;
    this.#medium = new Medium(String(seed), spec);
    this.#random = new SeededRandom(seed);
    this.#interferers = new Interferers(spec.interferers ?? [], spec.places);
    this.#surroundings = {
      clock,
      hear: (client) => this.#hear(client),
      join: (client, bssid, network, fast) => this.#join(client, bssid, network, fast),
      hearAll: (client) => beaconsAt(this.#air(), client.place, client.device),
      probe: (client, ssid) => this.events.emit("probed", { client, ssid }),
      tell: (client, message) => {
        const bssid = client.association?.bssid;
        const { name, mac } = client.device;
        if (bssid) this.events.emit("clientMessage", { client: name, mac, bssid, message });
      },
      outOfRange: (client) => {
        if (client.association) this.#part(client.association, "out_of_range");
      },
    };
    for (const client of spec.clients ?? []) this.addClient(client);
  }

  /** A place where a device with radios stands. Adding it again moves it. */
  addSite(name: string, at: Place | string): Site {
    const site: Site = { name, place: resolvePlace(at, this.#spec.places, `device '${name}'`) };
    if (!this.#sites.has(name)) bounded(this.#sites.size + 1, maxSites, "sites");
    this.#sites.set(name, site);
    for (const client of this.#clients.values()) {
      client.relocate(client.device.site === name ? site.place : client.place);
    }
    return site;
  }

  /** The device is switched off: its BSSs vanish without a word. */
  removeSite(name: string): void {
    for (const { bss } of [...this.#bsses.values()]) if (bss.site === name) this.removeBss(bss.bssid);
    this.#sites.delete(name);
  }

  /**
   * Puts a BSS on the air, or changes it. `announced`: a change of channel is told to the stations (CSA), and they
   * follow. Stations that the change excludes are disassociated before this returns. Throws a `UserError` where the
   * site is unknown or another site uses the address.
   */
  putBss(bss: Bss, options: { readonly announced?: boolean } = {}): void {
    const known = this.#bsses.get(bss.bssid);
    if (!this.#sites.has(bss.site))
      throw new UserError(`BSS ${bss.bssid}: there is no site '${bss.site}'; add it first`);
    if (known && known.bss.site !== bss.site) {
      throw new UserError(`BSS ${bss.bssid}: '${bss.site}' and '${known.bss.site}' both use this address; change one`);
    }
    if (!known) bounded(this.#bsses.size + 1, maxBsses, "BSSs");
    const before = known?.bss;
    const { announced = false } = options;
    if (before && announced && !sameAirChannel(before.channel, bss.channel)) {
      this.events.emit("switchAnnounced", { bssid: bss.bssid, channel: bss.channel });
    }
    if (known) known.bss = bss;
    else this.#bsses.set(bss.bssid, { bss, stations: new Map() });
    for (const association of [...(known?.stations.values() ?? [])]) {
      const bond = { ...association, psk: association.network.psk };
      const outcome = before ? outcomeOfChange(before, bss, bond, announced) : "stays";
      if (outcome !== "stays") this.#loseLink(association, bss.bssid, outcome);
    }
    if (concernsOutsiders(before, bss)) for (const client of this.#clients.values()) client.heardOf(bss);
    if (bss.button) this.#enroll(bss);
  }

  /** Takes a BSS off the air; its stations are disassociated before this returns. */
  removeBss(bssid: Mac): void {
    const known = this.#bsses.get(bssid);
    if (!known) return;
    this.#bsses.delete(bssid);
    for (const association of [...known.stations.values()]) this.#loseLink(association, bssid, "bss_removed");
    for (const client of this.#clients.values()) client.forget(bssid);
  }

  /** The access point sends a station away; it may come back. False where it has no such station. */
  deauthenticate(bssid: Mac, mac: Mac): boolean {
    const association = this.#bsses.get(bssid)?.stations.get(mac);
    if (association) this.#part(association, "deauthenticated");
    return association !== undefined;
  }

  /**
   * The access point asks a station to go elsewhere. What it answers, if anything, comes as `clientMessage`, and what it does as
   * `associated`. False where there is no such station.
   */
  requestTransition(bssid: Mac, mac: Mac, request: TransitionRequest): boolean {
    return this.#ask(bssid, mac, (client) => client.askedToMove(request));
  }

  /** The access point asks a station what it hears; likewise. */
  requestBeaconReport(bssid: Mac, mac: Mac, request: BeaconRequest): boolean {
    return this.#ask(bssid, mac, (client) => client.askedToMeasure(request));
  }

  /** The access point tells a station of its neighbours. */
  tellNeighbors(bssid: Mac, mac: Mac, neighbors: readonly Mac[]): boolean {
    return this.#ask(bssid, mac, (client) => client.toldOf(neighbors));
  }

  /** Throws a `UserError` where the client cannot be, or its address is taken. */
  addClient(spec: ClientSpec): Client {
    const device = deviceOf(spec, this.#spec.places);
    const twin = this.#clients.get(device.mac);
    if (twin)
      throw new UserError(
        `clients '${twin.device.name}' and '${device.name}' have the same MAC ${device.mac}; change one`,
      );
    bounded(this.#clients.size + 1, maxClients, "clients");
    const client = new Client(device, this.#surroundings, this.#random.fork(`client/${device.mac}`));
    this.#clients.set(device.mac, client);
    this.#sharing ??= every(this.clock, airShareInterval, () => this.#shareAir());
    client.start();
    return client;
  }

  removeClient(mac: Mac): void {
    const client = this.#clients.get(mac);
    if (!client) return;
    client.stop();
    this.#buttons.forget(mac);
    if (client.association) this.#part(client.association, "client_removed");
    this.#clients.delete(mac);
    if (this.#clients.size > 0) return;
    this.#sharing?.cancel();
    this.#sharing = undefined;
  }

  /** False where there is no such client. */
  moveClient(mac: Mac, to: Place | string): boolean {
    const client = this.#clients.get(mac);
    client?.relocate(resolvePlace(to, this.#spec.places, `client '${client.device.name}'`));
    return client !== undefined;
  }

  /** It walks straight to a place, at so many metres per second; an earlier walk is over. False where there is no such client. */
  walkClient(mac: Mac, to: Place | string, speed: number): boolean {
    const client = this.#clients.get(mac);
    client?.walkTo(resolvePlace(to, this.#spec.places, `client '${client.device.name}'`), speed);
    return client !== undefined;
  }

  /** Somebody types other networks and keys into the client. False where there is no such client. */
  teachClient(mac: Mac, networks: readonly ClientNetworkSpec[]): boolean {
    const client = this.#clients.get(mac);
    client?.learn(knownNetworks(client.device.name, networks));
    return client !== undefined;
  }

  /** Somebody presses the button of the client: for two minutes it learns the network of a BSS whose button is pressed, too. */
  pressButton(mac: Mac): boolean {
    const client = this.#clients.get(mac);
    if (!client) return false;
    this.#buttons.press(mac, this.clock.now());
    const pressed = [...this.#bsses.values()].filter(
      ({ bss }) => bss.button && this.#downlink(client, bss) >= sensitivity,
    );
    const nearest = pressed.sort((a, b) => this.#downlink(client, b.bss) - this.#downlink(client, a.bss))[0];
    if (nearest) this.#enroll(nearest.bss);
    return true;
  }

  /** A BSS sends a management frame to a station. False where it has no such station. */
  sendToClient(bssid: Mac, mac: Mac, frame: Uint8Array): boolean {
    if (!this.#bsses.get(bssid)?.stations.has(mac)) return false;
    this.events.emit("frameToClient", { bssid, mac, frame });
    return true;
  }

  /** A station sends a management frame to its BSS. False where it has none. */
  sendFromClient(mac: Mac, frame: Uint8Array): boolean {
    const bssid = this.#clients.get(mac)?.association?.bssid;
    if (bssid === undefined) return false;
    this.events.emit("frameFromClient", { bssid, mac, frame });
    return true;
  }

  clients(): readonly Client[] {
    return [...this.#clients.values()];
  }

  client(mac: Mac): Client | null {
    return this.#clients.get(mac) ?? null;
  }

  site(name: string): Site | null {
    return this.#sites.get(name) ?? null;
  }

  bss(bssid: Mac): Bss | null {
    return this.#bsses.get(bssid)?.bss ?? null;
  }

  stations(bssid: Mac): readonly Association[] {
    return [...(this.#bsses.get(bssid)?.stations.values() ?? [])];
  }

  /** How strongly the access point hears its station; `null` where it has no such station. */
  uplinkSignal(bssid: Mac, mac: Mac): Dbm | null {
    const known = this.#bsses.get(bssid);
    const association = known?.stations.get(mac);
    return known && association ? this.#uplink(association.client, known.bss) : null;
  }

  /** How strongly the access point hears a client, its station or not; `null` where there is no such client or BSS. */
  heardAt(bssid: Mac, mac: Mac): Dbm | null {
    const client = this.#clients.get(mac);
    const bss = this.#bsses.get(bssid)?.bss;
    return client && bss ? this.#uplink(client, bss) : null;
  }

  /** What a channel is used for, as heard where a device stands. */
  occupancy(site: string, channel: AirChannel, own: OwnTraffic = "on air"): Occupancy {
    return occupancy(this.#surveyInput(), site, channel, own);
  }

  /** The networks that a radio of a device hears on a 20 MHz channel: those of other devices, and of neighbours. */
  heardNetworks(site: string, control: Mhz): HeardNetwork[] {
    return heardNetworks(this.#surveyInput(), site, control);
  }

  get walls(): readonly Wall[] {
    return this.#spec.walls ?? [];
  }

  /** Puts an interferer on the air, or another in the place of that of its name. Throws a `UserError` where it cannot be. */
  putInterferer(spec: InterfererSpec): void {
    this.#interferers.put(spec);
  }

  /** False where there is none of that name. */
  removeInterferer(name: string): boolean {
    return this.#interferers.remove(name);
  }

  /** Switches an interferer (a neighbour's network, an oven) on or off. False where there is none of that name. */
  setOnAir(interferer: string, onAir: boolean): boolean {
    return this.#interferers.setOnAir(interferer, onAir);
  }

  /** Everything a view wants to show, at this moment. */
  snapshot(): WorldSnapshot {
    return survey(this.#surveyInput());
  }

  /** Ends all that is going on; nobody is told. */
  close(): void {
    this.#sharing?.cancel();
    for (const client of this.#clients.values()) client.stop();
    this.#clients.clear();
    this.#bsses.clear();
  }

  #shareAir(): void {
    for (const { mac, satisfaction } of survey(this.#surveyInput()).clients)
      this.#clients.get(mac)?.traffic.satisfied(satisfaction);
  }

  #surveyInput(): SurveyInput {
    const clients = this.clients();
    // Who looks at the traffic of the moment takes it from the clients' books.
    for (const client of clients) client.account();
    return { ...this.#air(), now: this.clock.now(), clients };
  }

  #air() {
    return {
      medium: this.#medium,
      sites: this.#sites,
      bsses: [...this.#bsses.values()].map(({ bss }) => bss),
      interferers: this.#interferers.onAir,
    };
  }

  #ask(bssid: Mac, mac: Mac, ask: (client: Client) => void): boolean {
    const client = this.#bsses.get(bssid)?.stations.get(mac)?.client;
    if (client) ask(client);
    return client !== undefined;
  }

  /** Hands the network of a BSS whose button is pressed to the client whose is, too; not to one of several. */
  #enroll(bss: Bss): void {
    const { bssid, ssid, button } = bss;
    const reachable = (mac: Mac) => {
      const client = this.#clients.get(mac);
      return client?.device.bands.includes(bss.channel.band) === true && this.#downlink(client, bss) >= sensitivity;
    };
    const [mac, ...others] = this.#buttons.take(this.clock.now(), reachable);
    const client = mac && this.#clients.get(mac);
    if (!client || !button) return;
    if (others.length > 0) {
      this.events.emit("pushButton", { bssid, outcome: "overlap" });
      return;
    }
    const priority = Math.max(0, ...client.networks.map((network) => network.priority)) + 1;
    client.learn([
      { ssid, psk: button.psk, bssid: null, priority },
      ...client.networks.filter((known) => known.ssid !== ssid),
    ]);
    this.events.emit("pushButton", { bssid, outcome: "success", mac });
  }

  #downlink(client: Client, bss: Bss): Dbm {
    const site = this.#sites.get(bss.site);
    if (!site) return Number.NEGATIVE_INFINITY;
    return this.#medium.received(bss.power, site, client.place, bss.channel);
  }

  #uplink(client: Client, bss: Bss): Dbm {
    return this.#downlink(client, bss) - bss.power + client.device.power;
  }

  #hear(client: Client): { bss: Bss; rssi: Dbm }[] {
    const heard: { bss: Bss; rssi: Dbm }[] = [];
    for (const { bss } of this.#bsses.values()) {
      if (bss.site === client.device.site || !client.networks.some(({ ssid }) => ssid === bss.ssid)) continue;
      const rssi = this.#downlink(client, bss);
      if (rssi >= sensitivity) heard.push({ bss, rssi });
    }
    return heard;
  }

  #join(client: Client, bssid: Mac, network: KnownNetwork, fast: boolean): Admission {
    const { name, mac, generation } = client.device;
    const security = client.securityFor(network);
    this.#knock(client, bssid, security, network.psk !== null, fast);
    const known = this.#bsses.get(bssid);
    const rssi = known ? this.#uplink(client, known.bss) : Number.NEGATIVE_INFINITY;
    const admission: Admission = !known
      ? { admitted: false, reason: "gone" }
      : rssi < sensitivity
        ? { admitted: false, reason: "too_weak" }
        : admit(known.bss, { mac, rssi, generation, security, psk: network.psk }, known.stations.size);
    if (!admission.admitted || !known) {
      if (!admission.admitted) this.events.emit("failed", { client: name, mac, bssid, reason: admission.reason });
      return admission;
    }
    const from = client.association?.bssid ?? null;
    if (client.association) this.#part(client.association, "roamed");
    const { agreement, keyId } = admission;
    const links = linksFor(known.bss, client.device, this.#hear(client));
    const association: Association = { client, bssid, links, agreement, keyId, network, since: this.clock.now() };
    for (const link of links) this.#bsses.get(link)?.stations.set(mac, association);
    client.associated(association);
    // Until the air is shared out anew, a new link gives what it carries.
    client.traffic.satisfied(carried(client, { ...this.#air(), now: this.clock.now() }));
    for (const link of links) {
      const bss = this.#bsses.get(link)?.bss;
      if (!bss) continue;
      const heard = this.#uplink(client, bss);
      this.events.emit("associated", { client: name, mac, bssid: link, from, keyId, agreement, rssi: heard });
    }
    return admission;
  }

  #knock(client: Client, bssid: Mac, security: SecurityTerms, hasKey: boolean, fast: boolean): void {
    const { name, mac } = client.device;
    const bss = this.#bsses.get(bssid)?.bss;
    const rssi = this.heardAt(bssid, mac);
    if (!bss || rssi === null || rssi < sensitivity) return;
    const akm = agree(bss.security, security, hasKey)?.akm ?? null;
    this.events.emit("authenticating", { client: name, mac, bssid, rssi, akm, fast });
  }

  /** A link that is not the one it came in on may go alone. */
  #loseLink(association: Association, bssid: Mac, reason: LeaveReason): void {
    const { client } = association;
    if (bssid === association.bssid) {
      this.#part(association, reason);
      return;
    }
    const left: Association = { ...association, links: association.links.filter((link) => link !== bssid) };
    this.#bsses.get(bssid)?.stations.delete(client.device.mac);
    for (const link of left.links) this.#bsses.get(link)?.stations.set(client.device.mac, left);
    client.relinked(left);
    this.events.emit("disassociated", { client: client.device.name, mac: client.device.mac, bssid, reason });
  }

  #part(association: Association, reason: LeaveReason): void {
    const { client, links } = association;
    const { name, mac } = client.device;
    for (const link of links) this.#bsses.get(link)?.stations.delete(mac);
    client.parted(reason);
    for (const bssid of links) this.events.emit("disassociated", { client: name, mac, bssid, reason });
  }
}

function bounded(count: number, limit: number, what: string): void {
  if (count > limit) throw new UserError(`the world holds at most ${limit} ${what}; this would be ${count}`);
}
